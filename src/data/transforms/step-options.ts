/** What the options of steps may be. Steps come from files too: what the functions that make them check is checked again where they are used. */
import { described } from '../../tensor/argument';
import { dateParts } from './dates';

/** Buckets are numbered in int32. */
export const MOST_BUCKETS = 2 ** 31;

/** Tells what an option is to be, where it is something else; null where it is right. */
type Check = (value: unknown, options: Readonly<Record<string, unknown>>) => string | null;

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const unless = (isRight: boolean, wanted: string): string | null => (isRight ? null : wanted);

const checks: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  impute: {
    with: (by) =>
      unless(['mean', 'median', 'constant'].includes(by as string), "'mean', 'median' or 'constant'"),
    value: (value, { with: by }) =>
      unless(
        (by === 'constant') === (typeof value === 'string' || isNumber(value)),
        "a number or a text with 'constant' alone",
      ),
  },
  standardise: {},
  minMax: {
    range: (range) =>
      unless(
        Array.isArray(range) && range.length === 2 && range.every(isNumber) && range[0]! < range[1]!,
        'two numbers, the lower first',
      ),
  },
  robust: {},
  vocabulary: { most: (most) => unless(most === undefined || isCount(most), 'a positive integer') },
  oneHotColumns: { most: (most) => unless(most === undefined || isCount(most), 'a positive integer') },
  classWeights: {
    into: (into) => unless(typeof into === 'string', 'the name of a column'),
    most: (most) => unless(isCount(most), 'a positive integer'),
  },
  hashing: {
    buckets: (buckets) =>
      unless(isCount(buckets) && (buckets as number) <= MOST_BUCKETS, `an integer from 1 to ${MOST_BUCKETS}`),
    seed: (seed) => unless(Number.isInteger(seed), 'an integer'),
  },
  dates: {
    parts: (parts) =>
      unless(
        Array.isArray(parts) &&
          parts.length > 0 &&
          parts.every((part) => typeof part === 'string' && Object.hasOwn(dateParts, part)),
        `some of ${Object.keys(dateParts).join(', ')}`,
      ),
  },
  cyclic: { period: (period) => unless(isNumber(period) && period > 0, 'a positive number') },
};

/** The kinds that take one column. */
const single: ReadonlySet<string> = new Set([
  'vocabulary',
  'oneHotColumns',
  'classWeights',
  'dates',
  'cyclic',
]);

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/**
 * @param at where the step stands, for messages
 * @throws unless the step's columns are different ones, as many as its kind takes, and its options are right and none besides
 */
export function assertStepOptions(
  at: string,
  kind: string,
  columns: readonly string[],
  options: Readonly<Record<string, unknown>>,
): void {
  if (new Set(columns).size !== columns.length)
    throw new Error(`${at} (${kind}) has columns ${described(columns)}; wanted each once`);
  if (single.has(kind) && columns.length !== 1)
    throw new Error(`${at} (${kind}) has columns ${described(columns)}; wanted one`);
  const known = checks[kind] ?? {};
  for (const name of Object.keys(options))
    if (!Object.hasOwn(known, name))
      throw new Error(
        `${at} (${kind}) has an option '${name}'; wanted ${Object.keys(known).join(', ') || 'none'}`,
      );
  for (const [name, check] of Object.entries(known)) {
    const value = Object.hasOwn(options, name) ? options[name] : undefined;
    const wanted = check(value, options);
    if (wanted !== null)
      throw new Error(`${at} (${kind}) has the option '${name}' as ${described(value)}; wanted ${wanted}`);
  }
}
