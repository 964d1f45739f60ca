import { sizeOf } from '../../../kernels';
import * as dl from '../../../tensor';
import type { Tensor } from '../../../tensor';
import { indicesOfTrue } from '../../../tensor/ops/host/where-async';
import type { NodeCall, OpTable } from '../row';
import { axisFrom, optionalNumbers } from './call';

/** Indices below 0 count from the end. */
const fromStart = (indices: Tensor, extents: number | Tensor): Tensor =>
  dl.mod(
    dl.cast(indices, 'int32'),
    typeof extents === 'number' ? dl.scalar(Math.max(1, extents), 'int32') : extents,
  );

function gathered({ x, attributes }: NodeCall): Tensor {
  const [values, indices] = x as [Tensor, Tensor];
  const axis = axisFrom(attributes.number('axis', 0), values.rank);
  return dl.gather(values, fromStart(indices, values.shape[axis]!), axis);
}

/** For each element of an index, its place in all axes: its own, but for the index along `axis`. [size, rank] */
function placesOf(indices: Tensor, axis: number, extent: number): Tensor {
  const { shape, rank } = indices;
  const along = shape.map((length, i) => {
    if (i === axis) return fromStart(indices, extent);
    const line = dl.reshape(
      dl.range(0, length, 1, 'int32'),
      shape.map((_, k) => (k === i ? length : 1)),
    );
    return dl.broadcastTo(line, [...shape]);
  });
  return dl.reshape(dl.stack(along, -1), [indices.size, rank]);
}

function gatheredElements({ x, attributes }: NodeCall): Tensor {
  const [values, indices] = x as [Tensor, Tensor];
  const axis = axisFrom(attributes.number('axis', 0), values.rank);
  const places = placesOf(indices, axis, values.shape[axis]!);
  return dl.reshape(dl.gatherND(values, places), [...indices.shape]);
}

const extentsOf = (values: Tensor, count: number): Tensor =>
  dl.tensor1d(values.shape.slice(0, count).map((extent) => Math.max(1, extent)), 'int32'); // prettier-ignore

function gatheredND({ x, attributes }: NodeCall): Tensor {
  const [values, indices] = x as [Tensor, Tensor];
  const batch = attributes.number('batch_dims', 0);
  const depth = indices.shape.at(-1)!;
  if (batch === 0) return dl.gatherND(values, fromStart(indices, extentsOf(values, depth)));
  const outer = values.shape.slice(0, batch);
  const count = sizeOf(outer);
  const parts = dl.unstack(dl.reshape(values, [count, ...values.shape.slice(batch)]));
  const places = dl.unstack(dl.reshape(indices, [count, ...indices.shape.slice(batch)]));
  const found = parts.map((part, i) => dl.gatherND(part, fromStart(places[i]!, extentsOf(part, depth))));
  const stacked = dl.stack(found);
  return dl.reshape(stacked, [...outer, ...stacked.shape.slice(1)]);
}

/** Puts updates at their places, or adds them. */
function updated(x: Tensor, places: Tensor, updates: Tensor, { attributes }: NodeCall): Tensor {
  const reduction = attributes.text('reduction', 'none');
  if (reduction === 'none') return dl.tensorScatterUpdate(x, places, updates);
  if (reduction === 'add') return dl.add(x, dl.scatterND(places, updates, [...x.shape]));
  throw new Error(`attribute 'reduction' is '${reduction}'; wanted none or add`);
}

function scatteredElements(call: NodeCall): Tensor {
  const [values, indices, updates] = call.x as [Tensor, Tensor, Tensor];
  const axis = axisFrom(call.attributes.number('axis', 0), values.rank);
  const places = placesOf(indices, axis, values.shape[axis]!);
  return updated(values, places, dl.reshape(updates, [updates.size]), call);
}

function scatteredND(call: NodeCall): Tensor {
  const [values, indices, updates] = call.x as [Tensor, Tensor, Tensor];
  return updated(values, fromStart(indices, extentsOf(values, indices.shape.at(-1)!)), updates, call);
}

