import type { OperatorFunction } from 'rxjs';
import { operator } from '../operator';
import { assertNumber } from './running-mean';

/**
 * An exponential moving average: each number has `inertia` times the weight of the number after it, so about the last 1 / (1 − inertia)
 * numbers matter. It is corrected for the bias towards 0 at the start (Kingma & Ba, "Adam", 2015, section 3).
 *
 * ```text
 *  source                  --4--1--1--|
 *  exponentialMean(0.5)    --4--2--1.43-|
 * ```
 *
 * @param inertia the weight of the average before, from 0 to below 1
 * @throws (as error notification) for a value that is not a number
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { from } from 'rxjs';
 * from([4, 1, 1]).pipe(dl.exponentialMean(0.5)).subscribe((mean) => console.log(mean)); // 4, 2, 1.43
 * ```
 */
export function exponentialMean(inertia: number): OperatorFunction<number, number> {
  const name = 'exponentialMean';
  if (!(inertia >= 0 && inertia < 1)) {
    throw new Error(`${name}: argument 'inertia' is ${inertia}; wanted a number from 0 to below 1`);
  }
  return operator<number, number>(name, (output) => {
    let sum = 0;
    let weights = 0;
    return {
      next: (value) => {
        // Without inertia an infinity is forgotten too, which 0 · ∞ would not do.
        const kept = inertia === 0 ? 0 : inertia * sum;
        sum = kept + (1 - inertia) * assertNumber(name, value);
        weights = inertia * weights + (1 - inertia);
        output.emit(() => sum / weights);
      },
    };
  });
}
