import { assertDataType } from '../dtype';
import { assertFunction, assertNumber, assertOneOf, described, wrongArgument } from '../argument';
import type { DataType, Distribution } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { varying } from '../host-state';
import { nextKey } from '../random-state';
import type { OfShape } from '../of-shape';
import type { Rank, RankOf, ShapeMap } from '../rank';
import { assertShape, sizeOf } from '../shape';
import type { Tensor } from '../tensor';
import { makeTensor } from '../tensor-like';
import { op, takingNull } from '../op';
import { cast } from './cast';
import { round } from './unary';

function draw(
  name: string,
  distribution: Distribution,
  shape: readonly number[],
  dtype: DataType,
  a: number,
  b: number,
  seed: number | undefined,
): Tensor {
  assertShape(name, shape);
  const drawn = varying(() => ({ distribution, key: nextKey(name, seed), a, b }));
  return dispatchOne(name, 'random', [], [...shape], dtype, drawn);
}

/** Rounds to the nearest integer for int32, as TensorFlow.js does. */
function rounded(x: Tensor, dtype: DataType): Tensor {
  return dtype === 'int32' ? cast(round(x), dtype) : x;
}

type Normal = OfShape<[mean?: number, stdDev?: number, dtype?: 'float32' | 'int32', seed?: number]>;

/** The op that draws from a normal distribution, whole or truncated. */
function normal(name: string, distribution: Distribution): Normal {
  return op(
    name,
    (
      shape: readonly number[],
      mean = 0,
      stdDev = 1,
      dtype: 'float32' | 'int32' = 'float32',
      seed?: number,
    ): Tensor => {
      assertNumber(name, 'mean', mean);
      assertNumber(name, 'stdDev', stdDev);
      assertOneOf(name, 'dtype', dtype, ['float32', 'int32']);
      return rounded(draw(name, distribution, shape, 'float32', mean, stdDev, seed), dtype);
    },
  );
}

/**
 * Random numbers from a normal distribution (Box & Muller 1958). The same seed gives the same numbers on every backend, to about 1e-6.
 *
 * @param mean 0 by default
 * @param stdDev the standard deviation; 1 by default
 * @param dtype float32 by default; int32 rounds the numbers
 * @param seed seeds this call alone; when left out, it takes the next key of the global sequence (see {@link setSeed})
 * @throws for an invalid shape, number or dtype
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const weights = dl.randomNormal([10, 64], 0, 0.1);
 * ```
 */
export const randomNormal = normal('randomNormal', 'normal');

/**
 * {@link randomNormal}, where numbers more than two standard deviations from the mean are drawn again.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.truncatedNormal([3], 0, 1).print()); // within 2 of the mean
 * ```
 */
export const truncatedNormal = normal('truncatedNormal', 'truncatedNormal');

/** @throws unless each bound is a number that the dtype can hold (2³¹, one more than the greatest int32, is allowed) */
function assertBounds(name: string, bounds: Readonly<Record<string, unknown>>, dtype: DataType): void {
  const [holds, wanted] =
    dtype === 'int32'
      ? [(v: number) => Math.abs(v) <= 2147483648, 'a number from -2147483648 to 2147483648']
      : [(v: number) => Number.isFinite(Math.fround(v)), 'a number that float32 holds'];
  for (const [argument, value] of Object.entries(bounds)) {
    if (!(typeof value === 'number' && holds(value))) throw wrongArgument(name, argument, value, wanted);
  }
}

/**
 * Uniformly distributed random numbers in [minval, maxval). maxval itself never occurs. The same seed gives the same bits on every backend.
 *
 * @param minval 0 by default
 * @param maxval 1 by default
 * @param dtype float32 by default; int32 rounds down; bool ignores the bounds
 * @param seed seeds this call alone; when left out, it takes the next key of the global sequence (see {@link setSeed})
 * @throws for a bound that the dtype cannot hold
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.randomUniform([2, 3], -1, 1, 'float32', 42).print();
 * ```
 */