function hot({ x, numbers, attributes }: NodeCall): Tensor {
  const [indices, , values] = x as [Tensor, Tensor, Tensor];
  const [depth = 0] = numbers(1);
  const [off, on] = numbers(2);
  const whole = dl.cast(indices, 'int32');
  // From −depth on, indices count from the end; those further off give no one.
  const shifted = dl.where(dl.less(whole, 0), dl.add(whole, dl.scalar(depth, 'int32')), whole);
  const last = dl.oneHot(shifted, depth, on, off, values.dtype);
  const axis = axisFrom(attributes.number('axis', -1), last.rank);
  const others = last.shape.map((_, i) => i).slice(0, -1);
  return dl.transpose(last, [...others.slice(0, axis), last.rank - 1, ...others.slice(axis)]);
}

/** The greatest of each row, in descending order; or the least, in ascending order. */
function best({ x, numbers, attributes }: NodeCall): Tensor[] {
  const [values] = x as [Tensor];
  const axis = axisFrom(attributes.number('axis', -1), values.rank);
  const order = values.shape.map((_, i) => i).filter((i) => i !== axis);
  const isLeast = attributes.number('largest', 1) === 0;
  const moved = dl.transpose(values, [...order, axis]);
  const [k = attributes.number('k', 1)] = numbers(1);
  const top = dl.topk(isLeast ? dl.neg(moved) : moved, k);
  const back = values.shape.map((_, i) => (i === axis ? values.rank - 1 : order.indexOf(i)));
  const found = isLeast ? dl.neg(top.values) : top.values;
  return [dl.transpose(found, back), dl.transpose(top.indices, back)];
}

function suppressed(call: NodeCall): Tensor {
  const [boxes, scores] = call.x as [Tensor, Tensor];
  const [most = 0] = optionalNumbers(call, 2);
  const [overlap = 0] = optionalNumbers(call, 3);
  const [least = -Infinity] = optionalNumbers(call, 4);
  const isCentered = call.attributes.number('center_point_box', 0) !== 0;
  const found: Tensor[] = [];
  dl.unstack(boxes).forEach((batch, b) => {
    const corners = isCentered ? cornersOf(batch) : batch;
    dl.unstack(dl.gather(scores, dl.scalar(b, 'int32'), 0)).forEach((row, c) => {
      const count = Math.min(most, row.size);
      if (count === 0) return;
      const kept = dl.image.nonMaxSuppression(corners, row, count, overlap, least);
      const places = [dl.fill([kept.size], b, 'int32'), dl.fill([kept.size], c, 'int32'), kept];
      found.push(dl.stack(places, 1));
    });
  });
  return found.length > 0 ? dl.concat(found, 0) : dl.zeros([0, 3], 'int32');
}

/** Boxes [x, y, width, height] around their centers, as [y1, x1, y2, x2]. */
function cornersOf(boxes: Tensor): Tensor {
  const [x, y, width, height] = dl.split(boxes, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
  const [w, h] = [dl.div(width, 2), dl.div(height, 2)];
  return dl.concat([dl.sub(y, h), dl.sub(x, w), dl.add(y, h), dl.add(x, w)], 1);
}

/** Ops that choose among values, and put values at places. */
export const indexing = (): OpTable => ({
  Gather: { run: gathered },
  GatherElements: { run: gatheredElements },
  GatherND: { run: gatheredND },
  ScatterElements: { run: scatteredElements },
  Scatter: { run: scatteredElements },
  ScatterND: { run: scatteredND },
  OneHot: { run: hot, host: [1, 2], size: ({ x, numbers }) => x[0]!.size * numbers(1)[0]! },
  TopK: { run: best, host: [1] },
  NonMaxSuppression: { run: suppressed, host: [2, 3, 4], shapedByValues: true },
  NonZero: {
    run: ({ x }) => dl.transpose(indicesOfTrue.now(dl.cast(x[0]!, 'bool'))[0]!),
    shapedByValues: true,
  },
});
