/** Parts of dates, all in universal time (UTC): the same on every machine. */
import { instantOf } from './instant';
import type { Column } from './step';
import { LEAST_INEXACT } from './words';

const DAY = 86_400_000;

export const dateParts = {
  year: (date: Date) => date.getUTCFullYear(),
  /** 1 to 12. */
  month: (date: Date) => date.getUTCMonth() + 1,
  /** 1 to 31. */
  day: (date: Date) => date.getUTCDate(),
  /** 0 for Monday, to 6. */
  weekday: (date: Date) => (date.getUTCDay() + 6) % 7,
  /** 1 to 366. */
  dayOfYear: (date: Date) => (date.getTime() - new Date(date).setUTCMonth(0, 1)) / DAY + 1,
  /** With minutes as a fraction: 0 to below 24. */
  hour: (date: Date) => date.getUTCHours() + date.getUTCMinutes() / 60,
  /** With seconds as a fraction. */
  minute: (date: Date) => date.getUTCMinutes() + date.getUTCSeconds() / 60,
} as const satisfies Readonly<Record<string, (date: Date) => number>>;

/** A part of a date. */
export type DatePart = keyof typeof dateParts;

/** A number of so many digits may be seconds since 1970, in a text; a shorter one may be anything, as a date without separators. */
const SECONDS = /^-?\d{9,}(?:\.\d+)?$/u;
/** Dates in numbers are of these years: what lies outside was counted in another unit. */
const [FIRST_YEAR, LAST_YEAR] = [1000, 3000];

/**
 * Reads the dates of a column: texts ({@link instantOf}), or seconds since 1970 in numbers or their texts.
 *
 * @throws from the function, for what is no date, numbers that are not seconds, and those that float32 has rounded
 */
export function dateReader(name: string, { values }: Column): (row: number) => Date {
  const wrong = (value: number | string, wanted: string): Error =>
    new Error(`dates: the column '${name}' has ${JSON.stringify(value)}${wanted}`);
  const ofSeconds = (seconds: number, value: number | string): Date => {
    const date = new Date(seconds * 1000);
    const year = date.getUTCFullYear();
    if (year >= FIRST_YEAR && year < LAST_YEAR) return date;
    if (!Number.isFinite(seconds)) throw wrong(String(value), '; wanted a date, or seconds since 1970');
    throw wrong(
      value,
      `, which as seconds since 1970 is no date of the years ${FIRST_YEAR} to ${LAST_YEAR}; wanted seconds: divide milliseconds by 1000`,
    );
  };
  return (row) => {
    const value = values[row]!;
    if (typeof value === 'number') {
      if (values instanceof Float32Array && Math.abs(value) >= LEAST_INEXACT)
        throw wrong(
          value,
          ', which float32 may have rounded by minutes; wanted the column as int32 or string, which are exact',
        );
      return ofSeconds(value, value);
    }
    const text = value.trim();
    if (SECONDS.test(text)) return ofSeconds(Number(text), value);
    const date = new Date(instantOf(text));
    if (!Number.isNaN(date.getTime())) return date;
    throw wrong(value, '; wanted a date as 2026-01-31T12:00:00Z, or seconds since 1970');
  };
}
