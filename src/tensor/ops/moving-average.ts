import { sameShape } from '../../kernels';
import { op } from '../op';
import { formatShape, isRepeatable } from '../shape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { add, div, mul, sub } from './arithmetic';
import { castTo } from './cast';
import { zerosLike } from './creation';
import { pow } from './pow';
import { isFinite } from './unary';
import { where } from './where';

/**
 * One step of an exponential moving average: v + (x − v)·(1 − decay). It returns the new average and leaves v as it is.
 *
 * @param v the average before
 * @param x the new value, of v's shape and dtype
 * @param decay the weight of the old average, from 0 to 1
 * @param step the number of steps including this one; required with `zeroDebias`
 * @param zeroDebias divides the change by 1 − decay^step, for averages that start at 0 (Kingma & Ba, "Adam", ICLR 2015, section 3); true
 *   by default
 * @throws when shapes or dtypes differ, or `zeroDebias` is true and `step` is missing
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.movingAverage([0], [4], 0.75, 1).print(); // 4
 * dl.movingAverage([0], [4], 0.75, undefined, false).print(); // 1
 * ```
 */
export const movingAverage = op('movingAverage', function movingAverage<
  T extends Tensor,
>(v: T | TensorInput, x: T | TensorInput, decay: number | TensorInput, step?: number | TensorInput | null, zeroDebias = true): T {
  const average = asTensor('movingAverage', 'v', v);
  const value = asTensor('movingAverage', 'x', x);
  if (average.dtype !== value.dtype || !sameShape(average.shape, value.shape)) {
    throw new Error(
      `movingAverage: arguments 'v' and 'x' are ${average.dtype} of shape ${formatShape(average.shape)} and ` +
        `${value.dtype} of shape ${formatShape(value.shape)}; wanted one dtype and shape`,
    );
  }
  const factor = repeatable('decay', decay, value);
  const isMissing = step === undefined || step === null;
  if (isMissing && zeroDebias) {
    throw new Error("movingAverage: argument 'step' is missing; wanted a number, or zeroDebias false");
  }
  const count = isMissing ? factor : repeatable('step', step, value);
  const change = mul(distance(average, value), sub(1, factor));
  if (!zeroDebias) return add<T>(average, change);
  return add<T>(average, div(change, sub(1, pow(factor, count))));
});

/** x − average; where the average is not finite, x, so that an infinite average does not become NaN by a finite x. */
function distance(average: Tensor, x: Tensor): Tensor {
  return sub(x, where(isFinite(average), average, zerosLike(average)));
}

/** Converts an argument to float32. @throws unless it can be broadcast to x */
function repeatable(argument: string, given: TensorInput, x: Tensor): Tensor {
  const each = asTensor('movingAverage', argument, given, 'float32');
  if (!isRepeatable(each.shape, x.shape)) {
    throw new Error(
      `movingAverage: argument '${argument}' has shape ${formatShape(each.shape)}; wanted one that can be broadcast to ${formatShape(x.shape)}, the shape of 'x'`,
    );
  }
  return castTo(each, 'float32');
}
