/** The types of the columns of a CSV file: they parse the text of a field. */
import type { ColumnType, ColumnValues } from '../streams/blocks/columns';

/** The type of a column's fields. */
export type CsvType = keyof CsvValues;

/** The type of the value of a field. */
interface CsvValues {
  readonly float32: number;
  readonly int32: number;
  readonly bool: boolean;
  readonly string: string;
}

/** The types of columns, by their names in the header. */
export type CsvColumns = Readonly<Record<string, CsvType>>;

/** One row: a value for each column. */
export type CsvRow<C extends CsvColumns> = { -readonly [K in keyof C]: CsvValues[C[K]] };

/** How the fields of a type are read. */
export interface FieldType {
  /** Parses `text.slice(start, end)` and writes the value into a row. Returns false when it is not a value of the type. */
  readonly read: (values: ColumnValues, row: number, text: string, start: number, end: number) => boolean;
  /** For messages. */
  readonly wanted: string;
}

/** Matching is linear in the length of the text: where one part of the pattern ends, no other can continue. */
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const notDecimal: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
  ['+inf', Infinity],
  ['+infinity', Infinity],
  ['-inf', -Infinity],
  ['-infinity', -Infinity],
]);
const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);
/** The length of the longest of these words: a longer text cannot be one. */
const LONGEST_WORD = 9;

/** Spaces around numbers are allowed: many programs align columns with them. */
export const fieldTypes: Readonly<Record<ColumnType, FieldType>> = {
  float32: { read: readFloat, wanted: 'a decimal number up to 3.4e38, NaN or Infinity (float32)' },
  int32: { read: readInteger, wanted: 'an integer from -2147483648 to 2147483647 (int32)' },
  bool: {
    read: (values, row, text, start, end) => {
      const trimmed = text.slice(start, end).trim();
      const value = trimmed.length > LONGEST_WORD ? undefined : booleans.get(trimmed.toLowerCase());
      values[row] = value ? 1 : 0;
      return value !== undefined;
    },
    wanted: 'true, false, 1 or 0 (bool)',
  },
  string: {
    read: (values, row, text, start, end) => {
      values[row] = text.slice(start, end);
      return true;
    },
    wanted: 'text',
  },
};

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
/** The greatest number of decimal digits of an integer that is certainly below 2⁵³. */
const EXACT_DIGITS = 15;
/** Powers of ten that float64 represents exactly. The quotient of two exact numbers is rounded as `Number` rounds (Clinger 1990). */
const powersOfTen = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => Number(`1e${i}`));

/** Whether float32 has a finite number near it. */
export function isFloat32(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}

function readFloat(values: ColumnValues, row: number, text: string, start: number, end: number): boolean {
  return (
    readDecimal(values, row, text, start, end) === end ||
    readUnusualFloat(values, row, text.slice(start, end).trim())
  );
}

/**
 * Reads the most common form, `-12.345`, digit by digit, up to the first character that does not belong to it. Returns where that is; -1 where there is no such number, or one
 * of more digits than are exact.
 */
export function readDecimal(
  values: ColumnValues,
  row: number,
  text: string,
  start: number,
  end: number,
): number {
  let at = start;
  const isNegative = text.charCodeAt(at) === MINUS;
  if (isNegative) at++;
  let mantissa = 0;
  let digits = 0;
  let point = -1;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= ZERO + 9) {
      mantissa = 10 * mantissa + code - ZERO;
      digits++;
    } else if (code === POINT && point < 0) point = digits;
    else break;
    if (digits > EXACT_DIGITS) return -1;
  }
  if (digits === 0) return -1;
  const value = point < 0 ? mantissa : mantissa / powersOfTen[digits - point]!;
  values[row] = isNegative ? -value : value;
  return at;
}

function readUnusualFloat(values: ColumnValues, row: number, trimmed: string): boolean {
  if (DECIMAL.test(trimmed)) {
    const value = Number(trimmed);
    values[row] = value;
    return isFloat32(value);
  }
  const value = trimmed.length > LONGEST_WORD ? undefined : notDecimal.get(trimmed.toLowerCase());
  if (value !== undefined) values[row] = value;
  return value !== undefined;
}

const INTEGER = /^[+-]?\d+$/;

function readInteger(values: ColumnValues, row: number, text: string, start: number, end: number): boolean {
  let at = start;
  const isNegative = text.charCodeAt(at) === MINUS;
  if (isNegative) at++;
  let value = 0;
  const first = at;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > ZERO + 9 || at - first >= EXACT_DIGITS) break;
    value = 10 * value + code - ZERO;
  }
  if (at < end || at === first) {
    const trimmed = text.slice(start, end).trim();
    value = INTEGER.test(trimmed) ? Number(trimmed) : NaN;
  } else if (isNegative) value = -value;
  const integer = value | 0;
  values[row] = integer;
  return integer === value;
}
