/** Collects the records of a CSV file in blocks of rows with typed columns. */
import type { BlockSupply } from '../streams/blocks/block-source';
import { copyRows, emptyColumns, grown, type ColumnValues, type Table } from '../streams/blocks/columns';
import { fieldTypes, type CsvColumns } from './csv-columns';
import type { RecordSink } from './csv-lexer';

/** The greatest number of columns: a file with more has no line ends, or is not text. */
const MOST_COLUMNS = 1 << 20;
/** The initial capacity of a block, in rows. */
const FIRST_ROOM = 8;
/** The number of characters of a field, or of a list of names, that messages show. */
const SHOWN_CHARACTERS = 100;
const SHOWN_NAMES = 20;

/** Collects rows until they are taken. */
export interface RowCollector extends RecordSink, Pick<BlockSupply, 'take'> {
  /** Whether the columns are known. */
  readonly hasTable: () => boolean;
  /** Begins a new block in the memory of the last one, all of whose complete rows must have been taken. */
  readonly makeRoom: () => void;
}

/**
 * @param place names the operator and the file, for messages
 * @param columns the columns to read; all, as strings, when left out
 * @param header whether the first record names the columns
 */
export function rowCollector(place: string, columns: CsvColumns | undefined, header: boolean): RowCollector {
  let names: string[] = [];
  let layout = header ? null : layoutOf(place, Object.keys(columns ?? {}), columns);
  let values: ColumnValues[] = layout ? emptyColumns(layout.table, 0) : [];
  let room = 0;
  /** How many rows are complete, and how many of them have been taken. */
  let rows = 0;
  let taken = 0;
  /** The number of rows in earlier blocks. */
  let rowsBefore = 0;
  /** The record that is being read: its line, and how many fields it has. */
  let line = 0;
  let fields = 0;

  const at = (): string => `${place}, row ${rowsBefore + rows + 1} (line ${line})`;

  const headerField = (text: string, start: number, end: number): void => {
    if (fields > MOST_COLUMNS) {
      throw new Error(`${place}, line ${line}: found more than ${MOST_COLUMNS} columns; wanted a header`);
    }
    names.push(text.slice(start, end));
  };

  return {
    hasTable: () => layout !== null,
    begin: (begins) => {
      line = begins;
      fields = 0;
      if (!layout || rows < room) return;
      room = Math.max(FIRST_ROOM, 2 * room);
      values = grown(layout.table, values, room);
    },
    field: (text, start, end) => {
      const index = fields++;
      if (!layout) {
        headerField(text, start, end);
        return;
      }
      if (index >= layout.names.length) {
        const wanted = `${layout.names.length}: ${listed(layout.names)}`;
        throw new Error(`${at()}: found more than ${layout.names.length} fields; wanted ${wanted}`);
      }
      const column = layout.columnOfField[index]!;
      if (column < 0) return;
      const type = fieldTypes[layout.table.types[column]!];
      if (type.read(values[column]!, rows, text, start, end)) return;
      const found = JSON.stringify(shown(text.slice(start, end)));
      const name = quoted(layout.names[index]!);
      throw new Error(`${at()}, column ${name}: found ${found}; wanted ${type.wanted}`);
    },
    end: () => {
      if (!layout) {
        layout = layoutOf(place, names, columns);
        values = emptyColumns(layout.table, 0);
        names = [];
        return;
      }
      if (fields !== layout.names.length) {
        const wanted = `${layout.names.length}: ${listed(layout.names)}`;
        throw new Error(`${at()}: found ${fields} fields; wanted ${wanted}`);
      }
      rows++;
    },
    take: (limit) => {
      if (!layout || taken === rows) return null;
      const from = taken;
      taken = Math.min(rows, from + limit);
      return { table: layout.table, columns: values, from, to: taken };
    },
    makeRoom: () => {
      if (!layout || rows === 0) return;
      // The record that is half read comes after them.
      if (rows < room)
        copyRows({ table: layout.table, columns: values, from: rows, to: rows + 1 }, values, 0);
      rowsBefore += rows;
      rows = taken = 0;
    },
  };
}

/** Which fields of a record go to which columns. */
interface Layout {
  /** The names of the fields, in order. */
  readonly names: readonly string[];
  /** The column of each field; -1 for none. */
  readonly columnOfField: Int32Array;
  readonly table: Table;
}

/** @throws when a wanted column is missing, or is there twice */
function layoutOf(place: string, names: readonly string[], columns: CsvColumns | undefined): Layout {
  const fieldOf = new Map<string, number>();
  const twice = new Set<string>();
  names.forEach((name, field) => {
    if (fieldOf.has(name)) twice.add(name);
    else fieldOf.set(name, field);
  });
  const wanted = columns ? Object.keys(columns) : [...fieldOf.keys()];
  const columnOfField = new Int32Array(names.length).fill(-1);
  wanted.forEach((name, column) => {
    const field = fieldOf.get(name);
    if (field === undefined) {
      throw new Error(`${place} has no column ${quoted(name)}: found ${listed(names, quoted)}`);
    }
    if (twice.has(name)) throw new Error(`${place} has two columns ${quoted(name)}; wanted one`);
    columnOfField[field] = column;
  });
  const types = wanted.map((name) => (columns ? columns[name]! : 'string'));
  return { names, columnOfField, table: { names: wanted, types } };
}

/** A text, shortened for a message. */
function shown(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return text;
  return `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`;
}

function quoted(name: string): string {
  return `'${shown(name)}'`;
}

function listed(names: readonly string[], show: (name: string) => string = shown): string {
  const first = names.slice(0, SHOWN_NAMES).map(show).join(', ');
  return names.length <= SHOWN_NAMES ? first : `${first}, … (${names.length} in all)`;
}
