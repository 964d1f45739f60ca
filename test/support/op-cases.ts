/** Ops of graph models with inputs and results by definition, and models of one such op. */
import type * as dl from 'rxtensor';
import { loadGraphModel, type GraphModel } from 'rxtensor/models';
import { opTable } from '../../src/models/ops';
import { graphFiles, node, placeholder, weight, type Attribute } from './graph-files';

export type Nested = number | readonly Nested[];
type Dtype = 'DT_FLOAT' | 'DT_INT32' | 'DT_BOOL';
const dtypes = { DT_FLOAT: 'float32', DT_INT32: 'int32', DT_BOOL: 'bool' } as const;
type Values = readonly [values: readonly number[], shape?: readonly number[], dtype?: Dtype];

/** A node with one op: its inputs, its attributes, and the values of its outputs by definition. */
export interface OpCase {
  readonly op: string;
  readonly inputs: readonly Values[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly wanted: readonly Nested[];
}

export const flat = (values: Nested): number[] =>
  Array.isArray(values) ? (values as readonly Nested[]).flatMap(flat) : [values as number];

const X = [-2.5, -0.5, 0.25, 0.75, 3];
const UNIT = [-0.9, -0.25, 0.1, 0.5];
const POSITIVE = [0.25, 0.5, 1, 2, 9];
const elu = (x: number): number => (x > 0 ? x : Math.expm1(x));

/** Functions of one number by their mathematical definitions, with the numbers at which they are tried. */
const functions: Readonly<Record<string, readonly [(x: number) => number, readonly number[]]>> = {
  Abs: [Math.abs, X], Acos: [Math.acos, UNIT], Acosh: [Math.acosh, [1, 2, 5]], Asin: [Math.asin, UNIT], Asinh: [Math.asinh, X],
  Atan: [Math.atan, X], Atanh: [Math.atanh, UNIT], Ceil: [Math.ceil, X], Cos: [Math.cos, X], Cosh: [Math.cosh, X], Elu: [elu, X],
  Exp: [Math.exp, X], Expm1: [Math.expm1, X], Floor: [Math.floor, X], Inv: [(x) => 1 / x, X], IsFinite: [(x) => Number(Number.isFinite(x)), [1, NaN, Infinity]],
  IsInf: [(x) => Number(Math.abs(x) === Infinity), [1, NaN, -Infinity]], IsNan: [(x) => Number(Number.isNaN(x)), [1, NaN, Infinity]],
  Log: [Math.log, POSITIVE], Log1p: [Math.log1p, POSITIVE], Neg: [(x) => -x, X], OnesLike: [() => 1, X], Reciprocal: [(x) => 1 / x, X],
  Relu: [(x) => Math.max(x, 0), X], Relu6: [(x) => Math.min(Math.max(x, 0), 6), [-1, 3, 7]], Round: [(x) => 2 * Math.round(x / 2), [2, 4]],
  Rsqrt: [(x) => 1 / Math.sqrt(x), POSITIVE],
  // The constants of Klambauer et al. 2017.
  Selu: [(x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)), X],
  Sigmoid: [(x) => 1 / (1 + Math.exp(-x)), X], Sign: [Math.sign, X], Sin: [Math.sin, X], Sinh: [Math.sinh, X],
  Softplus: [(x) => Math.log1p(Math.exp(x)), X], Sqrt: [Math.sqrt, POSITIVE], Square: [(x) => x * x, X], Tan: [Math.tan, UNIT],
  Tanh: [Math.tanh, X], ZerosLike: [() => 0, X],
}; // prettier-ignore

