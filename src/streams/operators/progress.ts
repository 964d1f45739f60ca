import type { OperatorFunction, SchedulerLike } from 'rxjs';
import { trailNow } from '../emission';
import { assertScheduler } from '../given';
import { operator } from '../operator';
import type { Place } from '../trail';
import { assertOptions } from '../../tensor/options';

/** How far a run has come. What cannot be known is null. */
export interface Progress<T> {
  /** The value that came. */
  readonly value: T;
  /** The number of the step that was taken with it, as the optimizer counts: 1, 2, … Where nothing is trained, of the value. */
  readonly step: number;
  /** The epoch that its last example belongs to, counted from 1. */
  readonly epoch: number | null;
  /** The share of the whole that is done, 0 to 1. */
  readonly fraction: number | null;
  /** Values a second, of late. */
  readonly perSecond: number | null;
  /** Until the source is through, at the speed of late. */
  readonly secondsLeft: number | null;
}

/** How {@link progress} measures the speed. */
export interface ProgressOptions {
  /** From how many of the last values the speed is told; 100 when left out. */
  readonly window?: number;
  /** Tells the time: for tests on virtual time. The system's clock when left out. */
  readonly scheduler?: SchedulerLike;
}

/** When a value came, and which one it was. */
interface Arrival {
  readonly time: number;
  readonly position: number | null;
}

/**
 * Each value with how far the run has come: the source above (`examples`, `idx`) knows its place in the data, and {@link trainStep} its step. Below operators
 * that emit later (`download`, `mapTensorAsync`, `across`) they are known too.
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
        count++;
        arrivals.push({ time: now(), position: place?.position ?? null });
        if (arrivals.length > window) arrivals.shift();
        output.emit(() => ({
          value,
          step: steps[0]?.step ?? count,
          epoch: epochOf(place),
          fraction: place && fractionOf(place),
          perSecond: perSecondOf(arrivals),
          secondsLeft: place && secondsLeftOf(place, arrivals),
        }));
      },
    };
  });
}

function epochOf(place: Place | null): number | null {
  if (!place?.length) return null;
  return Math.max(1, Math.ceil(place.position / place.length));
}

/** How many examples there are in all. */
function totalOf({ length, epochs }: Place): number | null {
  return length === null || epochs === Infinity ? null : length * epochs;
}

function fractionOf(place: Place): number | null {
  const total = totalOf(place);
  return total && place.position / total;
}

function perSecondOf(arrivals: readonly Arrival[]): number | null {
  const seconds = secondsOf(arrivals);
  return seconds === null ? null : (arrivals.length - 1) / seconds;
}

function secondsLeftOf(place: Place, arrivals: readonly Arrival[]): number | null {
  const total = totalOf(place);
  const seconds = secondsOf(arrivals);
  const first = arrivals[0]?.position ?? null;
  if (total === null || seconds === null || first === null || first >= place.position) return null;
  return ((total - place.position) * seconds) / (place.position - first);
}

/** From the first to the last; null while there is nothing to measure. */
function secondsOf(arrivals: readonly Arrival[]): number | null {
  const seconds = (arrivals.at(-1)!.time - arrivals[0]!.time) / 1000;
  return seconds > 0 ? seconds : null;
}
