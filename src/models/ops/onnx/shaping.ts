import { sizeOf } from '../../../kernels';
import * as dl from '../../../tensor';
import type { Tensor, Tensor4D } from '../../../tensor';
import { broadcastShape } from '../../../tensor/shape';
import { type NodeCall, type OpRow, type OpTable } from '../row';
import { shaping as ofTensorFlow, spaceToDepth } from '../shaping';
import {
  axisFrom,
  given,
  opsetOf,
  optionalNumbers,
  placeOf,
  setting,
  shapeInFile,
  toChannelsFirst,
  toChannelsLast,
  withRank,
} from './call';
import { TO_FIRST, TO_LAST } from './layouts';

/** 0 keeps an extent, unless `allowzero` is set. */
function reshaped({ x, numbers, attributes }: NodeCall): Tensor {
  const keeps = attributes.number('allowzero', 0) === 0;
  const shape = numbers(1).map((extent, axis) => (extent === 0 && keeps ? (x[0]!.shape[axis] ?? 0) : extent));
  return dl.reshape(x[0]!, shape);
}

function flattened({ x, attributes }: NodeCall): Tensor {
  const [value] = x as [Tensor];
  const axis = attributes.number('axis', 1);
  const from = axis < 0 ? axis + value.rank : axis;
  return dl.reshape(value, [sizeOf(value.shape.slice(0, from)), sizeOf(value.shape.slice(from))]);
}

function unsqueezed(call: NodeCall): Tensor {
  const [x] = call.x as [Tensor];
  const given = setting(call, 'axes', 1);
  const rank = x.rank + given.length;
  const axes = new Set(given.map((axis) => axisFrom(axis, rank)));
  const extents = [...x.shape];
  const shape = Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : extents.shift()!));
  return dl.reshape(x, shape);
}

function squeezed(call: NodeCall): Tensor {
  const [x] = call.x as [Tensor];
  const axes = setting(call, 'axes', 1).map((axis) => axisFrom(axis, x.rank));
  const shape = x.shape.filter((extent, axis) => (axes.length > 0 ? !axes.includes(axis) : extent !== 1));
  return dl.reshape(x, shape);
}

const expandedShape = ({ x, numbers }: NodeCall): number[] => [
  ...broadcastShape('Expand', x[0]!.shape, [...numbers(1)], ['x', 'shape']),
];

/** A part of a shape, as Shape may be asked for. */
function shapeOf(call: NodeCall): Tensor {
  const shape = shapeInFile(call);
  const start = call.attributes.number('start', 0);
  const end = call.attributes.number('end', shape.length);
  return dl.tensor1d(shape.slice(start, end), 'int32');
}

function splitUp(call: NodeCall): Tensor[] {
  const { attributes } = call;
  const [x] = call.x as [Tensor];
  const axis = placeOf(call, attributes.number('axis', 0), x.rank);
  const sizes = setting(call, 'split', 1);
  if (sizes.length > 0) return dl.split(x, [...sizes], axis);
  const count = attributes.number('num_outputs', attributes.number('outputs', 1));
  const extent = x.shape[axis]!;
  const each = Math.ceil(extent / count);
  // The last part may be smaller.
  const all = Array.from({ length: count }, (_, i) => Math.max(0, Math.min(each, extent - i * each)));
  return dl.split(x, all, axis);
}

/** Elements of x along one axis, at these places. */
const chosen = (x: Tensor, places: readonly number[], axis: number): Tensor =>
  dl.gather(x, dl.tensor1d([...places], 'int32'), axis);

function sliced(call: NodeCall): Tensor {
  const [x] = call.x as [Tensor];
  const starts = setting(call, 'starts', 1);
  const ends = setting(call, 'ends', 2);
  const axes = setting(call, 'axes', 3);
  const steps = optionalNumbers(call, 4);
  const begin = x.shape.map(() => 0);
  const extents = [...x.shape];
  const strided: { axis: number; places: number[] }[] = [];
  starts.forEach((from, i) => {
    const axis = placeOf(call, axes[i] ?? i, x.rank);
    const step = steps[i] ?? 1;
    if (step === 0) throw new Error('a step is 0; wanted another');
    const extent = x.shape[axis]!;
    const greatest = step > 0 ? extent : extent - 1;
    const within = (place: number, least: number): number =>
      Math.min(Math.max(place < 0 ? place + extent : place, least), greatest);
    const first = within(from, 0);
    // Backwards, the place before the first one is a border, too.
    const end = within(ends[i]!, step > 0 ? 0 : -1);
    const count = Math.max(0, Math.ceil((end - first) / step));
    if (step === 1 || count < 2) [begin[axis], extents[axis]] = [count === 0 ? 0 : first, count];
    else strided.push({ axis, places: Array.from({ length: count }, (_, k) => first + k * step) });
  });
  const isWhole = extents.every((extent, axis) => extent === x.shape[axis]);
  const block = isWhole ? x : dl.slice(x, begin, extents);
  return strided.reduce((y, { axis, places }) => chosen(y, places, axis), block);
}

/** Which element stands at a place outside of [0, extent). */
const outside: Readonly<Record<string, (place: number, extent: number) => number>> = {
  edge: (place, extent) => Math.min(Math.max(place, 0), extent - 1),
  wrap: (place, extent) => ((place % extent) + extent) % extent,
  reflect: (place, extent) => {
    const period = Math.max(1, 2 * (extent - 1));
    const inside = ((place % period) + period) % period;
    return Math.min(inside, period - inside);
  },
};

