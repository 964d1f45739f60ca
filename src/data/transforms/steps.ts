import { assertOptions } from '../../tensor/options';
import type { DatePart } from './dates';
import { made, named, single } from './make-step';
import type { Step } from './step';
import { wordOf } from './words';

/** What {@link impute} puts in the place of missing values. */
export interface ImputeOptions {
  /** The mean or the median of the column (of the rows that it is fitted on), or a constant; `'median'` when left out. */
  readonly with?: 'mean' | 'median' | 'constant';
  /** The constant: a number, or a text for columns of text. */
  readonly value?: number | string;
}

/**
 * A step that fills in missing values: NaN in columns of numbers, and the empty text in columns of text (by a constant). A column of numbers [rows] becomes float32 [rows]; one of text stays text.
 *
 * @example
 * ```ts
 * import { fit, impute, transformRow } from 'rxtensor/data';
 * import { from } from 'rxjs';
 * from([{ age: 20 }, { age: NaN }, { age: 30 }])
 *   .pipe(fit([impute('age', { with: 'mean' })]))
 *   .subscribe((steps) => console.log(transformRow(steps, { age: NaN }))); // { age: 25 }
 * ```
 */
export function impute(columns: string | readonly string[], options: ImputeOptions = {}): Step {
  const kind = 'impute';
  assertOptions<ImputeOptions>(kind, options, { with: 1, value: 1 });
  const { with: by = 'median', value } = options;
  return made(kind, named(kind, columns), value === undefined ? { with: by } : { with: by, value });
}

/**
 * A step that makes the mean 0 and the standard deviation 1: (x − mean) / scale. The scale of a column of equal values is 1. Each column [rows] becomes float32 [rows]; NaN stays NaN.
 *
 * @param given the means and scales, where they are known without a fit
 * @example
 * ```ts
 * import { standardise, transformRow } from 'rxtensor/data';
 * const step = standardise('x', { mean: [10], scale: [2] });
 * console.log(transformRow([step], { x: 14 })); // { x: 2 }
 * ```
 */
export function standardise(
  columns: string | readonly string[],
  given?: { readonly mean: readonly number[]; readonly scale: readonly number[] },
): Step {
  const kind = 'standardise';
  return made(kind, named(kind, columns), {}, given && { mean: given.mean, scale: given.scale });
}

/** How {@link minMax} scales. */
export interface MinMaxOptions {
  /** What the least and the greatest value become; [0, 1] when left out. */
  readonly range?: readonly [low: number, high: number];
  /** The least value of each column, where it is known without a fit. */
  readonly least?: readonly number[];
  /** The greatest value of each column, where it is known without a fit. */
  readonly most?: readonly number[];
}

/**
 * A step that scales columns linearly, so that their least value becomes 0 and their greatest 1. Values that lie outside of those that were fitted lie outside of the range. Each column [rows] becomes float32 [rows]; NaN stays NaN.
 *
 * @example
 * ```ts
 * import { minMax, transformRow } from 'rxtensor/data';
 * console.log(transformRow([minMax('x', { least: [0], most: [10] })], { x: 5 })); // { x: 0.5 }
 * ```
 */
export function minMax(columns: string | readonly string[], options: MinMaxOptions = {}): Step {
  const kind = 'minMax';
  assertOptions<MinMaxOptions>(kind, options, { range: 1, least: 1, most: 1 });
  const { range = [0, 1], least, most } = options;
  const given = least || most ? { least, most } : null;
  return made(kind, named(kind, columns), { range: Array.isArray(range) ? [...range] : range }, given);
}

/**
 * A step that makes the median 0 and the distance of the quartiles 1: a few extreme values change little. Each column [rows] becomes float32 [rows]; NaN stays NaN.
 *
 * @param given the quartiles and medians, where they are known without a fit
 * @example
 * ```ts
 * import { robust, transformRow } from 'rxtensor/data';
 * const step = robust('x', { median: [10], lower: [8], upper: [12] });
 * console.log(transformRow([step], { x: 14 })); // { x: 1 }
 * ```
 */
export function robust(
  columns: string | readonly string[],
  given?: {
    readonly median: readonly number[];
    readonly lower: readonly number[];
    readonly upper: readonly number[];
  },
): Step {
  const kind = 'robust';
  return made(
    kind,
    named(kind, columns),
    {},
    given && { median: given.median, lower: given.lower, upper: given.upper },
  );
}

/** What {@link vocabulary} and {@link oneHotColumns} take. */
export interface VocabularyOptions {
  /** The values, where they are known without a fit. */
  readonly words?: readonly (string | number)[];
  /** How many different values there may be, so that a column of names is not taken for categories; 10,000 when left out. */
  readonly most?: number;
}

