import { assertFinite, wrongArgument } from '../argument';
import { op } from '../op';
import { formatShape, isRepeatable } from '../shape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { greaterEqual, mul } from './arithmetic';
import { castTo, clone } from './cast';
import { scalar } from './creation';
import { randomUniform } from './random';
import { where } from './where';
import type { KeepsRank } from './keeps-rank';

/**
 * Sets random elements to 0 and multiplies the others by 1 / (1 − rate), so that the expected value stays the same (Srivastava et al.,
 * "Dropout", JMLR 2014). The result is float32. The same seed drops the same elements on every backend.
 *
 * @param rate the probability of an element to be dropped, in [0, 1)
 * @param noiseShape the shape of the random choices, of x's rank. Along an axis where it is 1, elements are dropped together; null stands
 *   for the extent of x
 * @param seed seeds this call alone; when left out, it takes the next key of the global sequence (see {@link setSeed})
 * @throws unless the rate is in [0, 1) and `noiseShape` can be broadcast to the shape of x
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.dropout(dl.ones([2, 3]), 0.5, null, 7).print(); // zeros and twos
 * ```
 */
export const dropout = op('dropout', function dropout<
  T extends Tensor,
>(x: T | TensorInput, rate: number, noiseShape?: readonly (number | null)[] | null, seed?: number): T {
  const given = asTensor('dropout', 'x', x, 'float32');
  if (!(typeof rate === 'number' && rate >= 0 && rate < 1))
    throw wrongArgument('dropout', 'rate', rate, 'a number in [0, 1)');
  const shape = noiseShapeOf(given, noiseShape);
  if ((seed ?? null) !== null) assertFinite('dropout', 'seed', seed);
  const value = castTo(given, 'float32');
  if (rate === 0) return clone(value) as T;
  const kept = greaterEqual(randomUniform(shape, 0, 1, 'float32', seed), rate);
  return mul<T>(value, where(kept, scalar(1 / (1 - rate)), scalar(0)));
}) as KeepsRank<Tensor, [rate: number, noiseShape?: readonly (number | null)[] | null, seed?: number]>;

function noiseShapeOf(x: Tensor, noiseShape: readonly (number | null)[] | null | undefined): number[] {
  if (noiseShape === null || noiseShape === undefined) return [...x.shape];
  const isList = Array.isArray(noiseShape);
  const shape = isList
    ? noiseShape.map((extent, axis) => (extent as number | null) ?? x.shape[axis] ?? NaN)
    : [];
  if (!isList || shape.length !== x.rank || !isRepeatable(shape, x.shape)) {
    throw wrongArgument('dropout', 'noiseShape', noiseShape, `extents of ${formatShape(x.shape)}, 1 or null`);
  }
  return shape;
}
