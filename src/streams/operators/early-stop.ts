import type { MonoTypeOperatorFunction } from 'rxjs';
import type { Variable } from '../../tensor/variable';
import { isPlainObject } from '../../tensor/container';
import { trailNow } from '../emission';
import { assertPositiveInteger, wrongGiven } from '../checks/arguments';
import { operator } from '../operator';
import { parameters, RememberedVariables } from '../ownership/remembered-variables';
import { assertOptions as assertKnown } from '../../tensor/options';

/** Which number {@link earlyStop} watches, when it stops, and which variables it restores. */
export interface EarlyStopOptions<T> {
  /** The number of values in a row without an improvement after which it stops. */
  readonly patience: number;
  /** A number has to be better by more than this to count as an improvement; 0 when left out. */
  readonly minDelta?: number;
  /**
   * The number to watch in a value; values without one (null) pass and do not count. When left out, the value itself where it is a number, and the
   * `validation` that {@link validate} emits.
   */
  readonly of?: (value: T) => number | null | undefined;
  /** Whether smaller numbers are better (a loss: 'min', when left out) or greater ones (an accuracy: 'max'). */
  readonly mode?: 'min' | 'max';
  /** When the stream completes, sets the variables to the values that they had at the best number. */
  readonly restoreBest?: boolean;
  /** The variables to restore; all when left out. */
  readonly variables?: readonly Variable[];
}

/**
 * Completes when a number has not improved `patience` times in a row. Values pass through, the last one too. The first number counts as an
 * improvement, be it infinite; NaN never does.
 *
 * ```text
 *  losses                      --5--3--4--3--2
 *  earlyStop({patience: 2})    --5--3--4--(3|)
 * ```
 *
 * With `restoreBest`, the variables get the values that they had at the best number. Below {@link validate}, these are the values that were measured.
 * Elsewhere they are the values when the number arrives, which below `download` may be a step later.
 *
 * @throws (as error notification) for a value in which there is no number to watch
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { from } from 'rxjs';
 * from([5, 3, 4, 3, 2])
 *   .pipe(dl.earlyStop({ patience: 2 }))
 *   .subscribe((loss) => console.log(loss)); // 5, 3, 4, 3
 * ```
 */
export function earlyStop<T>(options: EarlyStopOptions<T>): MonoTypeOperatorFunction<T> {
  const name = 'earlyStop';
  assertOptions(name, options);
  const { patience, minDelta = 0, mode = 'min', restoreBest = false, variables } = options;
  const numberOf = options.of ?? ((value: T) => watchedNumber(name, value));
  /** The first number is the best so far, be it infinite; NaN never is. */
  const isBetter = (found: number, than: number | null): boolean => {
    if (than === null) return !Number.isNaN(found);
    return mode === 'min' ? found < than - minDelta : found > than + minDelta;
  };
  return operator<T, T>(name, (output) => {
    let best: number | null = null;
    let sinceBest = 0;
    let bestValues: RememberedVariables | null = null;
    const complete = (): void => {
      bestValues?.restore();
      output.complete();
    };
    return {
      next: (value) => {
        const found = numberOf(value) ?? null;
        // The function may have ended the subscription: nothing is held for it any more.
        if (!output.isOpen()) return;
        if (found !== null) {
          const isImprovement = isBetter(found, best);
          sinceBest = isImprovement ? 0 : sinceBest + 1;
          if (isImprovement) best = found;
          if (isImprovement && restoreBest) {
            bestValues?.release();
            bestValues = trailNow().measured?.copy() ?? RememberedVariables.of(variables ?? parameters());
          }
        }
        output.emit(() => value);
        // Whoever is below may have left: nothing is restored for it any more.
        if (sinceBest >= patience && output.isOpen()) complete();
      },
      complete,
      teardown: () => bestValues?.release(),
    };
  });
}

/** The number to watch when the option `of` is left out. */
function watchedNumber(name: string, value: unknown): number | null {
  const number = isPlainObject(value) && 'validation' in value ? value.validation : value;
  if (typeof number === 'number' || number === null) return number;
  throw new Error(
    `${name}: there is no number to watch in the value; wanted a number, {value, validation} with a number as validate() emits it, or the ` +
      "option 'of', which gives the number of a value",
  );
}

function assertOptions<T>(name: string, options: EarlyStopOptions<T>): void {
  assertKnown<EarlyStopOptions<T>>(name, options, {
    ...{ patience: 1, minDelta: 1, of: 1, mode: 1, restoreBest: 1, variables: 1 },
  });
  const { patience, minDelta = 0, mode = 'min', of, variables } = options;
  assertPositiveInteger(name, "option 'patience'", patience);
  if (!(minDelta >= 0))
    throw new Error(`${name}: option 'minDelta' is ${minDelta}; wanted a number, not negative`);
  if (mode !== 'min' && mode !== 'max')
    throw new Error(`${name}: option 'mode' is ${String(mode)}; wanted 'min' or 'max'`);
  if (variables !== undefined && !Array.isArray(variables))
    throw wrongGiven(name, "option 'variables'", variables, 'an array of variables');
  if (of !== undefined && typeof of !== 'function')
    throw new Error(`${name}: option 'of' is ${typeof of}; wanted a function`);
}
