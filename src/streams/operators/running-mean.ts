import type { OperatorFunction } from 'rxjs';
import { assertPositiveInteger } from '../checks/arguments';
import { operator } from '../operator';

/**
 * The mean of the numbers so far, or of the last `window` of them.
 *
 * ```text
 *  source            --1--2--6--|
 *  runningMean()     --1--1.5-3-|
 *  runningMean(2)    --1--1.5-4-|
 * ```
 *
 * @param window how many numbers; all when left out
 * @throws (as error notification) for a value that is not a number
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { from } from 'rxjs';
 * from([1, 2, 6]).pipe(dl.runningMean(2)).subscribe((mean) => console.log(mean)); // 1, 1.5, 4
 * ```
 */
export function runningMean(window = Infinity): OperatorFunction<number, number> {
  const name = 'runningMean';
  assertPositiveInteger(name, "argument 'window'", window, 'infinite too');
  return operator<number, number>(name, (output) => {
    const mean = window === Infinity ? meanOfAll() : meanOfLast(window);
    return { next: (value) => output.emit(() => mean(assertNumber(name, value))) };
  });
}

/** @throws unless it is a number */
export function assertNumber(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new Error(`${name}: the value is ${typeof value}; wanted a number, as download() gives of a scalar`);
}

/**
 * Updates the mean by the difference to each number instead of adding all up, so that long runs lose no precision. An infinite mean stays
 * infinite, and becomes NaN when the opposite infinity comes, as a sum does.
 */
function meanOfAll(): (value: number) => number {
  let mean = 0;
  let count = 0;
  return (value) => {
    count++;
    const distance = value - mean;
    if (!Number.isFinite(mean)) mean += value;
    // The difference of two large numbers of opposite signs overflows, though its quotient by the count does not.
    else mean += Number.isFinite(distance) ? distance / count : value / count - mean / count;
    return mean;
  };
}

/** Sums the window anew each time, so that a NaN or an infinity is forgotten when it leaves the window. */
function meanOfLast(window: number): (value: number) => number {
  const last: number[] = [];
  return (value) => {
    last.push(value);
    if (last.length > window) last.shift();
    const sum = last.reduce((total, each) => total + each, 0);
    if (Number.isFinite(sum)) return sum / last.length;
    return last.reduce((total, each) => total + each / last.length, 0);
  };
}
