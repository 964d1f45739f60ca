import * as dl from 'rxtensor';
import { loadGraphModel, tflite } from 'rxtensor/models';
import {
  byte,
  flag,
  float,
  int,
  ints,
  tfliteBytes,
  tfliteFiles,
  type TypeName,
} from '../../../../test/support/tflite-files';
import type { Flat } from '../../../../test/support/flatbuffer';
import { tfliteOps } from '.';

type Nested = number | readonly Nested[];
type Values = readonly [values: readonly number[], shape?: readonly number[], type?: TypeName];

/** An operator: its inputs, its options in the order of their fields, and the values of its outputs by definition. */
interface OperatorCase {
  readonly op: string;
  readonly inputs: readonly Values[];
  readonly options?: readonly (Flat | null)[];
  readonly custom?: Uint8Array;
  readonly wanted: readonly Nested[];
  /** Inputs that are constants though nothing of the operator needs that: filters. */
  readonly constant?: readonly number[];
  readonly type?: TypeName;
}

const flat = (values: Nested): number[] =>
  Array.isArray(values) ? (values as readonly Nested[]).flatMap(flat) : [values as number];
const extentsOf = (values: Nested): number[] =>
  Array.isArray(values) ? [values.length, ...extentsOf(values[0] as Nested)] : [];

const X = [-2.5, -0.5, 0.25, 0.75, 3];
const POSITIVE = [0.25, 0.5, 1, 2, 9];
const clip = (x: number, least: number, greatest: number): number => Math.min(greatest, Math.max(least, x));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const functions: Readonly<Record<string, readonly [(x: number) => number, readonly number[]]>> = {
  ABS: [Math.abs, X], CEIL: [Math.ceil, X], COS: [Math.cos, X], ELU: [(x) => (x > 0 ? x : Math.expm1(x)), X], EXP: [Math.exp, X],
  FLOOR: [Math.floor, X], HARD_SWISH: [(x) => (x * clip(x + 3, 0, 6)) / 6, [-4, -1, 0, 1, 4]], LOG: [Math.log, POSITIVE],
  LOGISTIC: [sigmoid, X], NEG: [(x) => -x, X], RELU: [(x) => Math.max(0, x), X], RELU6: [(x) => clip(x, 0, 6), [-1, 3, 7]],
  RELU_0_TO_1: [(x) => clip(x, 0, 1), X], RELU_N1_TO_1: [(x) => clip(x, -1, 1), X], ROUND: [(x) => 2 * Math.round(x / 2), [2, 4]],
  RSQRT: [(x) => 1 / Math.sqrt(x), POSITIVE], SIGN: [Math.sign, X], SIN: [Math.sin, X], SQRT: [Math.sqrt, POSITIVE],
  SQUARE: [(x) => x * x, X], TANH: [Math.tanh, X], ZEROS_LIKE: [() => 0, X],
}; // prettier-ignore

const A = [-2, -0.5, 0, 3];
const B = [2, -4, 1, 0.5];
const bit = (holds: boolean): number => Number(holds);
const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  ADD: (a, b) => a + b, ATAN2: Math.atan2, DIV: (a, b) => a / b, EQUAL: (a, b) => bit(a === b), FLOOR_DIV: (a, b) => Math.floor(a / b),
  FLOOR_MOD: (a, b) => a - b * Math.floor(a / b), GREATER: (a, b) => bit(a > b), GREATER_EQUAL: (a, b) => bit(a >= b),
  LESS: (a, b) => bit(a < b), LESS_EQUAL: (a, b) => bit(a <= b), MAXIMUM: Math.max, MINIMUM: Math.min, MUL: (a, b) => a * b,
  NOT_EQUAL: (a, b) => bit(a !== b), PRELU: (a, b) => (a < 0 ? a * b : a), SQUARED_DIFFERENCE: (a, b) => (a - b) ** 2, SUB: (a, b) => a - b,
}; // prettier-ignore

