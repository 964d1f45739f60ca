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

/**
 * Sets a random part of the elements to 0 and scales the others by 1 / (1 − rate), so that the expected sum stays (Srivastava et al.,
 * "Dropout", JMLR 2014). The same seed drops the same elements on every backend.
 *
 * @param rate the part that is dropped, in [0, 1)
 * @param noiseShape along axes of extent 1 elements are dropped together; null stands for the extent of x
 * @param seed of this call alone; the global sequence ({@link setSeed}) when left out
 * @throws unless the rate is in [0, 1) and the noise can be broadcast to x
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
});

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
