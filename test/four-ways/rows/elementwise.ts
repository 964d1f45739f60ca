import * as fc from 'fast-check';
import {
  binaryFunctions,
  unaryFunctions,
  type BinaryName,
  type DataType,
  type KernelName,
  type UnaryName,
} from '../../../src/kernels';
import { activationGradients, type ActivationGradientName } from '../../../src/kernels/activation-gradients';
import type { Operand } from '../../support/run-kernel';
import { dtypes, ofShapes, shapes } from '../arbitraries';
import { float32, ofType, type Allowed, type Row, type Rows } from '../case';
import { FLOAT_MAX, FLOAT_MIN, ofFunction } from '../rounding';
import { broadcastable } from '../../differential/arbitraries';

const floatConstants = [NaN, Infinity, -Infinity, 0, -0, 1, -2.5, 3.4028234663852886e38, 16777216];

const unaryNames = Object.keys(unaryFunctions) as UnaryName[];
const binaryNames = Object.keys(binaryFunctions) as BinaryName[];

/** These are 0 elsewhere than at 0: there docs/accuracy.md promises an absolute error on WebGL. */
const zeros: readonly UnaryName[] = ['sin', 'cos', 'tan', 'log', 'acos', 'acosh'];
/** Beyond this docs/accuracy.md promises nothing of their values on WebGL. */
const LARGEST_ANGLE = 1000;
const angles: readonly UnaryName[] = ['sin', 'cos', 'tan'];

const unary: Row<'unary'> = {
  cases: fc
    .record({ name: fc.constantFrom(...unaryNames), dtype: dtypes, shape: shapes(0, 3) })
    .chain(({ name, dtype: drawn, shape }) => {
      const row = unaryFunctions[name];
      // The op has converted what the row has no form for.
      const dtype: DataType = row.int ? drawn : 'float32';
      const result = row.result ?? (dtype === 'bool' ? 'int32' : dtype);
      const bounds =
        name === 'clipByValue' && dtype !== 'float32'
          ? fc.constantFrom([-5, 7], [-(2 ** 31), 16777217], [16777217, 2 ** 31 - 1])
          : name === 'clipByValue'
            ? fc.constantFrom([-1.5, 2.5], [-Infinity, 0], [0, Infinity], [0, 0])
            : fc.constantFrom([0.25, 0], [0, 0]);
      return fc.tuple(ofShapes([[shape, dtype]]), bounds).map(([inputs, [p = 0, q = 0]]) => ({
        inputs,
        outputs: [ofType(shape, result)],
        attributes: { name, p, q },
      }));
    }),
  allowed: ({ inputs: [x], attributes: { name } }, [wanted]) => [
    (i, way) => {
      const at = x!.values[i]!;
      if (way === 'webgl' && angles.includes(name) && Math.abs(at) > LARGEST_ANGLE && Math.abs(at) < Infinity)
        return Infinity;
      const error = ofFunction(wanted![i]!, way);
      return way === 'webgl' && zeros.includes(name) ? Math.max(error, 1e-5) : error;
    },
  ],
};

function ofBinary(name: BinaryName, a: number, b: number, wanted: number, way: 'cpu' | 'webgl'): number {
  const error = ofFunction(wanted, way);
  // Where the quotient is a whole number within its rounding, either neighbour is right.
  if (name === 'floorDiv') return error + (Math.abs(wanted) < 2 ** 24 ? 1 : 0);
  // 2^(b·log₂ a): a rounding of the exponent counts as often as the exponent is large.
  if (name === 'pow' && way === 'webgl') {
    const exponent = Math.abs(b * Math.log2(Math.abs(a)));
    return error + Math.min(exponent, 256) * 2 ** -22 * Math.min(Math.abs(wanted), FLOAT_MAX);
  }
  // The difference may be taken for 0, or leave the range before it is squared.
  if (name === 'squaredDifference') return error + FLOAT_MIN;
  return error;
}

const binary: Row<'binary'> = {
  cases: fc
    .record({
      name: fc.constantFrom(...binaryNames),
      dtype: dtypes,
      pair: fc.oneof(
        shapes(0, 3).map((shape) => [shape, shape, shape]),
        broadcastable(2, shapes(0, 6)).map(([a, b]) => [a!, b!, broadcast(a!, b!)]),
      ),
    })
    .chain(({ name, dtype: drawn, pair: [a, b, y] }) => {
      const row = binaryFunctions[name];
      const dtype: DataType = name === 'bitwiseAnd' ? 'int32' : row.int ? drawn : 'float32';
      const result = row.result ?? (dtype === 'bool' ? 'int32' : dtype);
      return ofShapes([
        [a!, dtype],
        [b!, dtype],
      ]).map((inputs) => ({ inputs, outputs: [ofType(y!, result)], attributes: { name } }));
    }),
  allowed: ({ inputs: [a, b], outputs: [y], attributes: { name } }, [wanted]) => {
    const left = repeatedTo(a!, y!.shape);
    const right = repeatedTo(b!, y!.shape);
    return [(i, way) => ofBinary(name, left(i), right(i), wanted![i]!, way)];
  },
};

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [x, y] = [a[a.length - rank + axis] ?? 1, b[b.length - rank + axis] ?? 1];
    return x === 1 ? y : x;
  });
}

