import type { OnnxAttribute } from '../../support/onnx-files';
import {
  integers,
  list,
  reals,
  repeatable,
  single,
  weight,
  type Cases,
  type Draw,
  type Input,
  type OpCase,
} from './case';

type Attributes = Record<string, OnnxAttribute>;

const reduction =
  (op: string, least = -2) =>
  (draw: Draw): OpCase => {
    const rank = draw.int(1, 4);
    const x = reals(draw, draw.shape(rank), least);
    const axes = draw.shuffled(rank).slice(0, draw.int(1, rank)).map((axis) => (draw.flag() ? axis : axis - rank));
    const attributes: Attributes = draw.flag() ? { keepdims: draw.int(0, 1) } : {};
    const form = draw.int(0, 2);
    if (form === 0) return { inputs: [x], attributes, opset: 13 };
    if (form === 1) return { inputs: [x, list(axes)], attributes, opset: 18 };
    if (op === 'ReduceSum') return { inputs: [x, list(axes)], attributes, opset: 13 };
    return { inputs: [x], attributes: { ...attributes, axes }, opset: 11 };
  }; // prettier-ignore

const greatestAt = (draw: Draw): OpCase => ({
  inputs: [integers(draw, draw.shape(3), 0, 2, 'int32')],
  attributes: { axis: draw.int(-3, 2), keepdims: draw.int(0, 1), select_last_index: draw.int(0, 1) },
  outputs: ['int64'],
});

const softmax = (draw: Draw): OpCase => {
  const rank = draw.int(1, 4);
  const attributes: Attributes = draw.flag() || rank === 1 ? { axis: draw.int(-rank, rank - 1) } : {};
  return { inputs: [reals(draw, draw.shape(rank))], attributes, opset: draw.pick([11, 13]) };
};

/** A recurrent layer, with a number of gates. */
const recurrent =
  (gates: number, more: (draw: Draw) => Attributes, states: number) =>
  (draw: Draw): OpCase => {
    const direction = draw.pick(['forward', 'reverse', 'bidirectional']);
    const count = direction === 'bidirectional' ? 2 : 1;
    const [steps, batch, width, hidden] = [draw.int(1, 4), draw.int(1, 2), draw.int(1, 3), draw.int(1, 3)];
    const has = { bias: draw.flag(), state: draw.flag(), lengths: draw.int(0, 3) === 0, peepholes: gates === 4 && draw.int(0, 2) === 0 };
    const weights = (shape: readonly number[]) => weight(reals(draw, shape, -1, 1));
    const inputs: (Input | null)[] = [
      reals(draw, [steps, batch, width]),
      weights([count, gates * hidden, width]),
      weights([count, gates * hidden, hidden]),
      has.bias ? weights([count, 2 * gates * hidden]) : null,
      has.lengths ? list(Array.from({ length: batch }, () => steps), 'int32') : null,
    ];
    for (let i = 0; i < states; i++) inputs.push(has.state ? reals(draw, [count, batch, hidden]) : null);
    if (has.peepholes) inputs.push(weights([count, 3 * hidden]));
    const outputs = Array.from({ length: 1 + states }, () => 'float' as const);
    return { inputs, attributes: { hidden_size: hidden, direction, ...more(draw) }, outputs };
  }; // prettier-ignore

const quantizedRange = (draw: Draw) => draw.pick([['uint8', 0, 255], ['int8', -128, 127]] as const); // prettier-ignore

function linear(draw: Draw): { scale: Input; zero: Input; type: 'uint8' | 'int8'; axis: number; shape: number[] } {
  const shape = draw.shape(3);
  const axis = draw.int(-3, 2);
  const [type] = quantizedRange(draw);
  const extents = draw.flag() ? [] : [shape.at(axis)];
  return {
    shape, axis, type,
    scale: weight(reals(draw, extents, 0.01, 0.1)),
    zero: weight(integers(draw, extents, type === 'int8' ? -9 : 100, type === 'int8' ? 9 : 150, type)),
  };
} // prettier-ignore

