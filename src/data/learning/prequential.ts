import { isPlainObject } from '../../tensor/container';
import { assertOptions } from '../../tensor/options';
import { assertPositiveInteger, wrongGiven } from '../../streams/checks/arguments';

/** How {@link prequentialMeans} forgets. One of the two; when both are left out, it never does. */
export interface PrequentialOptions {
  /** The mean is of the newest so many batches. */
  readonly window?: number;
  /** By which factor a batch weighs less with each one after it; 0.99, for example, remembers about 100 batches. */
  readonly fading?: number;
}

/** What {@link prequentialMeans} gives. */
export interface PrequentialMeans {
  /** Adds the numbers of a batch, and gives the means. */
  readonly update: (numbers: Readonly<Record<string, number>>) => Record<string, number>;
  /** The state as plain data, for `JSON.stringify`. */
  readonly toJSON: () => unknown;
}

interface State {
  /** By name: the sum with weights, and the sum of the weights. */
  sums: Record<string, readonly [number, number]>;
  /** The newest batches, for a window. */
  newest: Readonly<Record<string, number>>[];
}

/**
 * The means of numbers over time, as a prequential evaluation needs them: over all batches, over a window of the newest, or with a fading factor (Gama,
 * Sebastião & Rodrigues, On evaluating stream learning algorithms, 2013). A batch without a finite number (NaN) leaves out that number.
 *
 * @param state what `toJSON()` of another one gave
 * @throws when an option is wrong
 * @example
 * ```ts
 * import { prequentialMeans } from 'rxtensor/data';
 * const means = prequentialMeans({ window: 2 });
 * means.update({ loss: 4 });
 * means.update({ loss: 2 });
 * console.log(means.update({ loss: 1 }).loss); // 1.5
 * ```
 */
export function prequentialMeans(options: PrequentialOptions = {}, state?: unknown): PrequentialMeans {
  const name = 'prequentialMeans';
  assertOptions<PrequentialOptions>(name, options, { window: 1, fading: 1 });
  assertForgetting(name, options);
  const { window, fading = 1 } = options;
  const now: State = state === undefined ? { sums: {}, newest: [] } : checkedState(name, state);

  const overWindow = (numbers: Readonly<Record<string, number>>): Record<string, number> => {
    now.newest.push({ ...numbers });
    while (now.newest.length > window!) now.newest.shift();
    return Object.fromEntries(
      Object.keys(numbers).map((key) => {
        const finite = now.newest.map((each) => each[key] ?? NaN).filter(Number.isFinite);
        return [key, finite.reduce((sum, each) => sum + each, 0) / finite.length];
      }),
    );
  };
  const faded = (numbers: Readonly<Record<string, number>>): Record<string, number> => {
    const before = new Map(Object.entries(now.sums));
    const sums = Object.entries(numbers).map(([key, number]): [string, readonly [number, number]] => {
      const [sum, weight] = before.get(key) ?? [0, 0];
      return [key, Number.isFinite(number) ? [fading * sum + number, fading * weight + 1] : [sum, weight]];
    });
    now.sums = Object.fromEntries(sums);
    return Object.fromEntries(sums.map(([key, [sum, weight]]) => [key, sum / weight]));
  };
  return { update: window === undefined ? faded : overWindow, toJSON: () => structuredClone(now) };
}

/** @throws when the options say that it forgets in two ways, or in none that there is */
export function assertForgetting(name: string, { window, fading }: PrequentialOptions): void {
  if (window !== undefined) assertPositiveInteger(name, "option 'window'", window);
  if (fading === undefined) return;
  if (window !== undefined)
    throw new Error(`${name}: options 'window' and 'fading' are both given; wanted one`);
  if (!(typeof fading === 'number' && fading > 0 && fading <= 1))
    throw wrongGiven(name, "option 'fading'", fading, 'a number above 0, at most 1');
}

function checkedState(name: string, state: unknown): State {
  const { sums, newest } = (isPlainObject(state) ? state : {}) as Partial<State>;
  const isNumber = (each: unknown): boolean => typeof each === 'number' || each === null;
  const isRight =
    isPlainObject(sums) &&
    Array.isArray(newest) &&
    Object.values(sums).every((each) => Array.isArray(each) && each.length === 2 && each.every(isNumber)) &&
    newest.every((each) => isPlainObject(each) && Object.values(each).every(isNumber));
  if (!isRight) throw wrongGiven(name, "argument 'state'", state, 'what toJSON() gave');
  return { sums: { ...sums }, newest: [...newest] };
}