/** The value of an operand that is seen at a place of the shape it is repeated to. */
function repeatedTo(operand: Operand, shape: readonly number[]): (i: number) => number {
  return (i) => {
    let rest = i;
    let at = 0;
    let stride = 1;
    for (let axis = 1; axis <= shape.length; axis++) {
      const extent = shape[shape.length - axis]!;
      const own = operand.shape[operand.shape.length - axis] ?? 1;
      if (own !== 1) at += (rest % extent) * stride;
      stride *= own;
      rest = Math.floor(rest / extent);
    }
    return operand.values[at]!;
  };
}

const select: Row<'select'> = {
  keepsSignOfZero: true,
  cases: fc
    .record({ dtype: dtypes, forms: broadcastable(3, shapes(0, 5)) })
    .chain(({ dtype, forms: [condition, a, b] }) =>
      ofShapes([
        [condition!, 'bool'],
        [a!, dtype],
        [b!, dtype],
      ]).map((inputs) => ({
        inputs,
        outputs: [ofType(broadcast(broadcast(condition!, a!), b!), dtype)],
        attributes: {},
      })),
    ),
};

const cast: Row<'cast'> = {
  cases: fc
    .record({ from: dtypes, to: dtypes, shape: shapes(0, 2) })
    .chain(({ from, to, shape }) =>
      ofShapes([[shape, from]]).map((inputs) => ({ inputs, outputs: [ofType(shape, to)], attributes: {} })),
    ),
};

const activationGradient: Row<'activationGradient'> = {
  cases: fc
    .record({
      name: fc.constantFrom(...(Object.keys(activationGradients) as ActivationGradientName[])),
      shape: shapes(1, 2),
    })
    .chain(({ name, shape }) =>
      ofShapes([[shape], [shape]]).map((inputs) => ({
        inputs,
        outputs: [float32(shape)],
        attributes: { name, alpha: 0.25 },
      })),
    ),
  // Up to four roundings, of which that of a factor near 0 (1 − y, 1 − y²) is relative to 1 + y².
  allowed: ({ inputs: [dy, y] }): Allowed[] => [
    (i) => {
      const [gradient, result] = [Math.abs(dy!.values[i]!), Math.abs(y!.values[i]!)];
      if (!Number.isFinite(gradient) || !Number.isFinite(result)) return 0;
      const factor = (1 + result) ** 2;
      // The factor may leave the range where the product does not.
      if (factor >= FLOAT_MAX || gradient * factor >= FLOAT_MAX) return Infinity;
      return 4 * 2 ** -24 * gradient * factor + 4 * FLOAT_MIN * (1 + factor);
    },
  ],
};

const fill: Row<'fill'> = {
  keepsSignOfZero: true,
  cases: fc
    .record({ dtype: dtypes, shape: shapes(0, 3) })
    .chain(({ dtype, shape }) =>
      (dtype === 'float32'
        ? fc.constantFrom(...floatConstants)
        : dtype === 'int32'
          ? fc.constantFrom(0, -7, 16777217, 2 ** 31 - 1, -(2 ** 31))
          : fc.constantFrom(0, 1)
      ).map((value) => ({ inputs: [], outputs: [ofType(shape, dtype)], attributes: { value } })),
    ),
};

const ramp: Row<'ramp'> = {
  cases: fc
    .record({
      count: fc.constantFrom(1, 2, 3, 4, 5, 9, 16, 63, 65, 257, 5003),
      dtype: fc.constantFrom('float32' as const, 'int32' as const),
      start: fc.constantFrom(0, -3, 16777217, -0.75, 1e-3),
      step: fc.constantFrom(1, -1, 7, 0.1, -1 / 3, 1e30),
    })
    .map(({ count, dtype, start, step }) => ({
      inputs: [],
      outputs: [ofType([count], dtype)],
      // The op gives the kernel whole numbers for int32.
      attributes:
        dtype === 'int32'
          ? { start: Math.trunc(start), step: Math.trunc(step % 1000) || 1 }
          : { start, step },
    })),
  // Start, step, their product and the sum are rounded.
  allowed: ({ attributes: { start, step } }) => [
    (i) => 3 * 2 ** -24 * (Math.abs(start) + Math.abs(i * step)) + FLOAT_MIN,
  ],
};

export const elementwiseRows = {
  activationGradient,
  binary,
  cast,
  fill,
  ramp,
  select,
  unary,
} satisfies Partial<Record<KernelName, unknown>> as Pick<
  Rows,
  'activationGradient' | 'binary' | 'cast' | 'fill' | 'ramp' | 'select' | 'unary'
>;