function padded(call: NodeCall): Tensor {
  const [x] = call.x as [Tensor];
  const all = setting(call, opsetOf(call) < 2 ? 'paddings' : 'pads', 1);
  const axes = optionalNumbers(call, 3);
  const half = all.length / 2;
  const pairs = x.shape.map((): [number, number] => [0, 0]);
  for (let i = 0; i < half; i++) pairs[placeOf(call, axes[i] ?? i, x.rank)] = [all[i]!, all[half + i]!];
  const mode = call.attributes.text('mode', 'constant');
  if (mode === 'constant') {
    const [value = call.attributes.number('value', 0)] = optionalNumbers(call, 2);
    const from = pairs.map(([before]) => Math.max(0, -before));
    const extents = pairs.map(([before, after], axis) => x.shape[axis]! + Math.min(0, before) + Math.min(0, after));
    const isCut = pairs.some((pair) => Math.min(...pair) < 0);
    const inner = isCut ? dl.slice(x, from, extents) : x;
    return dl.pad(inner, pairs.map(([before, after]) => [Math.max(0, before), Math.max(0, after)] as const), value);
  }
  const place = Object.hasOwn(outside, mode) ? outside[mode]! : undefined;
  if (!place) throw new Error(`attribute 'mode' is '${mode}'; wanted constant, ${Object.keys(outside).join(', ')}`);
  return pairs.reduce((y, [before, after], axis) => {
    if (before === 0 && after === 0) return y;
    const extent = x.shape[axis]!;
    const length = extent + before + after;
    return chosen(y, Array.from({ length }, (_, i) => place(i - before, extent)), axis);
  }, x);
} // prettier-ignore

/** Blocks of channels become blocks of pixels. `CRD` counts channels before the places in a block, `DCR` after them. */
function depthToSpace({ x, attributes }: NodeCall): Tensor {
  const [images] = x as [Tensor4D];
  const size = attributes.number('blocksize', 1);
  if (attributes.text('mode', 'DCR') === 'DCR') return dl.depthToSpace(images, size);
  const [batch, height, width, channels] = images.shape;
  const parts = dl.reshape(images, [batch, height, width, channels / size ** 2, size, size]);
  const moved = dl.transpose(parts, [0, 1, 4, 2, 5, 3]);
  return dl.reshape(moved, [batch, height * size, width * size, channels / size ** 2]);
}

const all = (f: (x: Tensor) => Tensor): OpRow['run'] => ({ x }) => x.map(f); // prettier-ignore

/** Ops that move, cut and join values. */
export const shaping = (): OpTable => ({
  [TO_FIRST]: { run: all(toChannelsFirst) },
  [TO_LAST]: {
    run: ({ x, attributes }) => toChannelsLast(withRank(x[0]!, attributes.number('rank', x[0]!.rank))),
  },
  Concat: {
    run: (call) => dl.concat([...call.x], placeOf(call, call.attributes.number('axis', 1), call.x[0]!.rank)),
  },
  ConstantOfShape: {
    run: ({ numbers, attributes }) =>
      dl.fill([...numbers(0)], attributes.number('value', 0), attributes.dtype('dtype')),
    host: [0],
    size: ({ numbers }) => sizeOf(numbers(0)),
  },
  DepthToSpace: { run: depthToSpace },
  Expand: {
    run: (call) => dl.broadcastTo(call.x[0]!, expandedShape(call)),
    host: [1],
    size: (call) => sizeOf(expandedShape(call)),
  },
  Flatten: { run: flattened },
  Pad: { run: padded, host: [1, 2, 3] },
  Range: ofTensorFlow.Range!,
  Reshape: { run: reshaped, host: [1] },
  Shape: { run: shapeOf, ofShape: true },
  Size: { run: ({ x }) => dl.scalar(x[0]!.size, 'int32'), ofShape: true },
  Slice: { run: sliced, host: [1, 2, 3, 4] },
  SpaceToDepth: { run: spaceToDepth('blocksize') },
  Split: { run: splitUp, host: [1] },
  Squeeze: { run: squeezed, host: [1] },
  Tile: ofTensorFlow.Tile!,
  Transpose: {
    run: ({ x, attributes }) => {
      const perm = attributes.numbers('perm');
      return dl.transpose(x[0]!, perm.length > 0 ? [...perm] : undefined);
    },
  },
  Trilu: {
    run: (call) => {
      const [k = 0] = optionalNumbers(call, 1);
      const [rows, columns] = call.x[0]!.shape.slice(-2) as [number, number];
      const column = dl.range(0, columns, 1, 'int32');
      const row = dl.reshape(dl.range(k, rows + k, 1, 'int32'), [rows, 1]);
      const isUpper = call.attributes.number('upper', 1) !== 0;
      const isKept = isUpper ? dl.greaterEqual(column, row) : dl.lessEqual(column, row);
      return dl.where(isKept, given(call, 0)!, dl.scalar(0, call.x[0]!.dtype));
    },
    host: [1],
  },
  Unsqueeze: { run: unsqueezed, host: [1] },
});
