// Extreme values and odd shapes.
import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { sizeOf, type DataType } from '../../src/kernels';
import type { Operand } from '../support/run-kernel';
import { numbers } from '../support/reference';

type Shape = readonly number[];

/** What an operand is made of besides small numbers: nothing; what is no number; the ends of the range too. */
export type Temper = 'tame' | 'special' | 'extreme';

const special = [NaN, Infinity, -Infinity, 0, -0];
const extreme = [
  ...special,
  ...[2 ** -149, -(2 ** -149), 1e-40, -1e-40, 2 ** -126, -(2 ** -126)],
  ...[3.4e38, -3.4e38, (2 - 2 ** -23) * 2 ** 127, -(2 - 2 ** -23) * 2 ** 127, 1e19, -1e19, 1e-19],
  ...[1, -1, 0.5, 1.5, 2.5, 6, 16777216, 2147483648, -2147483648, 88.8, -88.8, -104, 1e-7],
].map(Math.fround);
const rareInteger = [-(2 ** 31), 2 ** 31 - 1, 16777217, -16777217, 46341, 65536, -65537, 0, 1, -1];

/** An operand by a seed: fast-check would draw some thousand numbers one by one. */
function operandOf(shape: Shape, dtype: DataType, temper: Temper, seed: number): Operand {
  const next = numbers(seed);
  const pick = (values: readonly number[]): number => values[Math.floor(next() * values.length)]!;
  // In most operands a few values are rare, in some nearly all.
  const rarity = temper === 'tame' ? 0 : next() < 0.2 ? 0.7 : 0.06;
  const draw: Record<DataType, () => number> = {
    float32: () =>
      next() < rarity
        ? pick(temper === 'extreme' ? extreme : special)
        : Math.round((next() * 8 - 4) * 64) / 64,
    int32: () => (next() < rarity ? pick(rareInteger) : Math.floor(next() * 19) - 9),
    bool: () => Number(next() < 0.5),
  };
  return { shape, dtype, values: Array.from({ length: sizeOf(shape) }, draw[dtype]) };
}

export const tempers: Arbitrary<Temper> = fc.constantFrom('tame', 'special', 'extreme');

/** Operands of these shapes and dtypes, all of one temper. */
export function ofShapes(
  types: readonly (readonly [shape: Shape, dtype?: DataType])[],
  temper: Arbitrary<Temper> = tempers,
): Arbitrary<Operand[]> {
  return fc
    .tuple(temper, fc.nat(2 ** 30))
    .map(([each, seed]) =>
      types.map(([shape, dtype = 'float32'], k) => operandOf(shape, dtype, each, seed + k * 7919)),
    );
}

export const dtypes: Arbitrary<DataType> = fc.constantFrom('float32', 'int32', 'bool');

const odd = [2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 63, 64, 65, 11, 13, 31, 127, 257];

/** Extents at which loops, vectors and blocks end: the vector widths and one beside them, primes, 1, and rarely 0. */
export function extents(most = 257, least = 0): Arbitrary<number> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(Math.max(least, 0)) },
    { weight: 3, arbitrary: fc.constant(Math.max(least, 1)) },
    { weight: 16, arbitrary: fc.constantFrom(...odd.filter((extent) => extent <= most && extent >= least)) },
  );
}

const LARGEST = 20_000;

/** Shapes of a rank from `low` to `high`, with up to 20,000 elements. */
export function shapes(low = 0, high = 6): Arbitrary<number[]> {
  return fc
    .integer({ min: low, max: high })
    .chain((rank) =>
      fc.array(extents(rank > 4 ? 5 : rank > 2 ? 17 : 257), { minLength: rank, maxLength: rank }),
    )
    .filter((shape) => sizeOf(shape) <= LARGEST);
}

/** A shape seen as outer × extent × inner. */
export const axisViews: Arbitrary<{ outer: number; extent: number; inner: number }> = fc
  .record({
    outer: extents(65, 1),
    extent: fc.oneof(
      { weight: 5, arbitrary: extents() },
      { weight: 1, arbitrary: fc.constantFrom(1000, 4099) },
    ),
    inner: fc.oneof(fc.constant(1), extents(65, 1)),
  })
  .filter(({ outer, extent, inner }) => outer * extent * inner <= LARGEST);

/** The same, of rows: inner is 1. */
export const rowViews: Arbitrary<{ outer: number; extent: number; inner: 1 }> = axisViews.map((view) => ({
  ...view,
  inner: 1 as const,
}));

export const indicesInto = (extent: number, count: number): Arbitrary<Operand> =>
  fc
    .array(fc.integer({ min: -1, max: extent }), { minLength: count, maxLength: count })
    .map((values) => ({ shape: [count], dtype: 'int32' as const, values }));