export const randomUniform = takingNull(function randomUniform(
  shape: readonly number[],
  minval = 0,
  maxval = 1,
  dtype: DataType = 'float32',
  seed?: number,
): Tensor {
  assertOneOf('randomUniform', 'dtype', dtype, ['float32', 'int32', 'bool']);
  assertBounds('randomUniform', { minval, maxval }, dtype);
  if (dtype === 'bool') return draw('randomUniform', 'integer', shape, dtype, 0, 2, seed);
  return draw('randomUniform', 'uniform', shape, dtype, minval, maxval, seed);
}) as OfShape<[minval?: number, maxval?: number, dtype?: DataType, seed?: number]>;

/**
 * Uniformly distributed random integers in [minval, maxval), as int32. The same seed gives the same bits on every backend.
 *
 * @param seed seeds this call alone; when left out, it takes the next key of the global sequence (see {@link setSeed})
 * @throws unless both are integers within int32 (maxval may be 2147483648) and minval < maxval
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.randomUniformInt([5], 1, 7, 42).print(); // five rolls of a die
 * ```
 */
export function randomUniformInt<const S extends readonly number[], R extends RankOf<S> = RankOf<S>>(
  shape: S,
  minval: number,
  maxval: number,
  seed?: number,
): Tensor<R>;
export function randomUniformInt<R extends Rank = Rank>(
  shape: ShapeMap[R] | number[],
  minval: number,
  maxval: number,
  seed?: number,
): Tensor<R>;
export function randomUniformInt(
  shape: readonly number[],
  minval: number,
  maxval: number,
  seed?: number,
): Tensor {
  if (!Number.isInteger(minval) || !Number.isInteger(maxval) || minval >= maxval) {
    throw new Error(
      `randomUniformInt: arguments 'minval' and 'maxval' are ${described(minval)} and ${described(maxval)}; wanted integers with minval < maxval`,
    );
  }
  assertBounds('randomUniformInt', { minval, maxval }, 'int32');
  return draw('randomUniformInt', 'integer', shape, 'int32', minval, maxval, seed);
}

/**
 * Random numbers from a gamma distribution with mean alpha / beta (Marsaglia & Tsang 2000). The same seed gives the same numbers on every
 * backend, to about 1e-5. The exception is a very small part, where rounding makes one backend reject a candidate that another accepts.
 *
 * @param alpha the shape parameter
 * @param beta the rate, 1 / scale, as in TensorFlow (TensorFlow.js 4.22 takes it as the scale); 1 by default
 * @param dtype float32 by default; int32 rounds the numbers
 * @param seed seeds this call alone; when left out, it takes the next key of the global sequence (see {@link setSeed})
 * @throws unless alpha and beta are greater than 0
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.randomGamma([2, 2], 3, 0.5, 'float32', 42).print();
 * ```
 */
export const randomGamma = op(
  'randomGamma',
  function randomGamma(
    shape: readonly number[],
    alpha: number,
    beta = 1,
    dtype: 'float32' | 'int32' = 'float32',
    seed?: number,
  ): Tensor {
    assertOneOf('randomGamma', 'dtype', dtype, ['float32', 'int32']);
    for (const [argument, value] of Object.entries({ alpha, beta })) {
      if (!(Number.isFinite(value) && value > 0))
        throw wrongArgument('randomGamma', argument, value, 'a finite number greater than 0');
    }
    return rounded(draw('randomGamma', 'gamma', shape, 'float32', alpha, 1 / beta, seed), dtype);
  },
) as OfShape<[alpha: number, beta?: number, dtype?: 'float32' | 'int32', seed?: number]>;

/**
 * Makes a tensor by calling a function once for each element, in row-major order.
 *
 * @param dtype float32 by default; the numbers are converted to it
 * @throws for an invalid shape or dtype, or when `randFunction` is not a function
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.rand([2, 2], () => Math.random()).print();
 * ```
 */
export const rand = takingNull(function rand(
  shape: readonly number[],
  randFunction: () => number,
  dtype: DataType = 'float32',
): Tensor {
  assertShape('rand', shape);
  assertFunction('rand', 'randFunction', randFunction);
  assertDataType('rand', dtype);
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = randFunction();
  return makeTensor('rand', values, [...shape], dtype);
}) as OfShape<[randFunction: () => number, dtype?: DataType]>;
