/** Rows stored in typed columns, so that many rows need no object each. */
import type { DataType } from '../../tensor';

/** The type of the values of a column. */
export type ColumnType = DataType | 'string';

/** The values of a column; a bool is 0 or 1. */
export type ColumnValues = Float32Array | Int32Array | Uint8Array | string[];

/** The names and types of columns, in order. */
export interface Table {
  readonly names: readonly string[];
  readonly types: readonly ColumnType[];
}

/** Rows `from` … `to − 1` of some columns. */
export interface Run {
  readonly table: Table;
  readonly columns: readonly ColumnValues[];
  readonly from: number;
  readonly to: number;
}

const emptyColumn: Readonly<Record<ColumnType, (rows: number) => ColumnValues>> = {
  float32: (rows) => new Float32Array(rows),
  int32: (rows) => new Int32Array(rows),
  bool: (rows) => new Uint8Array(rows),
  string: () => [],
};

/** Empty columns with room for `rows` rows. */
export function emptyColumns({ types }: Table, rows: number): ColumnValues[] {
  return types.map((type) => emptyColumn[type](rows));
}

/** Makes columns with the same values and room for `rows` rows. */
export function grown({ types }: Table, columns: readonly ColumnValues[], rows: number): ColumnValues[] {
  return columns.map((values, i) => {
    if (Array.isArray(values)) return values;
    const larger = emptyColumn[types[i]!](rows) as Float32Array;
    larger.set(values);
    return larger;
  });
}

/** Copies rows into other columns of the same table, beginning at row `at`. */
export function copyRows({ columns, from, to }: Run, target: readonly ColumnValues[], at: number): void {
  columns.forEach((values, column) => {
    const into = target[column]!;
    if (Array.isArray(values)) {
      for (let i = from; i < to; i++) (into as string[])[at + i - from] = values[i]!;
    } else {
      (into as Float32Array).set(values.subarray(from, to), at);
    }
  });
}

/** Collects runs of rows. Its columns grow as rows come. */
export class CollectedRows {
  count = 0;
  columns: ColumnValues[] = [];
  #room = 0;

  constructor(readonly table: Table) {}

  add(run: Run): void {
    const count = this.count + run.to - run.from;
    if (count > this.#room) {
      this.#room = Math.max(count, 2 * this.#room);
      this.columns =
        this.count === 0 ? emptyColumns(this.table, this.#room) : grown(this.table, this.columns, this.#room);
    }
    copyRows(run, this.columns, this.count);
    this.count = count;
  }
}