const whole = (...values: number[]): Values => [values, [values.length], 'INT32'];
const one = (value: number): Values => [[value], [], 'INT32'];
const bools = (...values: number[]): Values => [values, [values.length], 'BOOL'];
const six: Values = [[1, 2, 3, 4, 5, 6], [2, 3]]; // prettier-ignore
const picture: Values = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]]; // prettier-ignore
/** One filter of ones. */
const ones: Values = [[1, 1, 1, 1], [1, 2, 2, 1]]; // prettier-ignore
const sums = [12, 16, 24, 28];
const VALID = byte(1);
const RELU = byte(1);
const step = [VALID, int(1), int(1)];
const pool = [...step, int(2), int(2)];
const keep = [flag(true)];
const softmax = (values: readonly number[]): number[] => {
  const all = values.map(Math.exp);
  return all.map((value) => value / all.reduce((a, b) => a + b));
};
const boxes: Values = [[0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3], [3, 4]]; // prettier-ignore
const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** Options of MediaPipe's: a map of FlexBuffers, keys in ascending order. All numbers have eight bytes. */
function flexible(options: Readonly<Record<string, number | readonly number[]>>): Uint8Array {
  const bytes: number[] = [];
  const align = (): void => {
    while (bytes.length % 8 !== 0) bytes.push(0);
  };
  const put = (array: ArrayBufferView): void => void bytes.push(...bytesOf(array));
  const names = Object.keys(options).sort();
  const keys = names.map((name) => {
    const at = bytes.length;
    bytes.push(...new TextEncoder().encode(name), 0);
    return at;
  });
  const vectors = new Map<string, number>();
  for (const name of names) {
    const value = options[name]!;
    if (typeof value === 'number') continue;
    align();
    put(BigInt64Array.of(BigInt(value.length)));
    vectors.set(name, bytes.length);
    put(BigInt64Array.from(value.map(BigInt)));
  }
  align();
  put(BigInt64Array.of(BigInt(keys.length)));
  const keyVector = bytes.length;
  for (const key of keys) put(BigInt64Array.of(BigInt(bytes.length - key)));
  put(BigInt64Array.of(BigInt(bytes.length - keyVector), 8n, BigInt(keys.length)));
  const map = bytes.length;
  for (const name of names) {
    const value = options[name]!;
    if (typeof value !== 'number') put(BigInt64Array.of(BigInt(bytes.length - vectors.get(name)!)));
    else if (Number.isInteger(value)) put(BigInt64Array.of(BigInt(value)));
    else put(Float64Array.of(value));
  }
  for (const name of names) {
    const value = options[name]!;
    bytes.push(
      typeof value !== 'number' ? (11 << 2) | 3 : Number.isInteger(value) ? (1 << 2) | 3 : (3 << 2) | 3,
    );
  }
  bytes.push(bytes.length - map, (9 << 2) | 3, 1);
  return Uint8Array.from(bytes);
}

/** Turned by nothing, scaled by two, shifted by (1, 0): rows of a matrix of 4 × 4. */
const matrix: Values = [[2, 0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], [1, 4, 4]]; // prettier-ignore

