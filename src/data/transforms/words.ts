/** The words of categories and keys: the same for a value in a column, of whatever file, and in a plain row. */
import type { Column } from './step';

/** From here on float32 lacks some integers. */
export const LEAST_INEXACT = 2 ** 24;

/**
 * The word of a value that is by itself, as in a plain row.
 *
 * A float32 column has rounded its numbers, and a plain row has not. So a number is rounded as float32 does, and its word is the shortest decimal (of 6 digits at least, which float32
 * always tells apart) that float32 rounds to the same number: 0.1 is "0.1" in both. Integers keep all their digits, as in columns that are int32 or text, and so do
 * numbers from 2²⁴ on: {@link wordsOf} refuses these in a float32 column.
 */
export function wordOf(value: number | string | boolean): string {
  if (typeof value !== 'number' || Number.isInteger(value) || !(Math.abs(value) < LEAST_INEXACT))
    return String(value);
  const rounded = Math.fround(value);
  let short = rounded;
  for (let digits = 6; digits <= 9; digits++) {
    short = Number(rounded.toPrecision(digits));
    if (Math.fround(short) === rounded) break;
  }
  return String(short);
}

/**
 * Gives the word of each value of a column: that of the same value in a plain row.
 *
 * @param operator for messages
 * @param otherwise another cure, for messages
 * @throws from the function, for a number in a float32 column that may have been another one before it was rounded
 */
export function wordsOf(
  operator: string,
  name: string,
  { type, values }: Column,
  otherwise = '',
): (row: number) => string {
  if (type === 'bool') return (row) => String(values[row] !== 0);
  if (!(values instanceof Float32Array)) return (row) => wordOf(values[row]!);
  return (row) => {
    const value = values[row]!;
    if (Number.isFinite(value) && Math.abs(value) >= LEAST_INEXACT)
      throw new Error(
        `${operator}: the column '${name}' is float32 and has ${value}, which may have been rounded from another number; wanted numbers below 2²⁴ as a category or key, or a column of int32 or string${otherwise}`,
      );
    return wordOf(value);
  };
}
