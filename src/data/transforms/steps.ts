import { described } from '../../tensor/argument';
import { assertPositiveInteger, assertSeed, wrongGiven } from '../../streams/checks/arguments';
import { assertOptions } from '../../tensor/options';
import { dateParts, type DatePart } from './dates';
import { MOST_BUCKETS } from './step-options';
import type { Step } from './step';

type Given = Readonly<Record<string, readonly number[]>>;

function named(kind: string, columns: string | readonly string[]): readonly string[] {
  const names = typeof columns === 'string' ? [columns] : columns;
  if (
    Array.isArray(names) &&
    names.length > 0 &&
    names.every((name) => typeof name === 'string') &&
    new Set(names).size === names.length
  )
    return names;
  throw new Error(
    `${kind}: argument 'columns' is ${described(columns)}; wanted the name of a column, or several different ones`,
  );
}

/** What was given in place of a fit: a number for each column. */
function givenLists(
  kind: string,
  given: Given | undefined,
  names: readonly string[],
  columns: readonly string[],
): Step['fitted'] {
  if (given === undefined) return null;
  for (const name of names) {
    const list: unknown = given[name];
    if (Array.isArray(list) && list.length === columns.length && list.every((each) => Number.isFinite(each)))
      continue;
    throw new Error(
      `${kind}: option '${name}' is ${described(list)}; wanted ${columns.length} finite numbers, one for each column`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, [...given[name]!]]));
}

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
  if (!['mean', 'median', 'constant'].includes(by))
    throw new Error(`${kind}: option 'with' is ${described(by)}; wanted 'mean', 'median' or 'constant'`);
  if ((by === 'constant') !== (typeof value === 'string' || Number.isFinite(value)))
    throw new Error(
      `${kind}: option 'value' is ${described(value)} with '${by}'; wanted a number or a text with 'constant' alone`,
    );
  const names = named(kind, columns);
  return {
    kind,
    columns: names,
    options: by === 'constant' ? { with: by, value } : { with: by },
    fitted: null,
  };
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
  const names = named(kind, columns);
  return { kind, columns: names, options: {}, fitted: givenLists(kind, given, ['mean', 'scale'], names) };
}

/** How {@link minMax} scales. */
export interface MinMaxOptions {
  /** What the least and the greatest value become; [0, 1] when left out. */
  readonly range?: readonly [low: number, high: number];
  /** The least and greatest values of the columns, where they are known without a fit. */
  readonly least?: readonly number[];
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
  const names = named(kind, columns);
  const { range = [0, 1], least, most } = options;
  if (!(
    Array.isArray(range) &&
    range.length === 2 &&
    Number.isFinite(range[0]) &&
    Number.isFinite(range[1]) &&
    range[0] < range[1]
  ))
    throw new Error(`${kind}: option 'range' is ${described(range)}; wanted two numbers, the lower first`);
  const given = least || most ? { least: least ?? [], most: most ?? [] } : undefined;
  return {
    kind,
    columns: names,
    options: { range: [...range] },
    fitted: givenLists(kind, given, ['least', 'most'], names),
  };
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
  const names = named(kind, columns);
  return {
    kind,
    columns: names,
    options: {},
    fitted: givenLists(kind, given, ['median', 'lower', 'upper'], names),
  };
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
  assertPositiveInteger(kind, "option 'most'", most);
  if (typeof column !== 'string')
    throw new Error(`${kind}: argument 'column' is ${described(column)}; wanted the name of a column`);
  if (words !== undefined && (!Array.isArray(words) || new Set(words.map(String)).size !== words.length))
    throw new Error(`${kind}: option 'words' is ${described(words)}; wanted a list of different values`);
  return { kind, columns: [column], options: { most }, fitted: words ? { words: words.map(String) } : null };
}

/**
 * A step that numbers the values of a column, in their order, from 0 on: a column [rows] of text, numbers or booleans becomes int32 [rows], which metrics and losses take as classes. A value that was not there when it was fitted gets the number after the last.
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
  assertPositiveInteger(kind, "argument 'buckets'", buckets);
  if (buckets > MOST_BUCKETS)
    throw wrongGiven(kind, "argument 'buckets'", buckets, `at most ${MOST_BUCKETS}`);
  assertOptions<{ seed?: number }>(kind, options, { seed: 1 });
  assertSeed(kind, options.seed);
  return { kind, columns: named(kind, columns), options: { buckets, seed: options.seed ?? 0 }, fitted: null };
}

/**
 * A step that takes dates apart, in universal time: `when` becomes `when.hour`, `when.weekday` (0 is Monday), … A date is a text that `Date` reads, or seconds since 1970.
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
  const known = Object.keys(dateParts);
  const wrong: unknown =
    Array.isArray(parts) && parts.length > 0
      ? parts.find((part: unknown) => !known.includes(String(part)))
      : parts;
  if (wrong !== undefined)
    throw new Error(`${kind}: argument 'parts' has ${described(wrong)}; wanted some of ${known.join(', ')}`);
  return { kind, columns: named(kind, column), options: { parts: [...parts] }, fitted: null };
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
  if (!(Number.isFinite(period) && period > 0))
    throw new Error(`${kind}: argument 'period' is ${period}; wanted a positive number`);
  return { kind, columns: named(kind, column), options: { period }, fitted: null };
}