const cases: readonly OperatorCase[] = [
  ...Object.entries(functions).map(([op, [f, at]]) => ({ op, inputs: [[at] as const], wanted: [at.map(f)] })),
  ...Object.entries(operators).map(([op, f]) => ({ op, inputs: [[A] as const, [B] as const], wanted: [A.map((a, i) => f(a, B[i]!))] })),
  { op: 'ADD', inputs: [[A], [B]], options: [RELU], wanted: [[0, 0, 1, 3.5]] },
  { op: 'SUB', inputs: [[A], [B]], options: [byte(2)], wanted: [[-1, 1, -1, 1]] },
  { op: 'MUL', inputs: [[A], [B]], options: [byte(3)], wanted: [[0, 2, 0, 1.5]] },
  { op: 'DIV', inputs: [[A], [B]], options: [byte(4)], wanted: [A.map((a, i) => Math.tanh(a / B[i]!))] },
  { op: 'POW', inputs: [[[2, 3, 4]], [[3, 2, 0.5]]], wanted: [[8, 9, 2]] },
  { op: 'ADD_N', inputs: [[A], [B], [A]], wanted: [A.map((a, i) => 2 * a + B[i]!)] },
  { op: 'LEAKY_RELU', inputs: [[[-2, 3]]], options: [float(0.5)], wanted: [[-1, 3]] },
  // x·Φ(x); the values of the error function: Abramowitz and Stegun, table 7.1.
  { op: 'GELU', inputs: [[[Math.SQRT2, -Math.SQRT2]]], wanted: [[(Math.SQRT1_2) * 1.8427007929, -(Math.SQRT1_2) * 0.1572992071]] },
  { op: 'GELU', inputs: [[[1]]], options: [flag(true)], wanted: [[0.5 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * 1.044715))]] },
  { op: 'SOFTMAX', inputs: [[[1, 2, 3]]], options: [float(1)], wanted: [softmax([1, 2, 3])] },
  { op: 'SOFTMAX', inputs: [[[1, 2, 3]]], options: [float(2)], wanted: [softmax([2, 4, 6])] },
  { op: 'LOG_SOFTMAX', inputs: [[[1, 2, 3]]], wanted: [softmax([1, 2, 3]).map(Math.log)] },
  { op: 'CAST', inputs: [[[1.7, -1.7]]], type: 'INT32', wanted: [[1, -1]] },
  { op: 'LOGICAL_AND', inputs: [bools(1, 1, 0), bools(1, 0, 0)], wanted: [[1, 0, 0]] },
  { op: 'LOGICAL_OR', inputs: [bools(1, 1, 0), bools(1, 0, 0)], wanted: [[1, 1, 0]] },
  { op: 'LOGICAL_NOT', inputs: [bools(1, 0)], wanted: [[0, 1]] },
  { op: 'SELECT', inputs: [bools(1, 0), [[1, 2]], [[3, 4]]], wanted: [[1, 4]] },
  { op: 'SELECT_V2', inputs: [bools(1, 0), [[1, 2]], [[3, 4]]], wanted: [[1, 4]] },
  { op: 'DEQUANTIZE', inputs: [[X]], wanted: [X] },
  { op: 'QUANTIZE', inputs: [[X]], wanted: [X] },
  { op: 'DENSIFY', inputs: [[X]], wanted: [X] },

  { op: 'CONV_2D', inputs: [picture, ones], options: step, constant: [1], wanted: [sums] },
  { op: 'CONV_2D', inputs: [picture, ones], options: step, wanted: [sums] },
  { op: 'CONV_2D', inputs: [picture, ones, [[-20]]], options: [...step, RELU], constant: [1, 2], wanted: [[0, 0, 4, 8]] },
  { op: 'CONV_2D', inputs: [picture, ones, [[-20]]], options: [...step, byte(4)], constant: [1], wanted: [sums.map((sum) => Math.tanh(sum - 20))] },
  { op: 'CONV_2D', inputs: [picture, ones], options: [VALID, int(1), int(1), byte(0), int(2), int(1)], constant: [1], wanted: [[[[[1 + 3 + 4 + 6]], [[4 + 6 + 7 + 9]]]]] },
  // Two filters of one row and two columns, with two inputs: axes are output, height, width, input.
  { op: 'CONV_2D', inputs: [[[1, 2, 3, 4], [1, 1, 2, 2]], [[1, 10, 100, 1000, 2, 0, 0, 0], [2, 1, 2, 2]]], options: step, constant: [1], wanted: [[[[[4321, 2]]]]] },
  { op: 'DEPTHWISE_CONV_2D', inputs: [picture, ones], options: [byte(0), int(1), int(1), int(1)], wanted: [[12, 16, 9, 24, 28, 15, 15, 17, 9]] },
  // Two channels with two filters each.
  { op: 'DEPTHWISE_CONV_2D', inputs: [[[1, 2], [1, 1, 1, 2]], [[1, 2, 3, 4], [1, 1, 1, 4]], [[0, 0, 0, 1]]], options: [VALID, int(1), int(1), int(2)], wanted: [[1, 2, 6, 9]] },
  { op: 'TRANSPOSE_CONV', inputs: [whole(1, 3, 3, 1), ones, [[1, 2, 3, 4], [1, 2, 2, 1]]], options: step, constant: [1], wanted: [[1, 3, 2, 4, 10, 6, 3, 7, 4]] },
  { op: 'TRANSPOSE_CONV', inputs: [whole(1, 3, 3, 1), ones, [[1, 2, 3, 4], [1, 2, 2, 1]], [[-4]]], options: [...step, RELU], constant: [1], wanted: [[0, 0, 0, 0, 6, 2, 0, 3, 0]] },
  { op: 'Convolution2DTransposeBias', inputs: [[[1, 2], [1, 1, 2, 1]], ones, [[10]]], custom: bytesOf(Int32Array.of(1, 2, 2)), constant: [1], wanted: [[[[[11], [11], [12], [12]], [[11], [11], [12], [12]]]]] },
  { op: 'Convolution2DTransposeBias', inputs: [[[1, 2], [1, 1, 2, 1]], ones], custom: bytesOf(Int32Array.of(2, 1, 1)), constant: [1], wanted: [[[[[1], [3], [2]], [[1], [3], [2]]]]] },
  { op: 'FULLY_CONNECTED', inputs: [six, [[1, 0, -1, 3, 0, 0], [2, 3]], [[1, 2]]], options: [RELU], wanted: [[[0, 5], [0, 14]]] },
  { op: 'FULLY_CONNECTED', inputs: [[[1, 2, 3, 4], [2, 1, 2]], [[1, 1], [1, 2]]], options: [byte(0), byte(0), flag(true)], wanted: [[[[3]], [[7]]]] },
  { op: 'BATCH_MATMUL', inputs: [six, six], options: [flag(false), flag(true)], wanted: [[14, 32, 32, 77]] },
  { op: 'MAX_POOL_2D', inputs: [picture], options: pool, wanted: [[5, 6, 8, 9]] },
  { op: 'AVERAGE_POOL_2D', inputs: [picture], options: pool, wanted: [sums.map((sum) => sum / 4)] },
  { op: 'L2_POOL_2D', inputs: [[[1, 7, 5, 5], [1, 2, 2, 1]]], options: pool, wanted: [[5]] },
  { op: 'L2_NORMALIZATION', inputs: [[[3, 4, 0, 0], [2, 2]]], wanted: [[0.6, 0.8, 0, 0]] },
  // Beside itself one channel: x / (bias + alpha·Σx²)^beta.
  { op: 'LOCAL_RESPONSE_NORMALIZATION', inputs: [[[1, 2, 3], [1, 1, 1, 3]]], options: [int(1), float(1), float(2), float(0.5)], wanted: [[1 / Math.sqrt(11), 2 / Math.sqrt(29), 3 / Math.sqrt(27)]] },

  { op: 'RESHAPE', inputs: [six, whole(3, -1)], wanted: [[[1, 2], [3, 4], [5, 6]]] },
  { op: 'RESHAPE', inputs: [six], options: [ints(3, 2)], wanted: [[[1, 2], [3, 4], [5, 6]]] },
  { op: 'EXPAND_DIMS', inputs: [[[1, 2]], one(0)], wanted: [[[1, 2]]] },
  { op: 'SQUEEZE', inputs: [[[1, 2], [1, 2, 1]]], options: [ints(0)], wanted: [[[1], [2]]] },
  { op: 'SHAPE', inputs: [six], wanted: [[2, 3]] },
  { op: 'RANK', inputs: [six], wanted: [2] },
  { op: 'PAD', inputs: [[[1, 2]], [[1, 2], [1, 2], 'INT32']], wanted: [[0, 1, 2, 0, 0]] },
  { op: 'PADV2', inputs: [[[1, 2]], [[1, 2], [1, 2], 'INT32'], [[7], []]], wanted: [[7, 1, 2, 7, 7]] },
  { op: 'MIRROR_PAD', inputs: [[[1, 2, 3]], [[2, 1], [1, 2], 'INT32']], options: [byte(0)], wanted: [[3, 2, 1, 2, 3, 2]] },
  { op: 'MIRROR_PAD', inputs: [[[1, 2, 3]], [[2, 1], [1, 2], 'INT32']], options: [byte(1)], wanted: [[2, 1, 1, 2, 3, 3]] },
  { op: 'CONCATENATION', inputs: [[[1, -2]], [[3]]], options: [int(0), RELU], wanted: [[1, 0, 3]] },
  { op: 'CONCATENATION', inputs: [six, six], options: [int(-1)], wanted: [[[1, 2, 3, 1, 2, 3], [4, 5, 6, 4, 5, 6]]] },
  { op: 'PACK', inputs: [[[1, 2]], [[3, 4]]], options: [int(2), int(1)], wanted: [[[1, 3], [2, 4]]] },
  { op: 'UNPACK', inputs: [six], options: [int(3), int(1)], wanted: [[1, 4], [2, 5], [3, 6]] },
  { op: 'SPLIT', inputs: [one(1), [[1, 2, 3, 4], [1, 4]]], options: [int(2)], wanted: [[[1, 2]], [[3, 4]]] },
  { op: 'SPLIT_V', inputs: [[[1, 2, 3]], whole(1, 2), one(0)], options: [int(2)], wanted: [[1], [2, 3]] },
  { op: 'SLICE', inputs: [six, whole(0, 1), whole(2, -1)], wanted: [[[2, 3], [5, 6]]] },
  { op: 'STRIDED_SLICE', inputs: [six, whole(0, 0), whole(1, 3), whole(1, 2)], options: [null, null, null, null, int(1)], wanted: [[1, 3]] },
  { op: 'STRIDED_SLICE', inputs: [six, whole(1, 1), whole(1, 2), whole(1, 1)], options: [null, null, null, null, null, flag(true)], wanted: [[[5, 6]]] },
  { op: 'TRANSPOSE', inputs: [six, whole(1, 0)], wanted: [[[1, 4], [2, 5], [3, 6]]] },
  { op: 'TILE', inputs: [[[1, 2]], whole(2)], wanted: [[1, 2, 1, 2]] },
  { op: 'BROADCAST_TO', inputs: [[[1, 2]], whole(2, 2)], wanted: [[[1, 2], [1, 2]]] },
  { op: 'REVERSE_V2', inputs: [six, whole(1)], wanted: [[[3, 2, 1], [6, 5, 4]]] },
  { op: 'FILL', inputs: [whole(2, 1), [[7], []]], wanted: [[[7], [7]]] },
  { op: 'RANGE', inputs: [one(1), one(7), one(3)], wanted: [[1, 4]] },
  { op: 'GATHER', inputs: [six, whole(2, 0)], options: [int(1)], wanted: [[[3, 1], [6, 4]]] },
  { op: 'GATHER_ND', inputs: [six, [[1, 2, 0, 1], [2, 2], 'INT32']], wanted: [[6, 2]] },
  { op: 'EMBEDDING_LOOKUP', inputs: [whole(1, 1), six], wanted: [[[4, 5, 6], [4, 5, 6]]] },
  { op: 'SCATTER_ND', inputs: [[[1, 3], [2, 1], 'INT32'], [[8, 9]], whole(4)], wanted: [[0, 8, 0, 9]] },
  { op: 'ONE_HOT', inputs: [whole(1, 0), one(3), [[5], []], [[-1], []]], options: [int(-1)], wanted: [[[-1, 5, -1], [5, -1, -1]]] },
  { op: 'ONE_HOT', inputs: [whole(1, 0), one(3), [[1], []], [[0], []]], options: [int(0)], wanted: [[[0, 1], [1, 0], [0, 0]]] },
  { op: 'DEPTH_TO_SPACE', inputs: [[[1, 2, 3, 4], [1, 1, 1, 4]]], options: [int(2)], wanted: [[[[[1], [2]], [[3], [4]]]]] },
  { op: 'SPACE_TO_DEPTH', inputs: [[[1, 2, 3, 4], [1, 2, 2, 1]]], options: [int(2)], wanted: [[[[[1, 2, 3, 4]]]]] },
  { op: 'SPACE_TO_BATCH_ND', inputs: [[[1, 2, 3, 4], [1, 2, 2, 1]], whole(2, 2), [[0, 0, 0, 0], [2, 2], 'INT32']], wanted: [[1, 2, 3, 4]] },
  { op: 'BATCH_TO_SPACE_ND', inputs: [[[1, 2, 3, 4], [4, 1, 1, 1]], whole(2, 2), [[0, 0, 0, 0], [2, 2], 'INT32']], wanted: [[1, 2, 3, 4]] },
  { op: 'SPARSE_TO_DENSE', inputs: [[[0, 2], [2, 1], 'INT32'], whole(4), [[8, 9]], [[-1], []]], wanted: [[8, -1, 9, -1]] },

  { op: 'MEAN', inputs: [six, whole(0)], options: keep, wanted: [[[2.5, 3.5, 4.5]]] },
  { op: 'SUM', inputs: [six, whole(1)], wanted: [[6, 15]] },
  { op: 'REDUCE_MAX', inputs: [six, whole(0, 1)], wanted: [6] },
  { op: 'REDUCE_MIN', inputs: [six, whole(1)], options: keep, wanted: [[[1], [4]]] },
  { op: 'REDUCE_PROD', inputs: [six, whole(1)], wanted: [[6, 120]] },
  { op: 'REDUCE_ALL', inputs: [bools(1, 0), whole(0)], wanted: [0] },
  { op: 'REDUCE_ANY', inputs: [bools(1, 0), whole(0)], wanted: [1] },
  { op: 'ARG_MAX', inputs: [six, one(1)], wanted: [[2, 2]] },
  { op: 'ARG_MIN', inputs: [six, one(0)], wanted: [[0, 0, 0]] },
  { op: 'CUMSUM', inputs: [[[1, 2, 3]], one(0)], options: [flag(true), flag(true)], wanted: [[5, 3, 0]] },
  { op: 'TOPK_V2', inputs: [[[3, 9, 5]], one(2)], wanted: [[9, 5], [1, 2]] },
  { op: 'RESIZE_BILINEAR', inputs: [[[0, 4], [1, 1, 2, 1]], whole(1, 4)], options: [null, null, flag(false), flag(true)], wanted: [[0, 1, 3, 4]] },
  { op: 'RESIZE_NEAREST_NEIGHBOR', inputs: [[[0, 4], [1, 1, 2, 1]], whole(1, 4)], wanted: [[0, 0, 4, 4]] },
  { op: 'WHERE', inputs: [bools(0, 1, 1)], wanted: [[[1], [2]]] },
  // Boxes as [y, x, y, x]: the second covers the first.
  { op: 'NON_MAX_SUPPRESSION_V4', inputs: [boxes, [[0.5, 0.9, 0.6]], one(3), [[0.5], []], [[0], []]], wanted: [[1, 2, 0], 2] },
  { op: 'NON_MAX_SUPPRESSION_V5', inputs: [boxes, [[0.5, 0.9, 0.6]], one(3), [[0.5], []], [[0], []], [[0], []]], wanted: [[1, 2, 0], [0.9, 0.6, 0], 2] },

  // Points at (0, 0), (4, 0) and (2, 2): nothing is turned, the middle (2, 1) is the middle of a part of 2 × 4.
  { op: 'Landmarks2TransformMatrix', inputs: [[[0, 0, 9, 4, 0, 9, 2, 2, 9], [1, 3, 3]]], custom: flexible({ left_rotation_idx: 0, right_rotation_idx: 1, target_rotation_radians: 0, subset_idxs: [0, 1, 2, 1], output_width: 2, output_height: 4, scale_x: 1, scale_y: 1.5 }), wanted: [[[[2, 0, 0, 0], [0, 0.75, 0, -0.5], [0, 0, 1, 0], [0, 0, 0, 1]]]] },
  // The same points, turned to the right by half a right angle more than they are: (x, y) to ((x − y)/√2, (x + y)/√2).
  { op: 'Landmarks2TransformMatrix', inputs: [[[0, 0, 9, 4, 0, 9, 2, 2, 9], [1, 3, 3]]], custom: flexible({ left_rotation_idx: 0, right_rotation_idx: 1, target_rotation_radians: Math.PI / 4, subset_idxs: [0, 1, 2, 1], output_width: 2, output_height: 2, scale_x: 1, scale_y: 1 }), wanted: [[[[1, 1, 0, 0], [-1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]]] },
  { op: 'TransformLandmarks', inputs: [[[1, 2, 3, 4], [1, 2, 2]], matrix], wanted: [[[[3, 4], [7, 8]]]] },
  { op: 'TransformLandmarks', inputs: [[[1, 2, 5], [1, 1, 3]], matrix], wanted: [[[[3, 4, 5]]]] },
  // The middle of the first pixel, (½, ½), goes to (2, 1), between the pixels of the middle; the second beyond.
  { op: 'TransformTensorBilinear', inputs: [picture, matrix], custom: flexible({ output_height: 1, output_width: 2 }), wanted: [[[[[(2 + 3 + 5 + 6) / 4], [0]]]]] },
]; // prettier-ignore

