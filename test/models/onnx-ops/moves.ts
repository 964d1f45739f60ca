import type { OnnxAttribute } from '../../support/onnx-files';
import {
  bools,
  integers,
  list,
  reals,
  repeatable,
  single,
  sizeOf,
  weight,
  type Cases,
  type Draw,
  type OpCase,
} from './case';

const settings = (given: Readonly<Record<string, OnnxAttribute>>): Readonly<Record<string, OnnxAttribute>> =>
  given;

const axisOf = (draw: Draw, rank: number): number => draw.int(-rank, rank - 1);

function slice(draw: Draw): OpCase {
  const shape = draw.shape(draw.int(1, 4), 6);
  const axes = draw.shuffled(shape.length).slice(0, draw.int(1, shape.length));
  const starts = axes.map(() => draw.int(-7, 7));
  const ends = axes.map(() => draw.pick([draw.int(-8, 8), 2 ** 53, -(2 ** 53)]));
  if (draw.int(0, 3) === 0) {
    const attributes = { axes, starts, ends: ends.map((end) => Math.max(-9, Math.min(end, 9))) };
    return { inputs: [reals(draw, shape)], attributes, opset: 9 };
  }
  const inputs = [reals(draw, shape), list(starts), list(ends), list(axes.map((axis) => (draw.flag() ? axis : axis - shape.length)))];
  if (draw.flag()) inputs.push(list(axes.map(() => draw.pick([1, 2, 3, -1, -2]))));
  return { inputs };
} // prettier-ignore

function pad(draw: Draw): OpCase {
  const mode = draw.pick(['constant', 'reflect', 'edge', 'wrap']);
  const shape = draw.shape(draw.int(1, 4), 4).map((extent) => extent + 1);
  const least = mode === 'constant' ? -1 : 0;
  const pads = [...shape, ...shape].map((extent) => draw.int(least, mode === 'reflect' || mode === 'wrap' ? extent - 1 : 2));
  const x = reals(draw, shape);
  if (mode !== 'wrap' && draw.int(0, 3) === 0)
    return { inputs: [x], attributes: { mode, pads, value: { float: 1.5 } }, opset: 10 };
  const inputs = [x, list(pads), ...(mode === 'constant' && draw.flag() ? [single(2.5)] : [])];
  return { inputs, attributes: { mode }, opset: 19 };
} // prettier-ignore

function split(draw: Draw): OpCase {
  const shape = draw.shape(3);
  const axis = axisOf(draw, 3);
  const at = axis < 0 ? axis + 3 : axis;
  const count = draw.int(2, 3);
  const x = (extent: number) => reals(draw, shape.map((own, i) => (i === at ? extent : own)));
  const outputs = Array.from({ length: count }, () => 'float' as const);
  const sizes = outputs.map(() => draw.int(1, 3));
  const sum = sizes.reduce((a, b) => a + b);
  return draw.pick<OpCase>([
    { inputs: [x(sum), list(sizes)], attributes: { axis }, outputs, opset: 13 },
    { inputs: [x(sum)], attributes: { axis, split: sizes }, outputs, opset: 11 },
    { inputs: [x(count * 2)], attributes: { axis }, outputs, opset: 13 },
    { inputs: [x(count * 2 - 1)], attributes: { axis, num_outputs: count }, outputs, opset: 18 },
  ]);
} // prettier-ignore

function reshape(draw: Draw): OpCase {
  const shape = draw.shape(3);
  const all = sizeOf(shape);
  const to = draw.pick([[-1], [0, -1], [0, 0, shape[2]!, 1], [1, all], [shape[0]! * shape[1]!, -1]]);
  const given = list(to);
  return { inputs: [reals(draw, shape), draw.flag() ? given : { ...given, isWeight: false }] };
}

/** Axes as an attribute, or, in newer versions, as an input. */
function withAxes(draw: Draw, x: OpCase['inputs'][number], axes: readonly number[]): OpCase {
  return draw.flag()
    ? { inputs: [x, list(axes)], opset: 13 }
    : { inputs: [x], attributes: { axes: [...axes] }, opset: 11 };
}

const indices = (draw: Draw, shape: readonly number[], extent: number) =>
  integers(draw, shape, draw.flag() ? -extent : 0, extent - 1);