export const sums: Cases = {
  ...Object.fromEntries(
    ['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd', 'ReduceL1', 'ReduceL2', 'ReduceLogSumExp', 'ReduceSumSquare'].map((op) => [op, reduction(op)]),
  ),
  ReduceLogSum: reduction('ReduceLogSum', 0.1),
  ArgMax: greatestAt,
  ArgMin: greatestAt,
  Softmax: softmax,
  LogSoftmax: softmax,
  MatMul: (draw) => {
    const [m, k, n] = draw.shape(3) as [number, number, number];
    const outer = draw.shape(draw.int(0, 2));
    const [a, b] = draw.pick([[[...outer, m, k], [k, n]], [[k], [k, n]], [[...outer, m, k], [k]], [[k], [k]], [[...outer, m, k], [...repeatable(draw, outer), k, n]]] as const);
    return { inputs: [reals(draw, a), draw.flag() ? weight(reals(draw, b)) : reals(draw, b)] };
  },
  Gemm: (draw) => {
    const [m, k, n] = draw.shape(3) as [number, number, number];
    const [transA, transB] = [draw.int(0, 1), draw.int(0, 1)];
    const attributes: Attributes = { transA, transB };
    if (draw.flag()) Object.assign(attributes, { alpha: { float: 0.5 }, beta: { float: 2 } });
    const bias = draw.pick([[[n]], [[1, n]], [[m, 1]], [[]], []] as const);
    return {
      inputs: [reals(draw, transA ? [k, m] : [m, k]), weight(reals(draw, transB ? [n, k] : [k, n])), ...bias.map((shape) => weight(reals(draw, shape)))],
      attributes,
    };
  },
  LayerNormalization: (draw) => {
    const shape = draw.shape(3).map((extent) => extent + 1);
    const axis = draw.int(-3, 2);
    const inner = shape.slice(axis);
    return {
      inputs: [reals(draw, shape), weight(reals(draw, inner)), ...(draw.flag() ? [weight(reals(draw, inner))] : [])],
      attributes: { axis }, tolerance: 1e-4,
    };
  },
  GroupNormalization: (draw) => {
    const groups = draw.int(1, 2);
    return {
      inputs: [reals(draw, [2, 4, 3, 3]), weight(reals(draw, [4])), weight(reals(draw, [4]))],
      attributes: { num_groups: groups }, opset: 21, tolerance: 1e-4,
    };
  },
  LSTM: recurrent(4, (draw): Attributes => (draw.int(0, 3) === 0 ? { input_forget: 1 } : {}), 2),
  GRU: recurrent(3, (draw) => ({ linear_before_reset: draw.int(0, 1) }), 1),
  RNN: recurrent(1, () => ({}), 1),
  QuantizeLinear: (draw) => {
    const { scale, zero, type, axis, shape } = linear(draw);
    return { inputs: [reals(draw, shape, -20, 20), scale, zero], attributes: { axis }, outputs: [type] };
  },
  DequantizeLinear: (draw) => {
    const { scale, zero, type, axis, shape } = linear(draw);
    return { inputs: [integers(draw, shape, type === 'int8' ? -128 : 0, 127, type), scale, zero], attributes: { axis } };
  },
  DynamicQuantizeLinear: (draw) => ({ inputs: [reals(draw, draw.shape(2))], outputs: ['uint8', 'float', 'uint8'] }),
  MatMulInteger: (draw) => ({
    inputs: [integers(draw, [3, 4], 0, 255, 'uint8'), weight(integers(draw, [4, 2], 0, 255, 'uint8')), single(draw.int(0, 255), 'uint8'), single(draw.int(0, 255), 'uint8')],
    outputs: ['int32'],
  }),
  ConvInteger: (draw) => ({
    inputs: [integers(draw, [1, 2, 5, 5], 0, 255, 'uint8'), weight(integers(draw, [3, 2, 3, 3], 0, 255, 'uint8')), single(draw.int(0, 255), 'uint8')],
    outputs: ['int32'],
  }),
  QLinearMatMul: (draw) => ({
    inputs: [integers(draw, [3, 4], 0, 255, 'uint8'), single(0.02), single(128, 'uint8'), weight(integers(draw, [4, 2], 0, 255, 'uint8')), single(0.01), single(100, 'uint8'), single(0.05), single(120, 'uint8')],
    outputs: ['uint8'], tolerance: 1 / 100,
  }),
  QLinearConv: (draw) => ({
    inputs: [integers(draw, [1, 2, 5, 5], 0, 255, 'uint8'), single(0.02), single(128, 'uint8'), weight(integers(draw, [3, 2, 3, 3], 0, 255, 'uint8')), single(0.01), single(100, 'uint8'), single(0.1), single(120, 'uint8'), list([100, -200, 300], 'int32')],
    outputs: ['uint8'], tolerance: 1 / 100,
  }),
}; // prettier-ignore