const custom = (op: string): string => (Object.hasOwn(tfliteOps, op) ? op : `custom ${op}`);

describe('Operators of TensorFlow Lite', () => {
  it('are all tried', () => {
    const tried = new Set(cases.map(({ op }) => custom(op)));
    tried.delete('custom DENSIFY');
    expect([...tried].sort()).toEqual(Object.keys(tfliteOps).sort());
  });

  cases.forEach(({ op, inputs, options, custom: own, wanted, constant = [], type }, number) => {
    it(`${op} gives its values (${number})`, async () => {
      const { numTensors } = dl.memory();
      const row = tfliteOps[custom(op)];
      const isConstant = (i: number): boolean =>
        constant.includes(i) ||
        (row?.host ?? []).some((each) => (each + inputs.length) % inputs.length === i);
      const tensors = inputs.map(([values, shape, kind], i) => ({
        name: `x${i}`,
        shape: shape ?? [values.length],
        type: kind ?? ('FLOAT32' as const),
        ...(isConstant(i) && { values }),
      }));
      const outputs = wanted.map((_, i) => ({ name: `y${i}`, type: type ?? ('FLOAT32' as const) }));
      const given = inputs.flatMap((_, i) => (isConstant(i) ? [] : [i]));
      const results = wanted.map((_, i) => inputs.length + i);
      const all = inputs.map((_, i) => i);
      const bytes = tfliteBytes({
        tensors: [...tensors, ...outputs],
        operators: [
          { op, inputs: all, outputs: results, ...(options && { options }), ...(own && { custom: own }) },
        ],
        inputs: given,
        outputs: results,
      });
      const model = await loadGraphModel(tfliteFiles(bytes), { format: tflite });
      const feeds = Object.fromEntries(
        given.map((i) => {
          const [values, shape, kind] = inputs[i]!;
          const dtype = kind === 'INT32' ? 'int32' : kind === 'BOOL' ? 'bool' : 'float32';
          return [`x${i}`, dl.tensor([...values], [...(shape ?? [values.length])], dtype)];
        }),
      );
      const names = model.outputs.map(({ name }) => name);
      // Traced, then by its plan.
      for (let run = 0; run < 2; run++) {
        const found = model.execute(feeds, names);
        for (const [i, values] of wanted.entries()) {
          const expected = flat(values);
          const read = [...(await found[i]!.data())];
          expect(read.length).toBe(expected.length);
          read.forEach((value, at) =>
            expect(Math.abs(value - expected[at]!))
              .withContext(`value ${at}: ${value}, wanted ${expected[at]!}`)
              .toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(expected[at]!))),
          );
          const extents = extentsOf(values);
          if (extents.length !== 1) expect(found[i]!.shape).toEqual(extents);
        }
        dl.dispose(found);
      }
      dl.dispose(feeds);
      model.dispose();
      expect(dl.memory().numTensors).toBe(numTensors);
    });
  });
});
