import type { OperatorFunction } from 'rxjs';
import { operator } from '../streams/operator';
import { isIntegerFrom } from '../tensor/argument';
import { assertOptionValues } from '../tensor/options';
import { timeOf, type FrameTime } from './frame-time';
import { clock } from './tracked';

/** What {@link rates} measures, and where it finds times. */
export interface RatesOptions<T> {
  /** Over how many of the last values; 60 when left out. */
  readonly window?: number;
  /**
   * When a value was taken, in milliseconds since 1970. When left out, its property `time`, as {@link track} and {@link withTime} give it, or else the capture time of its
   * frame.
   */
  readonly time?: (value: T) => number;
  /** How many frames were dropped so far: what `onDrop` of the source has told; 0 when left out. */
  readonly dropped?: () => number;
}

/** How fast values come. */
export interface Rates<T> {
  /** The value as it came. */
  readonly value: T;
  /** Values a second; 0 for the first one. */
  readonly framesPerSecond: number;
  /** The milliseconds from a value's time to here: the median, and what 95 of 100 stay below. null where the values tell no time. */
  readonly latency: { readonly p50: number; readonly p95: number } | null;
  /** How many frames were dropped so far. */
  readonly dropped: number;
}

/**
 * Passes each value on with how many come a second, how old they are here, and how many were dropped, over the last values.
 *
 * @throws when an option is wrong; as error notifications, what the functions throw
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { rates } from 'rxtensor/vision';
 * import { interval, map, take } from 'rxjs';
 * interval(20)
 *   .pipe(take(3), map(() => ({ time: Date.now() - 5 })), rates())
 *   .subscribe(({ framesPerSecond, latency }) => console.log(framesPerSecond, latency?.p50)); // about 50, about 5
 * ```
 */
export function rates<T>(options: RatesOptions<T> = {}): OperatorFunction<T, Rates<T>> {
  const name = 'rates';
  assertOptionValues<RatesOptions<T>>(name, options, {
    window: [(value) => isIntegerFrom(value, 1), 'a positive integer'],
    time: [(value) => typeof value === 'function', 'a function of a value'],
    dropped: [(value) => typeof value === 'function', 'a function that gives a number'],
  });
  const { window = 60, dropped = () => 0, time = timeOfItsOwn } = options;
  return operator<T, Rates<T>>(name, (output) => {
    const arrivals: number[] = [];
    const ages: number[] = [];
    const keep = (list: number[], number: number, most: number): void => {
      list.push(number);
      if (list.length > most) list.shift();
    };
    return {
      next: (value) => {
        const now = clock();
        // So many steps from one to the next.
        keep(arrivals, now, window + 1);
        const age = now - time(value);
        if (Number.isFinite(age)) keep(ages, age, window);
        const span = now - arrivals[0]!;
        const measured = {
          framesPerSecond: span > 0 ? (1000 * (arrivals.length - 1)) / span : 0,
          latency: latencyOf(ages),
          dropped: dropped(),
        };
        output.emit(() => ({ value, ...measured }));
      },
    };
  });
}

function timeOfItsOwn(value: unknown): number {
  const time = (value as { time?: number | FrameTime | null } | null | undefined)?.time ?? timeOf();
  return (typeof time === 'object' ? time?.capture : time) ?? NaN;
}

function latencyOf(ages: readonly number[]): Rates<never>['latency'] {
  if (ages.length === 0) return null;
  const sorted = [...ages].sort((a, b) => a - b);
  // The nearest rank.
  const below = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!;
  return { p50: below(0.5), p95: below(0.95) };
}
