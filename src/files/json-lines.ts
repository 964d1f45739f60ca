import type { Observable } from 'rxjs';
import { assertOptions } from '../tensor/options';
import type { ColumnType, ColumnValues } from '../streams/blocks/columns';
import { isFloat32, type CsvColumns, type CsvRow } from './csv-columns';
import type { FileSource } from './file';
import { textOfField } from './json-text';
import { rowStore } from './row-store';
import { quoted, shown } from './shown';
import {
  assertColumns,
  assertTableOptions,
  tableFile,
  tableOptions,
  type TableFileOptions,
  type TextReader,
} from './table-file';

/** How {@link jsonLines} reads a file. */
export interface JsonLinesOptions<C extends CsvColumns = CsvColumns> extends TableFileOptions {
  /** The fields to read, with their types; others are skipped. */
  readonly columns: C;
  /** Whether a field that is null or not there is NaN in a float32 column and the empty text in a string column; an error when left out. */
  readonly missing?: boolean;
}

/** The greatest length of a line: a file without line ends would otherwise be taken in whole. */
const LONGEST_LINE = 1 << 22;

/**
 * A source of rows from a file of JSON lines (NDJSON): one object a line. Everything else is as with {@link csv}: fields have types, the file is read as a
 * stream and in blocks, may be compressed with gzip, and a run can be continued with `startAt`. Empty lines are skipped.
 *
 * A float32 field wants a number, an int32 field an integer from −2³¹ to 2³¹ − 1, a bool field true or false. A string field wants a text; of a number, true or false it is the text, as
 * it stands in the file: exact for identifiers and times of any size, as with {@link csv}.
 *
 * ```text
 *  jsonLines(file)    ----(opening)----row1--row2--row3|
 * ```
 *
 * @param source as for {@link csv}
 * @throws when an option is invalid; as error notifications that name the file, the line and the field: when the file cannot be read, for a line that is no
 *   object in JSON, and for a field that is missing or does not fit its type
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { jsonLines } from 'rxtensor/files';
 * const file = new Blob(['{"x": 0.5, "label": 1}\n{"x": 1.5, "label": 0}\n']);
 * jsonLines(file, { columns: { x: 'float32', label: 'int32' } })
 *   .pipe(dl.batch(2))
 *   .subscribe(({ x, label }) => console.log(x.shape, label.shape)); // [2] [2]
 * ```
 */
export function jsonLines<const C extends CsvColumns>(
  source: FileSource,
  options: JsonLinesOptions<C>,
): Observable<CsvRow<C>> {
  const name = 'jsonLines';
  assertOptions<JsonLinesOptions>(name, options, { ...tableOptions, ...{ columns: 1, missing: 1 } });
  const { columns, missing = false } = options;
  assertColumns(name, columns ?? null);
  assertTableOptions(name, source, options);
  return tableFile(name, source, options, (place) => lineReader(place, columns, missing));
}

interface JsonType {
  /** The value in a column, of what JSON has and its text; null when it does not fit. */
  readonly valueOf: (value: unknown, text: () => string) => number | string | null;
  readonly wanted: string;
}

const jsonTypes: Readonly<Record<ColumnType, JsonType>> = {
  float32: {
    valueOf: (value) => (typeof value === 'number' && isFloat32(value) ? value : null),
    wanted: 'a number up to 3.4e38 (float32)',
  },
  int32: {
    valueOf: (value) => (typeof value === 'number' && (value | 0) === value ? value : null),
    wanted: 'an integer from -2147483648 to 2147483647 (int32)',
  },
  bool: {
    valueOf: (value) => (typeof value === 'boolean' ? Number(value) : null),
    wanted: 'true or false (bool)',
  },
  string: {
    valueOf: (value, text) => {
      if (typeof value === 'string') return value;
      return typeof value === 'number' || typeof value === 'boolean' ? text() : null;
    },
    wanted: 'a text, a number, true or false (string)',
  },
};
const missingValues: Readonly<Partial<Record<ColumnType, number | string>>> = { float32: NaN, string: '' };

function lineReader(place: string, columns: CsvColumns, missing: boolean): TextReader {
  const names = Object.keys(columns);
  const types = Object.values(columns);
  const store = rowStore({ names, types });
  let line = 0;
  let rows = 0;
  let skipped = 0;
  let part = '';

  const readRow = (text: string): void => {
    let found: unknown;
    try {
      found = JSON.parse(text);
    } catch (cause) {
      throw new Error(
        `${place}, line ${line}: found ${JSON.stringify(shown(text))}; wanted an object in JSON`,
        {
          cause,
        },
      );
    }
    if (typeof found !== 'object' || found === null || Array.isArray(found))
      throw new Error(`${place}, line ${line}: found ${shown(text)}; wanted an object in JSON`);
    store.begin();
    const values = store.values();
    const row = store.row();
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      const value: unknown = Object.hasOwn(found, name)
        ? (found as Record<string, unknown>)[name]
        : undefined;
      write(values[i]!, row, types[i]!, value, name, text);
    }
    store.end();
  };
  const write = (
    values: ColumnValues,
    row: number,
    type: ColumnType,
    given: unknown,
    name: string,
    text: string,
  ): void => {
    const isMissing = given === undefined || given === null;
    const value =
      isMissing && missing
        ? (missingValues[type] ?? null)
        : jsonTypes[type].valueOf(given, () => textOfField(text, name));
    if (value === null) {
      const found =
        given === undefined
          ? 'nothing'
          : shown(typeof given === 'number' ? String(given) : JSON.stringify(given));
      throw new Error(
        `${place}, line ${line}, field ${quoted(name)}: found ${found}; wanted ${jsonTypes[type].wanted}`,
      );
    }
    (values as (number | string)[])[row] = value;
  };
  const readLine = (text: string): void => {
    line++;
    if (text.length > LONGEST_LINE) throw tooLong();
    if (text.trim() === '') return;
    rows++;
    if (skipped > 0) skipped--;
    else readRow(text);
  };
  const tooLong = (): Error =>
    new Error(
      `${place}, line ${line + 1}: found a line of more than ${LONGEST_LINE} characters; wanted one object a line`,
    );

  return {
    read: (text) => {
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        const rest = part;
        part = '';
        readLine(rest + text.slice(from, end));
        from = end + 1;
      }
      part += text.slice(from);
      if (part.length > LONGEST_LINE) throw tooLong();
    },
    end: () => {
      const last = part;
      part = '';
      if (last !== '') readLine(last);
    },
    hasTable: () => true,
    take: store.take,
    makeRoom: () => void store.makeRoom(),
    restart: () => {
      line = rows = 0;
    },
    rowsRead: () => rows,
    skip: (count) => {
      skipped = count;
    },
    leftToSkip: () => skipped,
  };
}
