import type { OperatorFunction, SchedulerLike } from 'rxjs';
import { trailNow } from '../emission';
import { assertScheduler } from '../checks/arguments';
import { operator } from '../operator';
import type { Place } from '../trail';
import { assertOptions } from '../../tensor/options';

/** How far a run has come. Fields that are unknown are null. */
export interface Progress<T> {
  /** The value that came. */
  readonly value: T;
  /** The number of the optimizer's step that was taken with the value: 1, 2, … When nothing is trained, the number of the value. */
  readonly step: number;
  /** The epoch of the value's last example, counted from 1. */
  readonly epoch: number | null;
  /** The fraction of all examples that is done, 0 to 1; of the file's bytes that are read, where the number of examples is unknown. */
  readonly fraction: number | null;
  /** Values per second, over the last `window` values. */
  readonly perSecond: number | null;
  /** Seconds until the source completes, at that speed. */
  readonly secondsLeft: number | null;
}

/** How {@link progress} measures the speed. */
export interface ProgressOptions {
  /** Over how many of the last values the speed is measured; 100 when left out. */
  readonly window?: number;
  /** The clock, for tests on virtual time; the system's when left out. */
  readonly scheduler?: SchedulerLike;
}

/** How much is done: examples, or the share of the bytes. */
interface Done {
  readonly done: number;
  readonly total: number;
}

/** When a value came, and how much was done then. */
interface Arrival {
  readonly time: number;
  readonly done: Done | null;
}

/**
 * Emits each value together with the progress of the run. The source above (`examples`, `idx`, `csv`) gives the place in the data, {@link trainStep} the
 * number of the step. It also works below operators that emit later (`download`, `mapTensorAsync`, `across`).
 *
 * ```text
 *  losses        --3---------2---------1|
 *  progress()    --{value: 3, step: 1, fraction: 0.33, …}--{value: 2, step: 2, fraction: 0.67, …}--…|
 * ```
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.examples([1, 2, 3, 4], { epochs: 2 })
 *   .pipe(dl.batch(2), dl.progress())
 *   .subscribe(({ epoch, fraction, secondsLeft }) => console.log(epoch, fraction, secondsLeft)); // 1 0.25 null, …
 * ```
 */
export function progress<T>(options: ProgressOptions = {}): OperatorFunction<T, Progress<T>> {
  const name = 'progress';
  assertOptions<ProgressOptions>(name, options, { window: 1, scheduler: 1 });
  const { window = 100, scheduler } = options;
  if (!Number.isInteger(window) || window < 2) {
    throw new Error(`${name}: option 'window' is ${window}; wanted an integer of at least 2`);
  }
  assertScheduler(name, scheduler);
  const now = scheduler ? () => scheduler.now() : () => performance.now();
  return operator<T, Progress<T>>(name, (output) => {
    const arrivals: Arrival[] = [];
    let count = 0;
    return {
      next: (value) => {
        const { place, steps } = trailNow();
        const done = place && doneAt(place);
        count++;
        arrivals.push({ time: now(), done });
        if (arrivals.length > window) arrivals.shift();
        output.emit(() => ({
          value,
          step: steps[0]?.step ?? count,
          epoch: epochOf(place),
          fraction: done && (done.total === 0 ? 0 : done.done / done.total),
          perSecond: perSecondOf(arrivals),
          secondsLeft: secondsLeftOf(arrivals),
        }));
      },
    };
  });
}

function epochOf(place: Place | null): number | null {
  if (!place?.length) return null;
  return Math.max(1, Math.ceil(place.position / place.length));
}

function doneAt({ position, length, epochs, fraction }: Place): Done | null {
  if (length !== null && epochs !== Infinity) return { done: position, total: length * epochs };
  return fraction === null || fraction === undefined ? null : { done: fraction, total: 1 };
}

function perSecondOf(arrivals: readonly Arrival[]): number | null {
  const seconds = secondsOf(arrivals);
  return seconds === null ? null : (arrivals.length - 1) / seconds;
}

function secondsLeftOf(arrivals: readonly Arrival[]): number | null {
  const seconds = secondsOf(arrivals);
  const [first, last] = [arrivals[0]!.done, arrivals.at(-1)!.done];
  // The first epoch of a file tells its length: what was done before is counted in bytes.
  if (seconds === null || !first || first.total !== last?.total || first.done >= last.done) return null;
  return ((last.total - last.done) * seconds) / (last.done - first.done);
}

/** The seconds between the first and the last arrival; null when there are none. */
function secondsOf(arrivals: readonly Arrival[]): number | null {
  const seconds = (arrivals.at(-1)!.time - arrivals[0]!.time) / 1000;
  return seconds > 0 ? seconds : null;
}
