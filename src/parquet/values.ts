/** Values of a file as values of a column of the wanted type. */
import type { DecodedArray } from 'hyparquet';
import { isFloat32 } from '../files/csv-columns';
import { described } from '../tensor/argument';
import type { ColumnType, ColumnValues } from '../streams/blocks/columns';

/** Copies numbers that need no check. Returns false where each value has to be looked at. */
export function copied(from: DecodedArray, into: ColumnValues, at: number): boolean {
  const fits =
    (into instanceof Float32Array &&
      (from instanceof Float32Array || from instanceof Float64Array || from instanceof Int32Array)) ||
    (into instanceof Int32Array && from instanceof Int32Array);
  if (!fits || (from instanceof Float64Array && from.some(isTooGreat))) return false;
  (into as Float32Array).set(from, at);
  return true;
}

/** Whether float32 would make an infinity of it. */
function isTooGreat(value: number): boolean {
  return Number.isFinite(value) && !isFloat32(value);
}

interface ValueType {
  /** Null for what does not fit. */
  readonly of: (value: unknown) => number | string | null;
  readonly wanted: string;
  /** What stands for a missing value; null if nothing does. */
  readonly missing: number | string | null;
}

const types: Readonly<Record<ColumnType, ValueType>> = {
  float32: {
    of: (value) =>
      (typeof value === 'number' && !isTooGreat(value)) || typeof value === 'bigint' ? Number(value) : null,
    wanted: 'a number up to 3.4e38 (float32)',
    missing: NaN,
  },
  int32: {
    of: (value) => {
      const number = typeof value === 'bigint' ? Number(value) : value;
      return typeof number === 'number' && (number | 0) === number ? number : null;
    },
    wanted:
      'an integer from -2147483648 to 2147483647 (int32); a column with greater ones can be float32, which rounds them, or string',
    missing: null,
  },
  bool: {
    of: (value) => (typeof value === 'boolean' ? Number(value) : null),
    wanted: 'true or false (bool)',
    missing: null,
  },
  string: {
    of: (value) => {
      if (typeof value === 'string') return value;
      if (typeof value === 'bigint' || typeof value === 'number') return String(value);
      return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : null;
    },
    wanted: 'a text (string)',
    missing: '',
  },
};

/** @throws naming the row, for a value that does not fit the type */
export function valueOf(value: unknown, type: ColumnType, missing: boolean, row: number): number | string {
  const isNull = value === null || value === undefined;
  const { of, wanted, missing: stand } = types[type];
  const found = isNull && missing ? stand : of(value);
  if (found !== null) return found;
  const cure = isNull && !missing && stand !== null ? ", or the option 'missing'" : '';
  throw new Error(`row ${row}: found ${isNull ? 'null' : described(value)}; wanted ${wanted}${cure}`);
}
