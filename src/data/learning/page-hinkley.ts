import { assertPositiveInteger, wrongGiven } from '../../streams/checks/arguments';
import { assertOptions } from '../../tensor/options';
import { assertBetween, assertFinite, savedState, type DriftDetector } from './drift-detector';

/** Which changes {@link pageHinkley} finds. */
export interface PageHinkleyOptions {
  /** The fewest numbers before a change; 30 when left out. */
  readonly minInstances?: number;
  /** How far the mean may move without a change; 0.005 when left out. */
  readonly delta?: number;
  /** The sum of deviations that is a change; 50 when left out. */
  readonly threshold?: number;
  /** By which factor the sums forget with each number; 0.9999 when left out. */
  readonly alpha?: number;
  /** Which changes count: of the mean upwards, downwards, or both, when left out. */
  readonly direction?: 'up' | 'down' | 'both';
  /** What `toJSON()` of a detector with the same options gave. */
  readonly state?: unknown;
}

/**
 * The Page-Hinkley test: adds up how far numbers are from their mean so far, and finds a change when such a sum has moved far from its extreme
 * (Page, Continuous inspection schemes, 1954; Hinkley 1971). After a change it begins anew with the next number. Defaults and detections are
 * those of river.
 *
 * @throws when an option is wrong; `update`, for a number that is not finite
 * @example
 * ```ts
 * import { pageHinkley } from 'rxtensor/data';
 * const detector = pageHinkley({ threshold: 5 });
 * const errors = Array.from({ length: 400 }, (_, i) => (i < 200 ? 0.1 : 0.6));
 * console.log(errors.findIndex((error) => detector.update(error))); // 210
 * ```
 */
export function pageHinkley(options: PageHinkleyOptions = {}): DriftDetector {
  const name = 'pageHinkley';
  assertOptions<PageHinkleyOptions>(name, options, {
    ...{ minInstances: 1, delta: 1, threshold: 1, alpha: 1, direction: 1, state: 1 },
  });
  const { minInstances = 30, delta = 0.005, threshold = 50, alpha = 0.9999, direction = 'both' } = options;
  assertPositiveInteger(name, "option 'minInstances'", minInstances);
  if (!(typeof delta === 'number' && delta >= 0))
    throw wrongGiven(name, "option 'delta'", delta, 'a number that is not negative');
  assertBetween(name, 'threshold', threshold, [0, Infinity]);
  if (!(typeof alpha === 'number' && alpha > 0 && alpha <= 1))
    throw wrongGiven(name, "option 'alpha'", alpha, 'a number above 0, at most 1');
  if (direction !== 'up' && direction !== 'down' && direction !== 'both')
    throw wrongGiven(name, "option 'direction'", direction, "'up', 'down' or 'both'");
  const begin = { count: 0, mean: 0, up: 0, down: 0, least: 0, most: 0, isChanged: 0 };
  let now = options.state === undefined ? begin : savedState(name, options.state, begin);

  return {
    name,
    update: (value) => {
      assertFinite(name, value);
      const before = now.isChanged ? begin : now;
      const count = before.count + 1;
      const mean = before.mean + (value - before.mean) / count;
      const up = alpha * before.up + value - mean - delta;
      const down = alpha * before.down + value - mean + delta;
      // The sums so far, without the one before the first number.
      const least = count === 1 ? up : Math.min(before.least, up);
      const most = count === 1 ? down : Math.max(before.most, down);
      const isUp = direction !== 'down' && up - least > threshold;
      const isDown = direction !== 'up' && most - down > threshold;
      const isChanged = count >= minInstances && (isUp || isDown);
      now = { count, mean, up, down, least, most, isChanged: Number(isChanged) };
      return isChanged;
    },
    mean: () => now.mean,
    toJSON: () => ({ ...now }),
  };
}
