import * as dl from 'rxtensor';
import { loadGraphModel, onnx } from 'rxtensor/models';
import {
  onnxFiles,
  type ElementName,
  type OnnxAttribute,
  type OnnxTensor,
} from '../../../../test/support/onnx-files';
import { onnxOps } from '.';

type Nested = number | readonly Nested[];
/** Numbers, with a shape and a type. A weight is in the file, null is left out. */
interface Given extends OnnxTensor {
  readonly values: readonly number[];
  readonly isWeight?: boolean;
}

interface OpCase {
  readonly op: string;
  readonly inputs: readonly (Given | null)[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly opset?: number;
  readonly wanted: readonly Nested[];
}

const given = (shape: readonly number[], values: readonly number[], type: ElementName = 'float'): Given => ({ shape, values, type }); // prettier-ignore
const row = (...values: number[]): Given => given([values.length], values);
const ints = (...values: number[]): Given => ({ ...given([values.length], values, 'int64'), isWeight: true });
const int = (value: number): Given => ({ ...given([], [value], 'int64'), isWeight: true });
const bools = (...values: number[]): Given => given([values.length], values, 'bool');
const weight = (shape: readonly number[], values: readonly number[], type?: ElementName): Given => ({ ...given(shape, values, type), isWeight: true }); // prettier-ignore
const float = (value: number): OnnxAttribute => ({ float: value });
const flat = (values: Nested): number[] =>
  Array.isArray(values) ? (values as readonly Nested[]).flatMap(flat) : [values as number];

const X = [-2.5, -0.5, 0.25, 0.75, 3];
const UNIT = [-0.9, -0.25, 0.1, 0.5];
const POSITIVE = [0.25, 0.5, 1, 2, 9];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.log1p(Math.exp(x));
const clip = (x: number, from: number, to: number): number => Math.min(Math.max(x, from), to);
const elu = (x: number, alpha = 1): number => (x > 0 ? x : alpha * Math.expm1(x));

/** Functions of one number by their definitions, with the numbers at which they are tried. */
const functions: Readonly<Record<string, readonly [(x: number) => number, readonly number[]]>> = {
  Abs: [Math.abs, X], Acos: [Math.acos, UNIT], Acosh: [Math.acosh, [1, 2, 5]], Asin: [Math.asin, UNIT], Asinh: [Math.asinh, X],
  Atan: [Math.atan, X], Atanh: [Math.atanh, UNIT], Ceil: [Math.ceil, X], Celu: [(x) => elu(x), X], Cos: [Math.cos, X], Cosh: [Math.cosh, X],
  Elu: [(x) => elu(x), X], Exp: [Math.exp, X], Floor: [Math.floor, X], HardSigmoid: [(x) => clip(0.2 * x + 0.5, 0, 1), X],
  HardSwish: [(x) => x * clip(x / 6 + 0.5, 0, 1), X], IsInf: [(x) => Number(Math.abs(x) === Infinity), [1, NaN, -Infinity]],
  IsNaN: [(x) => Number(Number.isNaN(x)), [1, NaN, Infinity]], LeakyRelu: [(x) => (x < 0 ? 0.01 * x : x), X], Log: [Math.log, POSITIVE],
  Mish: [(x) => x * Math.tanh(softplus(x)), X], Neg: [(x) => -x, X], Reciprocal: [(x) => 1 / x, X], Relu: [(x) => Math.max(x, 0), X],
  Round: [(x) => 2 * Math.round(x / 2), [2, 4]],
  // The constants of Klambauer et al. 2017.
  Selu: [(x) => 1.0507009873554805 * elu(x, 1.6732632423543772), X],
  Shrink: [(x) => (Math.abs(x) > 0.5 ? x : 0), X], Sigmoid: [sigmoid, X], Sign: [Math.sign, X], Sin: [Math.sin, X], Sinh: [Math.sinh, X],
  Softplus: [softplus, X], Softsign: [(x) => x / (1 + Math.abs(x)), X], Sqrt: [Math.sqrt, POSITIVE], Swish: [(x) => x * sigmoid(x), X],
  Tan: [Math.tan, UNIT], Tanh: [Math.tanh, X], ThresholdedRelu: [(x) => (x > 1 ? x : 0), X],
}; // prettier-ignore

const A = [-2, -0.5, 0, 3];
const B = [2, -4, 1, 0.5];
const bit = (holds: boolean): number => Number(holds);
/** Functions of two numbers. */
const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b, Div: (a, b) => a / b, Equal: (a, b) => bit(a === b), Greater: (a, b) => bit(a > b), GreaterOrEqual: (a, b) => bit(a >= b),
  Less: (a, b) => bit(a < b), LessOrEqual: (a, b) => bit(a <= b), Max: Math.max, Mean: (a, b) => (a + b) / 2, Min: Math.min,
  Mod: (a, b) => a - b * Math.floor(a / b), Mul: (a, b) => a * b, PRelu: (a, b) => (a < 0 ? a * b : a), Sub: (a, b) => a - b, Sum: (a, b) => a + b,
}; // prettier-ignore

