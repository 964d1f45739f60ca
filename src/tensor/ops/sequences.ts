import { assertFinite, assertInteger, wrongArgument } from '../argument';
import type { DataType } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { assertDataType } from '../dtype';
import type { Tensor1D } from '../tensor';
import { makeTensor } from '../tensor-like';
import { takingNull } from '../op';

/**
 * Makes a float32 vector of `num` equally spaced numbers from start to stop. Both ends are included exactly, and no number lies beyond them.
 *
 * @throws unless start and stop are finite and num is a positive integer
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.linspace(0, 1, 5).print(); // 0, 0.25, 0.5, 0.75, 1
 * ```
 */
export function linspace(start: number, stop: number, num: number): Tensor1D {
  assertFinite('linspace', 'start', start);
  assertFinite('linspace', 'stop', stop);
  assertInteger('linspace', 'num', num, 1);
  const step = num === 1 ? 0 : (stop - start) / (num - 1);
  return dispatchOne('linspace', 'ramp', [], [num], 'float32', { start, step, last: stop }) as Tensor1D;
}

/**
 * Makes a vector of the numbers start, start + step, start + 2·step, … before stop (exclusive).
 *
 * It has ⌈(stop − start) / step⌉ elements. If step is a fraction, that quotient is rounded, and stop itself may be included, as in NumPy;
 * {@link linspace} takes the number of elements instead.
 *
 * @param step when left out, 1, or −1 if stop < start
 * @param dtype float32 by default; int32 truncates each number, bool is true for all but 0
 * @throws unless all numbers are finite and step is not 0
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.range(0, 6, 2).print(); // 0, 2, 4
 * ```
 */
export const range = takingNull(function range(
  start: number,
  stop: number,
  step?: number | null,
  dtype: DataType = 'float32',
): Tensor1D {
  assertFinite('range', 'start', start);
  assertFinite('range', 'stop', stop);
  const by = step ?? (stop < start ? -1 : 1);
  if (by === 0 || !Number.isFinite(by))
    throw wrongArgument('range', 'step', by, 'a finite number other than 0');
  assertDataType('range', dtype);
  const count = Math.max(0, Math.ceil((stop - start) / by));
  // The kernel computes in the dtype, which must be able to hold start and step.
  if (dtype === 'float32' || (dtype === 'int32' && Number.isInteger(start) && Number.isInteger(by))) {
    return dispatchOne('range', 'ramp', [], [count], dtype, { start, step: by }) as Tensor1D;
  }
  const values = Array.from({ length: count }, (_, i) => start + i * by);
  return makeTensor('range', values, [count], dtype) as Tensor1D;
});