function worded(kind: string, column: string, options: VocabularyOptions): Step {
  assertOptions<VocabularyOptions>(kind, options, { words: 1, most: 1 });
  const { words, most = 10_000 } = options;
  const given = words && { words: Array.isArray(words) ? words.map(wordOf) : words };
  return made(kind, single(kind, column), { most }, given);
}

/**
 * A step that numbers the values of a column, in their order, from 0 on: a column [rows] of text, numbers or booleans becomes int32 [rows], which metrics and losses take as classes. A value that was not there when it was fitted gets the number after the last. Numbers are the same values in a file and in a plain row: they are told apart as float32 does, integers exactly.
 * A float32 column with numbers from 2²⁴ on is refused, since it has rounded them: read it as int32 or string.
 *
 * @example
 * ```ts
 * import { transformRow, vocabulary } from 'rxtensor/data';
 * const steps = [vocabulary('city', { words: ['Bern', 'Oslo'] })];
 * console.log(transformRow(steps, { city: 'Oslo' }), transformRow(steps, { city: 'Rome' })); // { city: 1 } { city: 2 }
 * ```
 */
export function vocabulary(column: string, options: VocabularyOptions = {}): Step {
  return worded('vocabulary', column, options);
}

/**
 * A step that makes a float32 column [rows] of each value of a column, 1 in the rows that have it and 0 in others: `city` becomes `city=Bern` and `city=Oslo`. A value that was not
 * there when it was fitted is 0 in all of them.
 *
 * @example
 * ```ts
 * import { oneHotColumns, transformRow } from 'rxtensor/data';
 * console.log(transformRow([oneHotColumns('city', { words: ['Bern', 'Oslo'] })], { city: 'Oslo' })); // { 'city=Bern': 0, 'city=Oslo': 1 }
 * ```
 */
export function oneHotColumns(column: string, options: VocabularyOptions = {}): Step {
  return worded('oneHotColumns', column, options);
}

/**
 * A step that puts values into `buckets` by their hash (MurmurHash3 of the text), as int32 from 0 on: categories without a vocabulary, for embeddings.
 *
 * @example
 * ```ts
 * import { hashing, transformRow } from 'rxtensor/data';
 * console.log(transformRow([hashing('user', 1000)], { user: 'ann' })); // a number from 0 to 999, always the same
 * ```
 */
export function hashing(
  columns: string | readonly string[],
  buckets: number,
  options: { readonly seed?: number } = {},
): Step {
  const kind = 'hashing';
  assertOptions<{ seed?: number }>(kind, options, { seed: 1 });
  const { seed = 0 } = options;
  return made(kind, named(kind, columns), { buckets, seed }, null, 'buckets');
}

/**
 * A step that takes dates apart, in universal time: `when` becomes `when.hour`, `when.weekday` (0 is Monday), … A date is a text in ISO 8601 (`2026-01-31`, `2026-01-31 12:00:00+01`), one as `Jan 31 2026 12:00 PST`
 * or `1/31/2026` (month first, as `Date` reads it), or seconds since 1970, in an int32 column or a text (float32 would round them, which is an error). Numbers that as seconds lie outside of
 * the years 1000 to 3000, as milliseconds do, are refused, and so are days that there are not and dates as `31.1.2026` or `1/31/26`.
 *
 * @example
 * ```ts
 * import { cyclic, dates, transformRow } from 'rxtensor/data';
 * const steps = [dates('at', ['hour', 'weekday']), cyclic('at.hour', 24)];
 * console.log(transformRow(steps, { at: '2026-01-05T18:00:00Z' })); // { 'at.weekday': 0, 'at.hour.sin': -1, 'at.hour.cos': 0 (nearly) }
 * ```
 */
export function dates(column: string, parts: readonly DatePart[]): Step {
  const kind = 'dates';
  return made(
    kind,
    single(kind, column),
    { parts: Array.isArray(parts) ? (parts as DatePart[]).slice() : parts },
    null,
    'parts',
  );
}

/**
 * A step that puts a number that goes round (an hour, a direction) on a circle: `x` becomes `x.sin` and `x.cos`, so that 23 is near 0.
 *
 * @param period the number that is the same as 0
 * @example
 * ```ts
 * import { cyclic, transformRow } from 'rxtensor/data';
 * console.log(transformRow([cyclic('hour', 24)], { hour: 6 })); // { 'hour.sin': 1, 'hour.cos': 0 (nearly) }
 * ```
 */
export function cyclic(column: string, period: number): Step {
  const kind = 'cyclic';
  return made(kind, single(kind, column), { period }, null, 'period');
}
