/** The typed columns of a CSV file: what a field's text means. */

/** What the fields of a column are. */
export type CsvType = keyof CsvValues;

/** By type, what a field becomes. */
interface CsvValues {
  readonly float32: number;
  readonly int32: number;
  readonly bool: boolean;
  readonly string: string;
}

/** Columns by the names that the header gives them. */
export type CsvColumns = Readonly<Record<string, CsvType>>;

/** One row: a value for each column. */
export type CsvRow<C extends CsvColumns> = { -readonly [K in keyof C]: CsvValues[C[K]] };

interface FieldType {
  /** undefined for a text that is none of the type. */
  readonly read: (text: string) => number | boolean | string | undefined;
  /** For messages. */
  readonly wanted: string;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;
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

/** Spaces around numbers are put up with: many programs align with them. */
export const fieldTypes: Readonly<Record<CsvType, FieldType>> = {
  float32: {
    read: (text) => {
      const trimmed = text.trim();
      return DECIMAL.test(trimmed) ? Math.fround(Number(trimmed)) : notDecimal.get(trimmed.toLowerCase());
    },
    wanted: 'a decimal number, NaN or Infinity (float32)',
  },
  int32: {
    read: (text) => {
      const trimmed = text.trim();
      const value = INTEGER.test(trimmed) ? Number(trimmed) : NaN;
      return value === (value | 0) ? value | 0 : undefined;
    },
    wanted: 'an integer from -2147483648 to 2147483647 (int32)',
  },
  bool: { read: (text) => booleans.get(text.trim().toLowerCase()), wanted: 'true, false, 1 or 0 (bool)' },
  string: { read: (text) => text, wanted: 'text' },
};
