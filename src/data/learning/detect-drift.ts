import type { OperatorFunction } from 'rxjs';
import { operator } from '../../streams/operator';
import { wrongGiven } from '../../streams/checks/arguments';
import { assertOptions } from '../../tensor/options';
import type { DriftDetector } from './drift-detector';

/** What {@link detectDrift} watches. */
export interface DetectDriftOptions<T> {
  /** The number in a value. When left out, the value itself. */
  readonly of?: (value: T) => number;
}

/** What {@link detectDrift} emits. */
export interface Drifting<T> {
  /** The value as it came. */
  readonly value: T;
  /** Whether the mean of the numbers has changed with this value. */
  readonly isDrift: boolean;
  /** The mean since the last change. */
  readonly mean: number;
}

/**
 * Tells of each value whether the mean of a number in the values has changed: the errors of a model, which show that the world is no longer the one it learnt.
 *
 * ```text
 *  errors                    --0.1--0.1--…--0.6--0.6--0.6--
 *  detectDrift(adwin())      --no---no---…--no---no---yes--
 * ```
 *
 * The detector is yours: it goes on from its state with each subscription, and a checkpoint can keep it.
 *
 * @throws (as error notification) for a number that is not finite, with the name of the detector
 * @example
 * ```ts
 * import { adwin, detectDrift } from 'rxtensor/data';
 * import { from } from 'rxjs';
 * const errors = Array.from({ length: 300 }, (_, i) => (i < 200 ? 0.1 : 0.9));
 * from(errors)
 *   .pipe(detectDrift(adwin()))
 *   .subscribe(({ isDrift, mean }) => {
 *     if (isDrift) console.log(mean); // once
 *   });
 * ```
 */
export function detectDrift<T>(
  detector: DriftDetector,
  options: DetectDriftOptions<T> = {},
): OperatorFunction<T, Drifting<T>> {
  const name = 'detectDrift';
  if (typeof (detector as Partial<DriftDetector> | undefined)?.update !== 'function')
    throw wrongGiven(name, "argument 'detector'", detector, 'a detector, as adwin()');
  assertOptions<DetectDriftOptions<T>>(name, options, { of: 1 });
  const { of = (value: T) => value as number } = options;
  if (typeof of !== 'function') throw wrongGiven(name, "option 'of'", of, 'a function that gives a number');
  return operator<T, Drifting<T>>(name, (output) => ({
    next: (value) => {
      const number = of(value);
      if (typeof number !== 'number')
        throw new Error(
          `${name}: the value has ${typeof number} to watch; wanted a number, or the option 'of'`,
        );
      const isDrift = detector.update(number);
      output.emit(() => ({ value, isDrift, mean: detector.mean() }));
    },
  }));
}
