import { assertPositiveInteger } from '../../streams/checks/arguments';
import { assertOptions } from '../../tensor/options';
import { assertBetween, assertFinite, savedState, type DriftDetector } from './drift-detector';

/** How sure {@link adwin} has to be, and how often it looks. */
export interface AdwinOptions {
  /** The probability of a false alarm at a look, about; 0.002 when left out. */
  readonly delta?: number;
  /** It looks for a change at every `clock`-th number; 32 when left out. */
  readonly clock?: number;
  /** The most buckets of one size; 5 when left out. More of them find the moment of a change more exactly. */
  readonly maxBuckets?: number;
  /** The fewest numbers before and after a change; 5 when left out. */
  readonly minWindow?: number;
  /** The fewest numbers before it looks at all; 10 when left out. */
  readonly gracePeriod?: number;
  /** What `toJSON()` of a detector with the same options gave. */
  readonly state?: unknown;
}

/** Its window shrinks at a change. */
export interface Adwin extends DriftDetector {
  /** How many numbers the window has. */
  readonly width: () => number;
  /** Their variance, divided by their count. */
  readonly variance: () => number;
}

/** A bucket of consecutive numbers: their sum, and the sum of their squared distances from their mean. */
type Bucket = readonly [sum: number, spread: number];

/**
 * ADWIN: a window of the newest numbers that grows while their mean stays and drops its old part when the mean has changed (Bifet &
 * Gavaldà, Learning from time-changing data with adaptive windowing, 2007). The window is an exponential histogram: n numbers take memory for
 * `maxBuckets` · log₂ n buckets. The bound is the paper's, with the variance of the window and δ′ = δ / ln n; as in the authors' own
 * program, a part of k numbers counts as k + 1 − `minWindow`. Defaults are those of river and MOA, and detections are the same.
 *
 * @throws when an option is wrong; `update`, for a number that is not finite
 * @example
 * ```ts
 * import { adwin } from 'rxtensor/data';
 * const detector = adwin();
 * const errors = Array.from({ length: 400 }, (_, i) => (i < 200 ? 0.1 : 0.6) + 0.01 * (i % 3));
 * console.log(errors.findIndex((error) => detector.update(error))); // 223
 * console.log(detector.width() < 100); // true
 * ```
 */
export function adwin(options: AdwinOptions = {}): Adwin {
  const name = 'adwin';
  assertOptions<AdwinOptions>(name, options, {
    ...{ delta: 1, clock: 1, maxBuckets: 1, minWindow: 1, gracePeriod: 1, state: 1 },
  });
  const { delta = 0.002, clock = 32, maxBuckets = 5, minWindow = 5, gracePeriod = 10 } = options;
  assertBetween(name, 'delta', delta, [0, 1]);
  for (const [option, value] of Object.entries({ clock, maxBuckets, minWindow, gracePeriod }))
    assertPositiveInteger(name, `option '${option}'`, value);
  const begin = { rows: [] as Bucket[][], width: 0, sum: 0, spread: 0, ticks: 0 };
  const { rows, ...numbers } = options.state === undefined ? begin : savedState(name, options.state, begin);
  /** Row i has buckets of 2ⁱ numbers, the newest first. */
  const buckets: Bucket[][] = rows.map((row) => row.slice());
  let { width, sum, spread, ticks } = numbers;

  const insert = (value: number): void => {
    (buckets[0] ??= []).unshift([value, 0]);
    if (width > 0) spread += (width * (value - sum / width) ** 2) / (width + 1);
    sum += value;
    width++;
    for (let i = 0; buckets[i]!.length > maxBuckets; i++) {
      const row = buckets[i]!;
      const [olderSum, olderSpread] = row.pop()!;
      const [newerSum, newerSpread] = row.pop()!;
      const between = (2 ** i * ((olderSum - newerSum) / 2 ** i) ** 2) / 2;
      (buckets[i + 1] ??= []).unshift([olderSum + newerSum, olderSpread + newerSpread + between]);
    }
  };

  const dropOldest = (): void => {
    const row = buckets[buckets.length - 1]!;
    const [oldSum, oldSpread] = row.pop()!;
    const count = 2 ** (buckets.length - 1);
    const rest = width - count;
    const between = rest > 0 ? ((count * rest) / width) * (oldSum / count - (sum - oldSum) / rest) ** 2 : 0;
    width = rest;
    sum -= oldSum;
    spread = Math.max(0, spread - oldSpread - between);
    while (buckets.at(-1)?.length === 0) buckets.pop();
  };

  /** Whether the means of the numbers before and after some moment differ by more than chance allows. */
  const hasCut = (): boolean => {
    const confidence = Math.log((2 * Math.log(width)) / delta);
    let before = 0;
    let sumBefore = 0;
    for (let i = buckets.length - 1; i >= 0; i--) {
      for (const [bucketSum] of [...buckets[i]!].reverse()) {
        before += 2 ** i;
        sumBefore += bucketSum;
        const after = width - before;
        if (after < minWindow) return false;
        if (before < minWindow) continue;
        const harmonic = 1 / (before + 1 - minWindow) + 1 / (after + 1 - minWindow);
        const bound =
          Math.sqrt(2 * harmonic * (spread / width) * confidence) + (2 / 3) * confidence * harmonic;
        if (Math.abs(sumBefore / before - (sum - sumBefore) / after) > bound) return true;
      }
    }
    return false;
  };

  return {
    name,
    update: (value) => {
      assertFinite(name, value);
      insert(value);
      if (++ticks % clock !== 0 || width <= gracePeriod) return false;
      let isChanged = false;
      while (hasCut()) {
        isChanged = true;
        dropOldest();
      }
      return isChanged;
    },
    mean: () => (width > 0 ? sum / width : 0),
    width: () => width,
    variance: () => (width > 0 ? spread / width : 0),
    toJSON: () => ({ rows: buckets.map((row) => row.slice()), width, sum, spread, ticks }),
  };
}
