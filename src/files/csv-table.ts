/** Collects the records of a CSV file in blocks of rows with typed columns. */
import type { ColumnValues, Table } from '../streams/blocks/columns';
import { fieldTypes, readDecimal, type CsvColumns, type FieldType } from './csv-columns';
import type { RecordSink } from './csv-lexer';
import { rowStore } from './row-store';
import { listed, quoted, shown } from './shown';
import type { RowReading } from './table-file';

const LINE_FEED = 10;
/** The greatest number of columns: a file with more has no line ends, or is not text. */
const MOST_COLUMNS = 1 << 20;

/** Collects rows until they are taken. */
export interface RowCollector extends RecordSink, RowReading {}

/**
 * @param place names the operator and the file, for messages
 * @param columns the columns to read; all, as strings, when left out
 * @param header whether the first record names the columns
 * @param missing the words for a missing value
 */
export function rowCollector(
  place: string,
  columns: CsvColumns | undefined,
  header: boolean,
  missing: readonly string[] = [],
): RowCollector {
  let names: string[] = [];
  let layout = header ? null : layoutOf(place, Object.keys(columns ?? {}), columns);
  let store = layout && rowStore(layout.table);
  let values: readonly ColumnValues[] = [];
  let row = 0;
  /** Whether the header is being read. */
  let isInHeader = header;
  /** How many rows are still left out. */
  let skipped = 0;
  /** The number of rows before the current block, of the file. */
  let rowsBefore = 0;
  /** The record that is being read: its line, and how many fields it has. */
  let line = 0;
  let fields = 0;
  const isMissing = missingTest(missing);
  /** Whether a number may stand for a missing value. */
  const mayBeMissing = missing.some((word) => word.trim() !== '' && !Number.isNaN(Number(word)));

  const at = (): string => `${place}, row ${rowsBefore + row + 1} (line ${line})`;

  const headerField = (text: string, start: number, end: number): void => {
    if (fields > MOST_COLUMNS) {
      throw new Error(`${place}, line ${line}: found more than ${MOST_COLUMNS} columns; wanted a header`);
    }
    names.push(text.slice(start, end));
  };

  const endOfHeader = (): void => {
    if (layout && names.join('\n') !== layout.names.join('\n'))
      throw new Error(
        `${place} has another header than before: found ${listed(names)}; wanted ${listed(layout.names)}`,
      );
    layout ??= layoutOf(place, names, columns);
    store ??= rowStore(layout.table);
    names = [];
    isInHeader = false;
  };

  return {
    hasTable: () => layout !== null,
    rowsRead: () => rowsBefore + row,
    skip: (count) => {
      skipped = count;
    },
    leftToSkip: () => skipped,
    begin: (begins) => {
      line = begins;
      fields = 0;
      if (isInHeader || skipped > 0) return;
      store!.begin();
      values = store!.values();
    },
    field: (text, start, end) => {
      const index = fields++;
      if (isInHeader) {
        headerField(text, start, end);
        return;
      }
      const { typeOfField, columnOfField, names: wantedNames } = layout!;
      if (index >= wantedNames.length) {
        const wanted = `${wantedNames.length}: ${listed(wantedNames)}`;
        throw new Error(`${at()}: found more than ${wantedNames.length} fields; wanted ${wanted}`);
      }
      const column = columnOfField[index]!;
      if (column < 0 || skipped > 0) return;
      const type = typeOfField[index]!;
      const isRead = type.read(values[column]!, row, text, start, end);
      if (isMissing && (type === fieldTypes.float32 || type === fieldTypes.string)) {
        const whole = values[column]!;
        const isText = Array.isArray(whole);
        if (isMissing(isRead, isText ? null : whole[row]!, text, start, end)) {
          if (isText) whole[row] = '';
          else whole[row] = NaN;
          return;
        }
      }
      if (isRead) return;
      const found = JSON.stringify(shown(text.slice(start, end)));
      throw new Error(
        `${at()}, column ${quoted(wantedNames[index]!)}: found ${found}; wanted ${type.wanted}`,
      );
    },
    decimal: (text, start, delimiterCode) => {
      if (isInHeader || skipped > 0 || mayBeMissing || layout!.typeOfField[fields] !== fieldTypes.float32)
        return -1;
      const column = layout!.columnOfField[fields]!;
      const end = readDecimal(values[column]!, row, text, start, text.length);
      const after = end < 0 ? NaN : text.charCodeAt(end);
      // What was written is overwritten where the field goes on.
      if (after !== delimiterCode && after !== LINE_FEED) return -1;
      fields++;
      return end;
    },
    end: () => {
      if (isInHeader) {
        endOfHeader();
        return;
      }
      if (fields !== layout!.names.length) {
        const wanted = `${layout!.names.length}: ${listed(layout!.names)}`;
        throw new Error(`${at()}: found ${fields} fields; wanted ${wanted}`);
      }
      if (skipped > 0) {
        skipped--;
        rowsBefore++;
        return;
      }
      store!.end();
      row++;
    },
    take: (limit) => store?.take(limit) ?? null,
    makeRoom: () => {
      rowsBefore += store?.makeRoom() ?? 0;
      row = 0;
    },
    restart: () => {
      rowsBefore = 0;
      isInHeader = header;
    },
  };
}

/** Whether a field is one of some words; a word that is a number is compared by its value. Null when there are none. */
function missingTest(
  missing: readonly string[],
): ((isRead: boolean, value: number | null, text: string, start: number, end: number) => boolean) | null {
  if (missing.length === 0) return null;
  const words = new Set(missing);
  const numbers = new Set(
    missing.filter((word) => word.trim() !== '').map((word) => Math.fround(Number(word))),
  );
  return (isRead, value, text, start, end) =>
    isRead && value !== null ? numbers.has(value) : words.has(text.slice(start, end).trim());
}

/** Which fields of a record go to which columns. */
interface Layout {
  /** The names of the fields, in order. */
  readonly names: readonly string[];
  /** The column of each field; -1 for none. */
  readonly columnOfField: Int32Array;
  /** The type of each field that goes to a column. */
  readonly typeOfField: readonly (FieldType | undefined)[];
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
  const typeOfField = Array.from(columnOfField, (column) =>
    column < 0 ? undefined : fieldTypes[types[column]!],
  );
  return { names, columnOfField, typeOfField, table: { names: wanted, types } };
}
