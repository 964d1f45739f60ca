/** Checks of options that several kinds of steps have. */
import { dateParts } from './dates';
import type { OptionCheck } from './step';

/** Buckets are numbered in int32. */
const MOST_BUCKETS = 2 ** 31;

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const unless = (isRight: boolean, wanted: string): string | null => (isRight ? null : wanted);

export const optionChecks = {
  with: (by) =>
    unless(['mean', 'median', 'constant'].includes(by as string), "'mean', 'median' or 'constant'"),
  value: (value, { with: by }) =>
    unless(
      by === 'constant' ? typeof value === 'string' || isNumber(value) : value === undefined,
      "a number or a text with 'constant' alone",
    ),
  range: (range) =>
    unless(
      Array.isArray(range) && range.length === 2 && range.every(isNumber) && range[0]! < range[1]!,
      'two numbers, the lower first',
    ),
  most: (most) => unless(most === undefined || isCount(most), 'a positive integer'),
  into: (into) => unless(typeof into === 'string', 'the name of a column'),
  buckets: (buckets) =>
    unless(isCount(buckets) && buckets <= MOST_BUCKETS, `an integer from 1 to ${MOST_BUCKETS}`),
  seed: (seed) => unless(Number.isInteger(seed), 'an integer'),
  parts: (parts) =>
    unless(
      Array.isArray(parts) &&
        parts.length > 0 &&
        parts.every((part) => typeof part === 'string' && Object.hasOwn(dateParts, part)),
      `some of ${Object.keys(dateParts).join(', ')}`,
    ),
  period: (period) => unless(isNumber(period) && period > 0, 'a positive number'),
} as const satisfies Readonly<Record<string, OptionCheck>>;