const six = given([2, 3], [1, 2, 3, 4, 5, 6]);
/** [batch, channels, height, width]. */
const picture = given([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
const two = given([1, 2, 1, 2], [1, 2, 30, 40]);
const ones = weight([1, 1, 2, 2], [1, 1, 1, 1]);
/** The sums of 2×2 neighbours of the picture. */
const sums = [12, 16, 24, 28];
const softmax = (values: readonly number[]): number[] => {
  const all = values.map(Math.exp);
  return all.map((value) => value / all.reduce((a, b) => a + b));
};
const window = { kernel_shape: [2, 2] };
const tiny = float(1e-12);

/** One step of a cell with one input and one hidden value, by its equations. All weights of inputs are 1, those of the state ½. */
const gate = (x: number, h: number): number => sigmoid(x + 0.5 * h);
function lstmOf(inputs: readonly number[]): [all: number[], h: number, c: number] {
  let [h, c] = [0, 0];
  const all = inputs.map((x) => {
    const g = gate(x, h);
    c = g * c + g * Math.tanh(x + 0.5 * h);
    return (h = g * Math.tanh(c));
  });
  return [all, h, c];
}
function gruOf(inputs: readonly number[]): number[] {
  let h = 0;
  return inputs.map((x) => {
    const g = gate(x, h);
    return (h = (1 - g) * Math.tanh(x + 0.5 * g * h) + g * h);
  });
}
function rnnOf(inputs: readonly number[]): number[] {
  let h = 0;
  return inputs.map((x) => (h = Math.tanh(x + 0.5 * h)));
}
const sequence = given([2, 1, 1], [1, -0.5]);
const cell = (gates: number): Given[] => [
  sequence,
  weight([1, gates, 1], new Array<number>(gates).fill(1)),
  weight([1, gates, 1], new Array<number>(gates).fill(0.5)),
];
const lstm = lstmOf([1, -0.5]);
const zero = (value: number): Given => weight([], [value], 'uint8');
const scale = (value: number): Given => weight([], [value]);

const cases: readonly OpCase[] = [
  ...Object.entries(functions).map(([op, [f, at]]) => ({ op, inputs: [row(...at)], wanted: [at.map(f)] })),
  ...Object.entries(operators).map(([op, f]) => ({ op, inputs: [row(...A), row(...B)], wanted: [A.map((a, i) => f(a, B[i]!))] })),
  { op: 'Elu', inputs: [row(...X)], attributes: { alpha: float(0.5) }, wanted: [X.map((x) => elu(x, 0.5))] },
  // The values of erf: Abramowitz and Stegun, table 7.1.
  { op: 'Erf', inputs: [row(0, 0.5, 1, -2)], wanted: [[0, 0.5204998778, 0.8427007929, -0.9953222650]] },
  { op: 'Gelu', inputs: [row(0, Math.SQRT2)], wanted: [[0, Math.SQRT1_2 * 1.8427007929]] },
  { op: 'Gelu', inputs: [row(1)], attributes: { approximate: 'tanh' }, wanted: [[0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * 1.044715))]] },
  { op: 'Pow', inputs: [row(2, 3, 4), row(3, 2, 0.5)], wanted: [[8, 9, 2]] },
  { op: 'Div', inputs: [given([4], [7, -7, 7, -7], 'int32'), given([4], [2, 2, -2, -2], 'int32')], wanted: [[3, -3, -3, 3]] },
  { op: 'Mod', inputs: [given([2], [-7, 7], 'int32'), given([2], [3, -3], 'int32')], attributes: { fmod: 1 }, wanted: [[-1, 1]] },
  { op: 'And', inputs: [bools(1, 1, 0), bools(1, 0, 0)], wanted: [[1, 0, 0]] },
  { op: 'Or', inputs: [bools(1, 1, 0), bools(1, 0, 0)], wanted: [[1, 1, 0]] },
  { op: 'Xor', inputs: [bools(1, 1, 0), bools(1, 0, 0)], wanted: [[0, 1, 0]] },
  { op: 'Not', inputs: [bools(1, 0)], wanted: [[0, 1]] },
  { op: 'Where', inputs: [bools(1, 0), row(1, 2), row(3, 4)], wanted: [[1, 4]] },
  { op: 'Cast', inputs: [row(1.7, -1.7)], attributes: { to: 7 }, wanted: [[1, -1]] },
  { op: 'CastLike', inputs: [row(0, 2), bools(1)], wanted: [[0, 1]] },
  { op: 'Clip', inputs: [row(...X), null, weight([], [0.5])], wanted: [[-2.5, -0.5, 0.25, 0.5, 0.5]] },
  { op: 'Clip', inputs: [row(...X)], attributes: { min: float(-1) }, opset: 6, wanted: [[-1, -0.5, 0.25, 0.75, 3]] },
  { op: 'Dropout', inputs: [row(1, 2)], wanted: [[1, 2], [1, 1]] },

  { op: 'Conv', inputs: [picture, ones], wanted: [[[[[12, 16], [24, 28]]]]] },
  { op: 'Conv', inputs: [picture, ones, weight([1], [-20])], attributes: { auto_pad: 'SAME_LOWER' }, wanted: [[-19, -17, -15, -15, -8, -4, -9, 4, 8]] },
  { op: 'Conv', inputs: [two, weight([2, 1, 1, 1], [2, 3])], attributes: { group: 2 }, wanted: [[[[[2, 4]], [[90, 120]]]]] },
  { op: 'Conv', inputs: [given([1, 4, 1], [1, 2, 3, 4]), weight([2, 2, 1], [1, 1, 1, -1])], attributes: { group: 2 }, wanted: [[[[3], [-1]]]] },
  { op: 'Conv', inputs: [given([1, 1, 4], [1, 2, 3, 4]), weight([1, 1, 2], [1, 10])], attributes: { dilations: [2], strides: [2], pads: [0, 1] }, wanted: [[[[31, 3]]]] },
  { op: 'ConvTranspose', inputs: [given([1, 1, 2, 2], [1, 2, 3, 4]), ones], wanted: [[1, 3, 2, 4, 10, 6, 3, 7, 4]] },
  { op: 'ConvTranspose', inputs: [given([1, 2, 1], [1, 2]), weight([2, 1, 1], [3, 4])], attributes: { group: 2, strides: [2], output_padding: [1] }, wanted: [[[[3, 0], [8, 0]]]] },
  { op: 'MaxPool', inputs: [picture], attributes: window, wanted: [[[[[5, 6], [8, 9]]]]] },
  { op: 'MaxPool', inputs: [picture], attributes: { ...window, strides: [2, 2], ceil_mode: 1 }, wanted: [[5, 6, 8, 9]] },
  { op: 'AveragePool', inputs: [picture], attributes: window, wanted: [sums.map((sum) => sum / 4)] },
  { op: 'AveragePool', inputs: [picture], attributes: { ...window, strides: [3, 3], pads: [1, 1, 0, 0], count_include_pad: 1 }, wanted: [[0.25]] },
  { op: 'GlobalAveragePool', inputs: [two], wanted: [[[[[1.5]], [[35]]]]] },
  { op: 'GlobalMaxPool', inputs: [two], wanted: [[[[[2]], [[40]]]]] },
  // x, scale, offset, mean, variance.
  { op: 'BatchNormalization', inputs: [two, ...[[2, 1], [10, 0], [1, 30], [4, 100]].map((values) => weight([2], values))], attributes: { epsilon: float(0) }, wanted: [[10, 11, 0, 1]] },
  { op: 'InstanceNormalization', inputs: [two, weight([2], [1, 2]), weight([2], [0, 5])], attributes: { epsilon: tiny }, wanted: [[-1, 1, 3, 7]] },
  { op: 'GroupNormalization', inputs: [given([1, 2, 1, 1], [1, 3]), weight([2], [1, 2]), weight([2], [0, 5])], attributes: { num_groups: 1, epsilon: tiny }, opset: 21, wanted: [[-1, 7]] },
  { op: 'LayerNormalization', inputs: [given([1, 2], [1, 3]), weight([2], [1, 2])], attributes: { epsilon: tiny }, wanted: [[-1, 2]] },
  { op: 'RMSNormalization', inputs: [given([1, 2], [3, 4]), weight([2], [1, 2])], attributes: { epsilon: float(0) }, opset: 23, wanted: [[3 / Math.sqrt(12.5), 8 / Math.sqrt(12.5)]] },
  { op: 'LRN', inputs: [given([1, 2, 1, 1], [1, 2])], attributes: { size: 3, alpha: float(3), beta: float(1), bias: float(1) }, wanted: [[1 / 6, 2 / 6]] },
  { op: 'Resize', inputs: [given([1, 1, 1, 2], [0, 4]), null, weight([4], [1, 1, 1, 2])], attributes: { mode: 'linear' }, wanted: [[0, 1, 3, 4]] },
  { op: 'Resize', inputs: [given([1, 1, 1, 2], [0, 4]), null, null, ints(1, 1, 1, 3)], attributes: { mode: 'linear', coordinate_transformation_mode: 'align_corners' }, wanted: [[0, 2, 4]] },
  { op: 'Resize', inputs: [given([1, 1, 3], [1, 2, 3]), null, null, ints(1, 1, 5)], attributes: { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'ceil' }, wanted: [[1, 2, 3, 3, 3]] },
  // Keys 1981 with a = −¾, half way between the second and the third of four: (−3·1 + 19·2 + 19·3 − 3·4) / 32 = 2.5.
  { op: 'Resize', inputs: [given([1, 1, 4], [1, 2, 3, 4]), null, weight([3], [1, 1, 0.25])], attributes: { mode: 'cubic' }, wanted: [[2.5]] },
  { op: 'Upsample', inputs: [given([1, 1, 1, 2], [1, 2]), weight([4], [1, 1, 2, 2])], opset: 9, wanted: [[1, 1, 2, 2, 1, 1, 2, 2]] },
  { op: 'DepthToSpace', inputs: [given([1, 4, 1, 1], [1, 2, 3, 4])], attributes: { blocksize: 2 }, wanted: [[[[[1, 2], [3, 4]]]]] },
  { op: 'DepthToSpace', inputs: [given([1, 8, 1, 1], [1, 2, 3, 4, 5, 6, 7, 8])], attributes: { blocksize: 2, mode: 'CRD' }, wanted: [[[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]] },
  { op: 'SpaceToDepth', inputs: [given([1, 1, 2, 2], [1, 2, 3, 4])], attributes: { blocksize: 2 }, wanted: [[[[[1]], [[2]], [[3]], [[4]]]]] },

  { op: 'MatMul', inputs: [six, given([3], [1, 10, 100])], wanted: [[321, 654]] },
  { op: 'Gemm', inputs: [six, weight([2, 1], [1, 10]), weight([1], [3])], attributes: { transA: 1, alpha: float(2), beta: float(-1) }, wanted: [[79, 101, 123]] },
  { op: 'Gemm', inputs: [six, weight([1, 3], [1, 0, 1]), weight([1], [3])], attributes: { transB: 1 }, wanted: [[7, 13]] },
  { op: 'Einsum', inputs: [six, six], attributes: { equation: 'ij, kj -> ik' }, wanted: [[[14, 32], [32, 77]]] },
  { op: 'Softmax', inputs: [given([1, 2, 2], [1, 2, 3, 5])], attributes: { axis: 1 }, wanted: [[softmax([1, 3])[0]!, softmax([2, 5])[0]!, softmax([1, 3])[1]!, softmax([2, 5])[1]!]] },
  { op: 'Softmax', inputs: [given([1, 2, 2], [1, 2, 3, 5])], opset: 11, wanted: [softmax([1, 2, 3, 5])] },
  { op: 'LogSoftmax', inputs: [row(1, 2, 3)], attributes: { axis: 0 }, wanted: [softmax([1, 2, 3]).map(Math.log)] },

  { op: 'Concat', inputs: [six, given([2, 1], [7, 8])], attributes: { axis: -1 }, wanted: [[[1, 2, 3, 7], [4, 5, 6, 8]]] },
  { op: 'ConstantOfShape', inputs: [ints(2, 1)], attributes: { value: { tensor: { shape: [1], values: [7] } } }, wanted: [[[7], [7]]] },
  { op: 'Expand', inputs: [given([2, 1], [1, 2]), ints(2)], wanted: [[[1, 1], [2, 2]]] },
  { op: 'Flatten', inputs: [given([1, 2, 1, 2], [1, 2, 3, 4])], attributes: { axis: 2 }, wanted: [[[1, 2], [3, 4]]] },
  { op: 'Pad', inputs: [row(1, 2), ints(1, 2)], wanted: [[0, 1, 2, 0, 0]] },
  { op: 'Pad', inputs: [row(1, 2, 3), ints(2, 1)], attributes: { mode: 'reflect' }, wanted: [[3, 2, 1, 2, 3, 2]] },
  { op: 'Pad', inputs: [row(1, 2, 3), ints(-1, 2), weight([], [9])], wanted: [[2, 3, 9, 9]] },
  { op: 'Pad', inputs: [row(1, 2)], attributes: { mode: 'edge', pads: [1, 2] }, opset: 10, wanted: [[1, 1, 2, 2, 2]] },
  { op: 'Pad', inputs: [six, ints(1, 0), null, ints(1)], attributes: { mode: 'wrap' }, opset: 19, wanted: [[[3, 1, 2, 3], [6, 4, 5, 6]]] },
  { op: 'Range', inputs: [int(1), int(7), int(3)], wanted: [[1, 4]] },
  { op: 'Reshape', inputs: [six, ints(0, 1, -1)], wanted: [[[[1, 2, 3]], [[4, 5, 6]]]] },
  { op: 'Shape', inputs: [six], wanted: [[2, 3]] },
  { op: 'Size', inputs: [six], wanted: [6] },
  { op: 'Slice', inputs: [six, ints(0, 1), ints(2 ** 53, 3), ints(0, -1)], wanted: [[[2, 3], [5, 6]]] },
  { op: 'Slice', inputs: [six, ints(-1), ints(-(2 ** 53)), ints(1), ints(-2)], wanted: [[[3, 1], [6, 4]]] },
  { op: 'Slice', inputs: [six], attributes: { starts: [1], ends: [9] }, opset: 9, wanted: [[[4, 5, 6]]] },
  { op: 'Split', inputs: [row(1, 2, 3), ints(1, 2)], wanted: [[1], [2, 3]] },
  { op: 'Split', inputs: [row(1, 2, 3)], attributes: { num_outputs: 2 }, opset: 18, wanted: [[1, 2], [3]] },
  { op: 'Squeeze', inputs: [given([1, 2, 1], [1, 2]), ints(0)], wanted: [[[1], [2]]] },
  { op: 'Tile', inputs: [row(1, 2), ints(2)], wanted: [[1, 2, 1, 2]] },
  { op: 'Transpose', inputs: [six], wanted: [[[1, 4], [2, 5], [3, 6]]] },
  { op: 'Transpose', inputs: [six], attributes: { perm: [0, 1] }, wanted: [[[1, 2, 3], [4, 5, 6]]] },
  { op: 'Trilu', inputs: [six, int(1)], wanted: [[[0, 2, 3], [0, 0, 6]]] },
  { op: 'Trilu', inputs: [six], attributes: { upper: 0 }, wanted: [[[1, 0, 0], [4, 5, 0]]] },
  { op: 'Unsqueeze', inputs: [row(1, 2), ints(0, 2)], wanted: [[[[1], [2]]]] },

  { op: 'Gather', inputs: [six, ints(-1, 0)], attributes: { axis: 1 }, wanted: [[[3, 1], [6, 4]]] },
  { op: 'GatherElements', inputs: [six, weight([2, 1], [2, -3], 'int64')], attributes: { axis: 1 }, wanted: [[[3], [4]]] },
  { op: 'GatherND', inputs: [six, weight([2, 2], [1, 2, 0, -2], 'int64')], wanted: [[6, 2]] },
  { op: 'GatherND', inputs: [six, weight([2, 1], [2, 0], 'int64')], attributes: { batch_dims: 1 }, wanted: [[3, 4]] },
  { op: 'ScatterND', inputs: [row(1, 2, 3), weight([2, 1], [0, -1], 'int64'), row(8, 9)], wanted: [[8, 2, 9]] },
  { op: 'ScatterND', inputs: [row(1, 2, 3), weight([2, 1], [0, 0], 'int64'), row(8, 9)], attributes: { reduction: 'add' }, wanted: [[18, 2, 3]] },
  { op: 'ScatterElements', inputs: [six, weight([1, 2], [2, 0], 'int64'), given([1, 2], [8, 9])], attributes: { axis: 1 }, wanted: [[9, 2, 8, 4, 5, 6]] },
  { op: 'Scatter', inputs: [row(1, 2), ints(1), row(7)], opset: 9, wanted: [[1, 7]] },
  { op: 'OneHot', inputs: [ints(1, -1), int(3), weight([2], [-1, 5])], wanted: [[[-1, 5, -1], [-1, -1, 5]]] },
  { op: 'TopK', inputs: [row(3, 9, 5), ints(2)], wanted: [[9, 5], [1, 2]] },
  { op: 'TopK', inputs: [row(3, 9, 5), ints(2)], attributes: { largest: 0 }, wanted: [[3, 5], [0, 2]] },
  // Boxes as [y, x, y, x]: the second covers the first. The result: batch, class, box.
  { op: 'NonMaxSuppression', inputs: [given([1, 3, 4], [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3]), given([1, 1, 3], [0.5, 0.9, 0.6]), ints(3), weight([1], [0.5])], wanted: [[[0, 0, 1], [0, 0, 2]]] },
  { op: 'NonMaxSuppression', inputs: [given([1, 1, 4], [0, 0, 1, 1]), given([1, 1, 1], [0.5])], wanted: [[]] },
  { op: 'NonZero', inputs: [given([2, 2], [0, 1, 2, 0])], wanted: [[[0, 1], [1, 0]]] },

  { op: 'ReduceSum', inputs: [six, ints(1)], wanted: [[[6], [15]]] },
  { op: 'ReduceSum', inputs: [six], attributes: { noop_with_empty_axes: 1 }, wanted: [[1, 2, 3, 4, 5, 6]] },
  { op: 'ReduceMean', inputs: [six], attributes: { axes: [-1], keepdims: 0 }, wanted: [[2, 5]] },
  { op: 'ReduceMax', inputs: [six], attributes: { keepdims: 0 }, wanted: [6] },
  { op: 'ReduceMin', inputs: [six], attributes: { axes: [0] }, wanted: [[[1, 2, 3]]] },
  { op: 'ReduceProd', inputs: [six], attributes: { axes: [1] }, wanted: [[6, 120]] },
  { op: 'ReduceL1', inputs: [row(-3, 4)], wanted: [[7]] },
  { op: 'ReduceL2', inputs: [row(-3, 4)], wanted: [[5]] },
  { op: 'ReduceLogSum', inputs: [row(3, 4)], wanted: [[Math.log(7)]] },
  { op: 'ReduceLogSumExp', inputs: [row(1, 2)], wanted: [[Math.log(Math.exp(1) + Math.exp(2))]] },
  { op: 'ReduceSumSquare', inputs: [row(-3, 4)], wanted: [[25]] },
  { op: 'ArgMax', inputs: [six], attributes: { axis: 1 }, wanted: [[[2], [2]]] },
  { op: 'ArgMax', inputs: [row(1, 1)], attributes: { select_last_index: 1, keepdims: 0 }, wanted: [1] },
  { op: 'ArgMin', inputs: [six], attributes: { keepdims: 0 }, wanted: [[0, 0, 0]] },
  { op: 'CumSum', inputs: [row(1, 2, 3), int(0)], attributes: { exclusive: 1, reverse: 1 }, wanted: [[5, 3, 0]] },

  { op: 'LSTM', inputs: cell(4), attributes: { hidden_size: 1 }, wanted: [[[[[lstm[0][0]!]]], [[[lstm[0][1]!]]]], [[[lstm[1]]]], [[[lstm[2]]]]] },
  { op: 'GRU', inputs: cell(3), attributes: { hidden_size: 1 }, wanted: [gruOf([1, -0.5]), [gruOf([1, -0.5])[1]!]] },
  { op: 'RNN', inputs: cell(1), attributes: { hidden_size: 1, direction: 'reverse' }, wanted: [[...rnnOf([-0.5, 1])].reverse()] },

  { op: 'QuantizeLinear', inputs: [row(-1, 0.5, 0.75, 400), scale(0.5), zero(1)], wanted: [[0, 2, 3, 255]] },
  { op: 'QuantizeLinear', inputs: [row(-400, 400), scale(1), weight([], [0], 'int8')], wanted: [[-128, 127]] },
  { op: 'DequantizeLinear', inputs: [given([1, 2], [3, 5], 'uint8'), weight([2], [0.5, 2]), weight([2], [1, 4], 'uint8')], wanted: [[1, 2]] },
  { op: 'DequantizeLinear', inputs: [given([4], [1, 2, 3, 4], 'uint8'), weight([2], [1, 10])], attributes: { axis: 0, block_size: 2 }, opset: 21, wanted: [[1, 2, 30, 40]] },
  { op: 'DynamicQuantizeLinear', inputs: [row(-1, 0, 1.55)], wanted: [[0, 100, 255], [0.01], [100]] },
  { op: 'MatMulInteger', inputs: [given([1, 2], [3, 5], 'uint8'), weight([2, 1], [10, 20], 'uint8'), zero(1), zero(10)], wanted: [[40]] },
  { op: 'ConvInteger', inputs: [given([1, 1, 2, 2], [1, 2, 3, 4], 'uint8'), weight([1, 1, 2, 2], [1, 1, 1, 1], 'uint8'), zero(1)], wanted: [[6]] },
  { op: 'QLinearMatMul', inputs: [given([1, 1], [12], 'uint8'), scale(0.5), zero(2), weight([1, 1], [7], 'uint8'), scale(2), zero(3), scale(4), zero(5)], wanted: [[15]] },
  { op: 'QLinearConv', inputs: [given([1, 1, 1], [12], 'uint8'), scale(0.5), zero(2), weight([1, 1, 1], [7], 'uint8'), scale(2), zero(3), scale(4), zero(5), weight([1], [8], 'int32')], wanted: [[17]] },
]; // prettier-ignore

/** Extents of nested arrays; a flat list says nothing of more than its number. */
function extentsOf(values: Nested): number[] {
  return Array.isArray(values) ? [values.length, ...extentsOf(values[0] as Nested)] : [];
}

describe('Ops of ONNX', () => {
  it('are all tried', () => {
    // Every convolution has those.
    const around = ['layout:ChannelsFirst', 'layout:ChannelsLast', 'layout:Filter'];
    expect([...new Set([...cases.map(({ op }) => op), ...around])].sort()).toEqual(
      Object.keys(onnxOps).sort(),
    );
  });

  cases.forEach(({ op, inputs, attributes = {}, opset = 17, wanted }, number) => {
    it(`${op} gives its values (${number})`, async () => {
      const named = inputs.map((input, i) => [`x${i}`, input] as const);
      const some = named.flatMap(([name, input]) => (input ? [[name, input] as const] : []));
      const outputs = wanted.map((_, i) => `y${i}`);
      const model = await loadGraphModel(
        onnxFiles({
          opset,
          nodes: [
            { op, inputs: named.map(([name, input]) => (input ? name : '_')).join(' '), outputs: outputs.join(' '), attributes },
          ],
          inputs: Object.fromEntries(some.flatMap(([name, { type = 'float', shape, isWeight }]) => (isWeight ? [] : [[name, [type, shape]]]))),
          weights: Object.fromEntries(some.filter(([, { isWeight }]) => isWeight)),
          outputs: Object.fromEntries(outputs.map((name) => [name, ['float', null]])),
        }),
        { format: onnx },
      ); // prettier-ignore
      const dtypes: Partial<Record<ElementName, dl.DataType>> = { float: 'float32', bool: 'bool' };
      const tensors = Object.fromEntries(
        some.flatMap(([name, { type = 'float', shape, values, isWeight }]) =>
          isWeight ? [] : [[name, dl.tensor([...values], [...shape], dtypes[type] ?? 'int32')]],
        ),
      );
      // Traced, then by its plan.
      for (let run = 0; run < 2; run++) {
        const found = model.execute(tensors, outputs);
        for (const [i, values] of wanted.entries()) {
          const expected = flat(values);
          const read = [...(await found[i]!.data())];
          expect(read.length).toBe(expected.length);
          read.forEach((value, at) =>
            expect(Math.abs(value - expected[at]!))
              .withContext(`value ${at} of ${i}: ${value}, wanted ${expected[at]!}`)
              .toBeLessThanOrEqual(4e-6 * Math.max(1, Math.abs(expected[at]!))),
          );
          const extents = extentsOf(values);
          if (extents.length !== 1) expect(found[i]!.shape).toEqual(extents);
        }
        dl.dispose(found);
      }
      dl.dispose(tensors);
      model.dispose();
    });
  });
});