const A = [-2, -0.5, 0, 3];
const B = [2, -4, 1, 0.5];
const bit = (holds: boolean): number => Number(holds);
/** Functions of two numbers. */
const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b, AddV2: (a, b) => a + b, Atan2: Math.atan2, BiasAdd: (a, b) => a + b, Div: (a, b) => a / b, DivNoNan: (a, b) => a / b,
  Equal: (a, b) => bit(a === b), FloorDiv: (a, b) => Math.floor(a / b), FloorMod: (a, b) => a - b * Math.floor(a / b),
  Greater: (a, b) => bit(a > b), GreaterEqual: (a, b) => bit(a >= b), Less: (a, b) => bit(a < b), LessEqual: (a, b) => bit(a <= b),
  Maximum: Math.max, Minimum: Math.min, Mod: (a, b) => a - b * Math.floor(a / b), Mul: (a, b) => a * b, NotEqual: (a, b) => bit(a !== b),
  Prelu: (a, b) => (a < 0 ? a * b : a), RealDiv: (a, b) => a / b, SquaredDifference: (a, b) => (a - b) ** 2, Sub: (a, b) => a - b,
}; // prettier-ignore

const int = (...values: number[]): Values => [values, [values.length], 'DT_INT32'];
const one = (value: number): Values => [[value], [], 'DT_INT32'];
const bools = (...values: number[]): Values => [values, [values.length], 'DT_BOOL'];
const six: Values = [
  [1, 2, 3, 4, 5, 6],
  [2, 3],
];
const picture: Values = [
  [1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 3, 3, 1],
];
const same = { strides: [1, 1, 1, 1], padding: 'SAME' };
const valid = { strides: [1, 1, 1, 1], padding: 'VALID' };
const window = { ...valid, ksize: [1, 2, 2, 1] };
const ones: Values = [
  [1, 1, 1, 1],
  [2, 2, 1, 1],
];
/** The sums of 2×2 neighbours of the picture. */
const sums = [12, 16, 24, 28];
const relu = { fused_ops: ['BiasAdd', 'Relu'] };
const softmax = (values: readonly number[]): number[] => {
  const all = values.map(Math.exp);
  return all.map((value) => value / all.reduce((a, b) => a + b));
};