export const moves: Cases = {
  Slice: slice,
  Pad: pad,
  Split: split,
  Reshape: reshape,
  Concat: (draw) => {
    const shape = draw.shape(draw.int(1, 4));
    const axis = axisOf(draw, shape.length);
    const at = axis < 0 ? axis + shape.length : axis;
    const part = () => reals(draw, shape.map((extent, i) => (i === at ? draw.int(1, 3) : extent)));
    return { inputs: Array.from({ length: draw.int(1, 3) }, part), attributes: { axis } };
  },
  ConstantOfShape: (draw) => {
    const attributes: Record<string, OnnxAttribute> = {};
    const type = draw.pick(['float', 'int64', 'bool'] as const);
    if (type !== 'float' || draw.flag()) attributes.value = { tensor: { shape: [1], type, values: [1] } };
    return { inputs: [list(draw.shape(2))], attributes, outputs: [type] };
  },
  Expand: (draw) => {
    const shape = draw.shape(3);
    return { inputs: [reals(draw, repeatable(draw, shape)), list(draw.flag() ? shape : [2, ...shape])] };
  },
  Flatten: (draw) => ({ inputs: [reals(draw, draw.shape(3))], attributes: { axis: draw.int(-3, 3) } }),
  Range: (draw) => {
    const type = draw.pick(['float', 'int64', 'int32'] as const);
    const step = draw.pick([1, 2, -1]);
    return { inputs: [single(draw.int(-2, 2), type), single(step * 7, type), single(step, type)], outputs: [type] };
  },
  Shape: (draw) => ({ inputs: [reals(draw, draw.shape(4))], attributes: settings(draw.flag() ? { start: draw.int(-4, 1), end: draw.int(-2, 4) } : {}), outputs: ['int64'] }),
  Size: (draw) => ({ inputs: [reals(draw, draw.shape(3))], outputs: ['int64'] }),
  Squeeze: (draw) => withAxes(draw, reals(draw, [1, draw.int(2, 3), 1, 2]), draw.pick([[0], [-2], [0, 2]])),
  Unsqueeze: (draw) => withAxes(draw, reals(draw, draw.shape(2)), draw.pick([[0], [-1], [1, 3], [3, 0]])),
  Tile: (draw) => ({ inputs: [reals(draw, draw.shape(3)), list(draw.shape(3, 3))] }),
  Transpose: (draw) => {
    const rank = draw.int(1, 5);
    return { inputs: [reals(draw, draw.shape(rank))], attributes: settings(draw.flag() ? { perm: draw.shuffled(rank) } : {}) };
  },
  Trilu: (draw) => ({ inputs: [reals(draw, draw.shape(3)), ...(draw.flag() ? [single(draw.int(-2, 2), 'int64')] : [])], attributes: { upper: draw.int(0, 1) } }),
  Gather: (draw) => {
    const shape = draw.shape(3);
    const axis = axisOf(draw, 3);
    return { inputs: [reals(draw, shape), indices(draw, draw.shape(draw.int(0, 2)), shape.at(axis))], attributes: { axis } };
  },
  GatherElements: (draw) => {
    const shape = draw.shape(3);
    const axis = axisOf(draw, 3);
    const at = axis < 0 ? axis + 3 : axis;
    const picked = shape.map((extent, i) => (i === at ? draw.int(1, 3) : draw.int(1, extent)));
    return { inputs: [reals(draw, shape), indices(draw, picked, shape[at]!)], attributes: { axis } };
  },
  GatherND: (draw) => {
    const shape = [2, 2, 2, 3];
    if (draw.flag()) return { inputs: [reals(draw, shape), indices(draw, [3, draw.int(1, 3)], 2)] };
    return { inputs: [reals(draw, shape), indices(draw, [2, 3, 2], 2)], attributes: { batch_dims: 1 } };
  },
  ScatterND: (draw) => {
    const depth = draw.int(1, 2);
    const order = draw.shuffled(4).slice(0, 3);
    const places = { ...list(order.flatMap((place) => (depth === 1 ? [place] : [place, draw.int(-3, 2)]))), shape: [3, depth] };
    return { inputs: [reals(draw, [4, 3]), places, reals(draw, depth === 1 ? [3, 3] : [3])], attributes: { reduction: draw.pick(['none', 'add']) }, opset: 16 };
  },
  ScatterElements: (draw) => ({
    inputs: [reals(draw, [3, 4]), { ...list([0, 2, 1, -1]), shape: [2, 2] }, reals(draw, [2, 2])],
    attributes: { axis: draw.pick([1, -1]), reduction: draw.pick(['none', 'add']) },
    opset: 16,
  }),
  OneHot: (draw) => ({
    inputs: [integers(draw, draw.shape(2), -4, 3), single(4, 'int64'), list([-1, 2], 'float')],
    attributes: { axis: draw.int(-3, 2) },
  }),
  TopK: (draw) => {
    const shape = draw.shape(3).map((extent) => extent + 1);
    const axis = axisOf(draw, 3);
    return { inputs: [reals(draw, shape), list([2])], attributes: { axis, largest: draw.int(0, 1) }, outputs: ['float', 'int64'] };
  },
  NonZero: (draw) => ({ inputs: [draw.flag() ? bools(draw, draw.shape(3)) : integers(draw, draw.shape(2), 0, 2, 'int32')], outputs: ['int64'] }),
  NonMaxSuppression: (draw) => {
    const boxes = Array.from({ length: 2 * 6 }, () => [draw.real(0, 1), draw.real(0, 1), draw.real(1.2, 2), draw.real(1.2, 2)]);
    return {
      inputs: [
        { type: 'float', shape: [2, 6, 4], values: boxes.flat(), isWeight: false },
        reals(draw, [2, 2, 6], 0, 1),
        list([draw.int(1, 4)]), list([draw.real(0.2, 0.7)], 'float'), ...(draw.flag() ? [list([0.3], 'float')] : []),
      ],
      attributes: { center_point_box: draw.int(0, 1) },
      outputs: ['int64'],
    };
  },
  CumSum: (draw) => ({
    inputs: [reals(draw, draw.shape(3)), single(axisOf(draw, 3), 'int64')],
    attributes: { exclusive: draw.int(0, 1), reverse: draw.int(0, 1) },
  }),
  Einsum: (draw) => {
    const [a, b, c] = draw.shape(3) as [number, number, number];
    return draw.pick([
      { inputs: [reals(draw, [a, b]), reals(draw, [b, c])], attributes: { equation: 'ij, jk -> ik' }, opset: 12 },
      { inputs: [reals(draw, [2, a, b]), weight(reals(draw, [2, c, b]))], attributes: { equation: 'bik,bjk->bij' }, opset: 12 },
    ]);
  },
}; // prettier-ignore
