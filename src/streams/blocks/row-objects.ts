/** Makes objects of rows. */
import { withNumberTypes, type NumberTypes } from '../../tensor/number-types';
import { setOwn } from '../../tensor/own-property';
import { makeTensor } from '../../tensor/tensor-like';
import type { ColumnType, ColumnValues, Run, Table } from './columns';

const made = new WeakMap<Table, (columns: readonly ColumnValues[], row: number) => object>();

/** The first row of a run, as an object of plain values by the names of the columns. */
export function plainRow({ table, columns, from }: Run): object {
  let make = made.get(table);
  if (!make) made.set(table, (make = plainRowMaker(table)));
  return make(columns, from);
}

function plainRowMaker({ names, types }: Table): (columns: readonly ColumnValues[], row: number) => object {
  const read = names.map((_, i) =>
    types[i] === 'bool'
      ? (values: ColumnValues, row: number) => values[row] !== 0
      : (values: ColumnValues, row: number) => values[row],
  );
  const numberTypes = numberTypesFor(names, types);
  return (columns, at) => {
    const row: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) setOwn(row, names[i]!, read[i]!(columns[i]!, at));
    return numberTypes ? withNumberTypes(row, numberTypes) : row;
  };
}

/** The number types that a row object must remember: only int32 is recorded. Returns null if there is no int32 column. */
export function numberTypesFor(
  names: readonly string[],
  types: readonly (ColumnType | null)[],
): NumberTypes | null {
  const entries = names.flatMap((name, i) => (types[i] === 'int32' ? [[name, 'int32'] as const] : []));
  return entries.length > 0 ? new Map(entries) : null;
}

/** A run of rows as a batch: an object with a tensor for each column. */
export function stackedRows(operator: string, { table: { names, types }, columns, from, to }: Run): object {
  return Object.fromEntries(
    names.map((name, i) => {
      const values = columns[i] as Exclude<ColumnValues, string[]>;
      return [name, makeTensor(operator, values.subarray(from, to), undefined, types[i] as NumericType)];
    }),
  );
}

/** The first row of a run as a row of a batch: an object with a scalar tensor for each column. */
export function tensorRow(operator: string, { table: { names, types }, columns, from }: Run): object {
  return Object.fromEntries(
    names.map((name, i) => [
      name,
      makeTensor(operator, [columns[i]![from] as number], [], types[i] as NumericType),
    ]),
  );
}

type NumericType = Exclude<ColumnType, 'string'>;