/** Every op of the table at least once. */
export const opCases: readonly OpCase[] = [
  ...Object.entries(functions).map(([op, [f, at]]) => ({ op, inputs: [[at] as const], wanted: [at.map(f)] })),
  ...Object.entries(operators).map(([op, f]) => ({
    op,
    inputs: [[A] as const, [B] as const],
    wanted: [A.map((a, i) => f(a, B[i]!))],
  })),
  // The values of erf: Abramowitz and Stegun, table 7.1.
  { op: 'Erf', inputs: [[[0, 0.5, 1, -2]]], wanted: [[0, 0.5204998778, 0.8427007929, -0.9953222650]] },
  { op: 'Pow', inputs: [[[2, 3, 4]], [[3, 2, 0.5]]], wanted: [[8, 9, 2]] },
  { op: 'LogicalAnd', inputs: [bools(1, 1, 0), bools(1, 0, 0)], wanted: [[1, 0, 0]] },
  { op: 'LogicalOr', inputs: [bools(1, 1, 0), bools(1, 0, 0)], wanted: [[1, 1, 0]] },
  { op: 'LogicalXor', inputs: [bools(1, 1, 0), bools(1, 0, 0)], wanted: [[0, 1, 0]] },
  { op: 'LogicalNot', inputs: [bools(1, 0)], wanted: [[0, 1]] },
  { op: 'AddN', inputs: [[A], [B], [A]], wanted: [A.map((a, i) => 2 * a + B[i]!)] },
  { op: 'Cast', inputs: [[[1.7, -1.7]]], attributes: { DstT: 'DT_INT32' }, wanted: [[1, -1]] },
  { op: 'ClipByValue', inputs: [[X], [[-1], []], [[0.5], []]], wanted: [[-1, -0.5, 0.25, 0.5, 0.5]] },
  { op: 'LeakyRelu', inputs: [[[-2, 3]]], attributes: { alpha: 0.1 }, wanted: [[-0.2, 3]] },
  { op: 'LeakyRelu', inputs: [[[-2, 3]]], wanted: [[-0.4, 3]] },
  { op: 'Select', inputs: [bools(1, 0), [[1, 2]], [[3, 4]]], wanted: [[1, 4]] },
  { op: 'SelectV2', inputs: [bools(1, 0), [[1, 2]], [[3, 4]]], wanted: [[1, 4]] },
  { op: 'StopGradient', inputs: [[X]], wanted: [X] },
  { op: 'Softmax', inputs: [[[1, 2, 3]]], wanted: [softmax([1, 2, 3])] },
  { op: 'LogSoftmax', inputs: [[[1, 2, 3]]], wanted: [softmax([1, 2, 3]).map(Math.log)] },

  { op: 'Conv2D', inputs: [picture, ones], attributes: valid, wanted: [sums] },
  { op: 'FusedConv2D', inputs: [picture, ones, [[-20]]], attributes: { ...valid, ...relu }, wanted: [[0, 0, 4, 8]] },
  { op: '_FusedConv2D', inputs: [picture, ones, [[-20]], [[0.5]]], attributes: { ...valid, fused_ops: ['BiasAdd', 'Prelu'] }, wanted: [[-4, -2, 4, 8]] },
  { op: 'DepthwiseConv2d', inputs: [picture, ones], attributes: same, wanted: [[12, 16, 9, 24, 28, 15, 15, 17, 9]] },
  { op: 'DepthwiseConv2dNative', inputs: [picture, ones], attributes: { ...valid, strides: [1, 2, 2, 1] }, wanted: [[12]] },
  { op: 'FusedDepthwiseConv2dNative', inputs: [picture, ones, [[-20]]], attributes: { ...valid, ...relu }, wanted: [[0, 0, 4, 8]] },
  { op: 'Conv2DBackpropInput', inputs: [int(1, 3, 3, 1), ones, [[1, 2, 3, 4], [1, 2, 2, 1]]], attributes: valid, wanted: [[1, 3, 2, 4, 10, 6, 3, 7, 4]] },
  { op: 'MaxPool', inputs: [picture], attributes: window, wanted: [[5, 6, 8, 9]] },
  { op: 'AvgPool', inputs: [picture], attributes: window, wanted: [sums.map((sum) => sum / 4)] },
  { op: 'MatMul', inputs: [six, [[1, 10], [2, 1]]], attributes: { transpose_a: true }, wanted: [[41, 52, 63]] },
  { op: '_FusedMatMul', inputs: [six, [[1, 0, -1], [3, 1]], [[1]]], attributes: relu, wanted: [[0, 0]] },
  { op: 'BatchMatMul', inputs: [six, six], attributes: { adj_y: true }, wanted: [[14, 32, 32, 77]] },
  { op: 'BatchMatMulV2', inputs: [six, six], attributes: { adj_y: true }, wanted: [[14, 32, 32, 77]] },
  // x, scale, offset, mean, variance.
  { op: 'FusedBatchNormV3', inputs: [[[1, 5], [1, 1, 2, 1]], [[2]], [[10]], [[3]], [[4]]], attributes: { epsilon: 0, is_training: false }, wanted: [[8, 12]] },

  { op: 'Reshape', inputs: [six, int(3, -1)], wanted: [[[1, 2], [3, 4], [5, 6]]] },
  { op: 'ExpandDims', inputs: [[[1, 2]], one(0)], wanted: [[[1, 2]]] },
  { op: 'Squeeze', inputs: [[[1, 2], [1, 2, 1]]], attributes: { squeeze_dims: [0] }, wanted: [[[1], [2]]] },
  { op: 'Shape', inputs: [six], wanted: [[2, 3]] },
  { op: 'Size', inputs: [six], wanted: [6] },
  { op: 'Rank', inputs: [six], wanted: [2] },
  { op: 'Pad', inputs: [[[1, 2]], [[1, 2], [1, 2], 'DT_INT32']], wanted: [[0, 1, 2, 0, 0]] },
  { op: 'PadV2', inputs: [[[1, 2]], [[1, 2], [1, 2], 'DT_INT32'], [[7], []]], wanted: [[7, 1, 2, 7, 7]] },
  { op: 'MirrorPad', inputs: [[[1, 2, 3]], [[2, 1], [1, 2], 'DT_INT32']], attributes: { mode: 'REFLECT' }, wanted: [[3, 2, 1, 2, 3, 2]] },
  { op: 'MirrorPad', inputs: [[[1, 2, 3]], [[2, 1], [1, 2], 'DT_INT32']], attributes: { mode: 'SYMMETRIC' }, wanted: [[2, 1, 1, 2, 3, 3]] },
  { op: 'ConcatV2', inputs: [[[1, 2]], [[3]], one(0)], wanted: [[1, 2, 3]] },
  { op: 'Concat', inputs: [one(0), [[1, 2]], [[3]]], wanted: [[1, 2, 3]] },
  { op: 'Pack', inputs: [[[1, 2]], [[3, 4]]], attributes: { axis: 1 }, wanted: [[[1, 3], [2, 4]]] },
  { op: 'Unpack', inputs: [six], attributes: { axis: 1, num: 3 }, wanted: [[1, 4], [2, 5], [3, 6]] },
  { op: 'Split', inputs: [one(1), [[1, 2, 3, 4], [1, 4]]], attributes: { num_split: 2 }, wanted: [[[1, 2]], [[3, 4]]] },
  { op: 'SplitV', inputs: [[[1, 2, 3]], int(1, 2), one(0)], wanted: [[1], [2, 3]] },
  { op: 'Slice', inputs: [six, int(0, 1), int(2, -1)], wanted: [[[2, 3], [5, 6]]] },
  { op: 'StridedSlice', inputs: [six, int(0, 0), int(1, 3), int(1, 2)], attributes: { shrink_axis_mask: 1 }, wanted: [[1, 3]] },
  { op: 'StridedSlice', inputs: [six, int(1, 0), int(0, 0), int(1, -1)], attributes: { end_mask: 3, begin_mask: 2 }, wanted: [[[6, 5, 4]]] },
  { op: 'Transpose', inputs: [six, int(1, 0)], wanted: [[[1, 4], [2, 5], [3, 6]]] },
  { op: 'Tile', inputs: [[[1, 2]], int(2)], wanted: [[1, 2, 1, 2]] },
  { op: 'BroadcastTo', inputs: [[[1, 2]], int(2, 2)], wanted: [[[1, 2], [1, 2]]] },
  { op: 'ReverseV2', inputs: [six, int(1)], wanted: [[[3, 2, 1], [6, 5, 4]]] },
  { op: 'Fill', inputs: [int(2, 1), [[7], []]], wanted: [[[7], [7]]] },
  { op: 'Range', inputs: [one(1), one(7), one(3)], wanted: [[1, 4]] },
  { op: 'GatherV2', inputs: [six, int(2, 0), one(1)], wanted: [[[3, 1], [6, 4]]] },
  { op: 'Gather', inputs: [six, int(1)], wanted: [[[4, 5, 6]]] },
  { op: 'GatherNd', inputs: [six, [[1, 2, 0, 1], [2, 2], 'DT_INT32']], wanted: [[6, 2]] },
  { op: 'OneHot', inputs: [int(1, 0), one(3), [[5], []], [[-1], []]], wanted: [[[-1, 5, -1], [5, -1, -1]]] },
  { op: 'DepthToSpace', inputs: [[[1, 2, 3, 4], [1, 1, 1, 4]]], attributes: { block_size: 2 }, wanted: [[[[[1], [2]], [[3], [4]]]]] },
  { op: 'SpaceToBatchND', inputs: [[[1, 2, 3, 4], [1, 2, 2, 1]], int(2, 2), [[0, 0, 0, 0], [2, 2], 'DT_INT32']], wanted: [[1, 2, 3, 4]] },
  { op: 'BatchToSpaceND', inputs: [[[1, 2, 3, 4], [4, 1, 1, 1]], int(2, 2), [[0, 0, 0, 0], [2, 2], 'DT_INT32']], wanted: [[1, 2, 3, 4]] },
  { op: 'SparseToDense', inputs: [[[0, 2], [2, 1], 'DT_INT32'], int(4), [[8, 9]], [[-1], []]], wanted: [[8, -1, 9, -1]] },

  { op: 'Sum', inputs: [six, int(1)], wanted: [[6, 15]] },
  { op: 'Mean', inputs: [six, int(0)], attributes: { keep_dims: true }, wanted: [[[2.5, 3.5, 4.5]]] },
  { op: 'Max', inputs: [six, int(0, 1)], wanted: [6] },
  { op: 'Min', inputs: [six, int(1)], wanted: [[1, 4]] },
  { op: 'Prod', inputs: [six, int(1)], wanted: [[6, 120]] },
  { op: 'All', inputs: [bools(1, 0), int(0)], wanted: [0] },
  { op: 'Any', inputs: [bools(1, 0), int(0)], wanted: [1] },
  { op: 'ArgMax', inputs: [six, one(1)], wanted: [[2, 2]] },
  { op: 'ArgMin', inputs: [six, one(0)], wanted: [[0, 0, 0]] },
  { op: 'Cumsum', inputs: [[[1, 2, 3]], one(0)], attributes: { exclusive: true, reverse: true }, wanted: [[5, 3, 0]] },
  { op: 'TopKV2', inputs: [[[3, 9, 5]], one(2)], attributes: { sorted: true }, wanted: [[9, 5], [1, 2]] },
  { op: 'ResizeBilinear', inputs: [[[0, 4], [1, 1, 2, 1]], int(1, 4)], attributes: { half_pixel_centers: true }, wanted: [[0, 1, 3, 4]] },
  { op: 'ResizeNearestNeighbor', inputs: [[[0, 4], [1, 1, 2, 1]], int(1, 4)], wanted: [[0, 0, 4, 4]] },
  { op: 'Where', inputs: [bools(0, 1, 1)], wanted: [[[1], [2]]] },
  // Boxes as [y, x, y, x]: the second covers the first.
  { op: 'NonMaxSuppressionV3', inputs: [[[0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3], [3, 4]], [[0.5, 0.9, 0.6]], one(3), [[0.5], []], [[0], []]], wanted: [[1, 2]] },
  { op: 'NonMaxSuppressionV5', inputs: [[[0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3], [3, 4]], [[0.5, 0.9, 0.6]], one(3), [[0.5], []], [[0], []], [[0], []]], wanted: [[1, 2], [0.9, 0.6]] },
]; // prettier-ignore

/** An input of a case, as the model of the case takes it. */
interface CaseInput {
  readonly name: string;
  readonly values: readonly number[];
  readonly shape: readonly number[];
  readonly dtype: dl.DataType;
}

/** A model of one op, with a node `y0`, `y1`, … for each of its outputs. What the op reads on the host is a weight of the model. */
export async function modelOfCase({ op, inputs, attributes = {}, wanted }: OpCase): Promise<{
  readonly model: GraphModel;
  readonly inputs: readonly CaseInput[];
  readonly outputs: readonly string[];
}> {
  const isHost = (i: number): boolean =>
    (opTable[op]!.host ?? []).some((each) => (each + inputs.length) % inputs.length === i);
  const all = inputs.map(([values, shape = [values.length], stored = 'DT_FLOAT'], i) => ({
    name: `x${i}`,
    values,
    shape,
    stored,
  }));
  const given = all.filter((_, i) => !isHost(i));
  const outputs = wanted.map((_, i) => `y${i}`);
  const model = await loadGraphModel(
    graphFiles({
      nodes: [
        ...given.map(({ name, shape, stored }) => placeholder(name, shape, stored)),
        node('y', op, all.map(({ name }) => name).join(' '), attributes),
        ...outputs.map((output, i) => node(output, 'Identity', `y:${i}`)),
      ],
      weights: all.flatMap(({ name, values, shape, stored }, i) =>
        isHost(i) ? [weight(name, values, shape, stored)] : [],
      ),
    }),
  );
  return {
    model,
    inputs: given.map(({ name, values, shape, stored }) => ({ name, values, shape, dtype: dtypes[stored] })),
    outputs,
  };
}
