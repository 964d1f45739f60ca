/** The table of contents of a Parquet file: its columns, and where their values lie. It is checked as a whole before anything is read by it. */
import { parquetMetadata, type ColumnMetaData, type SchemaElement } from 'hyparquet';
import { listed, quoted, shown } from '../files/shown';
import type { ColumnType } from '../streams/blocks/columns';
import type { RangedFile } from './ranged-file';
import { readStruct } from './thrift';

/** A column that is read. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly element: SchemaElement;
}

/** Where the values of a column lie that belong to one group of rows. */
export interface Chunk {
  readonly meta: ColumnMetaData;
  readonly from: number;
  readonly to: number;
}

/** Some rows, whose columns lie one after the other. */
export interface RowGroup {
  readonly rows: number;
  /** One for each column that is read. */
  readonly chunks: readonly Chunk[];
}

export interface Layout {
  readonly columns: readonly ParquetColumn[];
  readonly groups: readonly RowGroup[];
  readonly rows: number;
}

const MAGIC = 'PAR1';
/** The bytes of the footer behind the table of contents: its length, and the magic number. */
const FOOTER_BYTES = 8;
/** What is read of the end at first: most tables of contents are smaller. */
const FIRST_BYTES = 1 << 16;
const MOST_FOOTER_BYTES = 1 << 26;

/**
 * Reads the table of contents.
 *
 * @param place names the operator and the file, for messages
 * @param wanted the types of the columns to read; all when left out
 * @throws (rejects) naming what is wrong with the file, or a column that it does not have
 */
export async function readLayout(
  place: string,
  file: RangedFile,
  wanted: Readonly<Record<string, ColumnType>> | undefined,
): Promise<Layout> {
  const { footer, start } = await footerOf(place, file);
  const damaged = (cause: unknown): Error =>
    new Error(`${place} has a table of contents that is damaged: ${String(cause)}`, { cause });
  let metadata: ReturnType<typeof parquetMetadata>;
  try {
    readStruct(footer.subarray(0, footer.length - FOOTER_BYTES), 0);
    metadata = parquetMetadata(footer, { geoparquet: false });
  } catch (cause) {
    throw damaged(cause);
  }
  const columns = columnsOf(place, metadata.schema, wanted);
  let total = 0;
  const groups = metadata.row_groups.map((group, index): RowGroup => {
    const at = `${place}, row group ${index + 1}`;
    const rows = countOf(at, 'rows', group.num_rows);
    total += rows;
    const chunks = columns.map((column): Chunk => {
      const meta = group.columns.find(({ meta_data: found }) => isOf(found, column.name))?.meta_data;
      if (!meta) throw new Error(`${at} has no column ${quoted(column.name)}`);
      return chunkOf(`${at}, column ${quoted(column.name)}`, meta, column, rows, start);
    });
    return { rows, chunks };
  });
  if (total !== countOf(place, 'rows', metadata.num_rows))
    throw new Error(
      `${place} says that it has ${String(metadata.num_rows)} rows; its row groups have ${total} together`,
    );
  return { columns, groups, rows: total };
}

/** The table of contents with what stands behind it, and where it begins. */
async function footerOf(
  place: string,
  file: RangedFile,
): Promise<{ readonly footer: Uint8Array; readonly start: number }> {
  const { size } = file;
  if (size < MAGIC.length + FOOTER_BYTES)
    throw new Error(`${place} has ${size} bytes; wanted a Parquet file, which has at least 12`);
  const first = textOf(await file.read(0, MAGIC.length));
  const end = await file.read(Math.max(0, size - FIRST_BYTES), size);
  const last = textOf(end.subarray(end.length - MAGIC.length));
  if (last === 'PARE') throw new Error(`${place} is encrypted, which is not read here`);
  if (first !== MAGIC || last !== MAGIC) {
    const [found, where] = first === MAGIC ? [last, 'ends'] : [first, 'begins'];
    const why = first === MAGIC ? ': it is cut off, or damaged' : '';
    throw new Error(
      `${place} ${where} with ${JSON.stringify(found)}; wanted ${MAGIC}, as in a Parquet file${why}`,
    );
  }
  const length = new DataView(end.buffer, end.byteOffset + end.length - FOOTER_BYTES).getUint32(0, true);
  const most = Math.min(MOST_FOOTER_BYTES, size - MAGIC.length - FOOTER_BYTES);
  if (length > most)
    throw new Error(`${place} says that its table of contents has ${length} bytes; wanted at most ${most}`);
  const start = size - FOOTER_BYTES - length;
  const footer =
    end.length >= length + FOOTER_BYTES
      ? end.slice(end.length - FOOTER_BYTES - length)
      : (await file.read(start, size)).slice();
  return { footer, start };
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function countOf(at: string, what: string, value: unknown): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (Number.isSafeInteger(number) && (number as number) >= 0) return number as number;
  throw new Error(`${at} says that it has ${String(value)} ${what}; wanted a number that is not negative`);
}

function isOf(meta: ColumnMetaData | undefined, name: string): boolean {
  return meta?.path_in_schema.length === 1 && meta.path_in_schema[0] === name;
}

/** @throws unless the values of a column lie in the file, before its table of contents, and there are as many as rows */
function chunkOf(
  at: string,
  meta: ColumnMetaData,
  { element }: ParquetColumn,
  rows: number,
  end: number,
): Chunk {
  if (meta.type !== element.type)
    throw new Error(`${at} is of the type ${meta.type}; wanted ${element.type ?? 'none'}, as in the schema`);
  const values = countOf(at, 'values', meta.num_values);
  if (values !== rows)
    throw new Error(`${at} says that it has ${values} values; wanted ${rows}, one for each row`);
  const size = countOf(at, 'bytes', meta.total_compressed_size);
  // Some writers leave 0 in the place of a dictionary that is not there.
  const from = countOf(
    at,
    'as its place',
    [meta.dictionary_page_offset, meta.data_page_offset].find(Boolean) ?? 0,
  );
  if (from < MAGIC.length || from + size > end)
    throw new Error(`${at} lies from byte ${from} to ${from + size}; wanted ${MAGIC.length} to ${end}`);
  return { meta, from, to: from + size };
}

/** What a column of a file can become, the first when no type is wanted. */
interface Kind {
  readonly is: string;
  readonly types: readonly ColumnType[];
}

const kinds = {
  boolean: { is: 'booleans', types: ['bool'] },
  integer: { is: 'integers', types: ['int32', 'float32', 'string'] },
  number: { is: 'numbers', types: ['float32'] },
  text: { is: 'text', types: ['string'] },
  date: { is: 'dates', types: ['string'] },
} as const satisfies Readonly<Record<string, Kind>>;

/** The most bytes of a number of fixed length, for decimals. */
const MOST_DECIMAL_BYTES = 32;

/** What a column of a schema has; a text for those that are not read. */
function kindOf(element: SchemaElement): Kind | string {
  const { type, converted_type: converted, logical_type: logical } = element;
  if ((element.num_children ?? 0) > 0 || element.repetition_type === 'REPEATED') return 'nested values';
  const named = converted ?? logical?.type;
  const length = element.type_length ?? 0;
  if (type === 'BOOLEAN') return kinds.boolean;
  if (type === 'FLOAT' || type === 'DOUBLE') return kinds.number;
  if (type === 'INT96' || named === 'DATE' || named?.startsWith('TIMESTAMP')) return kinds.date;
  if (
    named === 'DECIMAL' &&
    (type !== 'FIXED_LEN_BYTE_ARRAY' || (length > 0 && length <= MOST_DECIMAL_BYTES))
  )
    return kinds.number;
  if (logical?.type === 'FLOAT16' && length === 2) return kinds.number;
  if (named?.startsWith('TIME')) return 'times of the day';
  if (type === 'INT32' || type === 'INT64') return kinds.integer;
  if (type === 'BYTE_ARRAY' && (!named || ['UTF8', 'STRING', 'ENUM'].includes(named))) return kinds.text;
  return `values of the type ${String(named ?? type)}`;
}

/** @throws for a column that is not there, or cannot be of the type */
function columnsOf(
  place: string,
  schema: readonly SchemaElement[],
  wanted: Readonly<Record<string, ColumnType>> | undefined,
): ParquetColumn[] {
  const elements = topLevel(place, schema);
  const names = wanted ? Object.keys(wanted) : [...elements.keys()];
  if (names.length === 0) throw new Error(`${place} has no columns`);
  return names.map((name): ParquetColumn => {
    const element = elements.get(name);
    if (!element)
      throw new Error(
        `${place} has no column ${quoted(name)}: found ${listed([...elements.keys()], quoted)}`,
      );
    const kind = kindOf(element);
    if (typeof kind === 'string')
      throw new Error(
        `${place}: column ${quoted(name)} has ${shown(kind)}, which are not read; give 'columns' without it`,
      );
    const type = wanted?.[name] ?? kind.types[0]!;
    if (!kind.types.includes(type))
      throw new Error(
        `${place}: column ${quoted(name)} has ${kind.is}; wanted ${type}, which can be ${kind.types.join(', ')}`,
      );
    return { name, type, element };
  });
}

/** The columns of a schema by their names; those with children stand for these. */
function topLevel(place: string, schema: readonly SchemaElement[]): Map<string, SchemaElement> {
  const found = new Map<string, SchemaElement>();
  /** How many elements belong to the one before. */
  let inside = 0;
  for (const element of schema.slice(1)) {
    const children = element.num_children ?? 0;
    if (inside > 0) inside += children - 1;
    else {
      if (typeof element.name !== 'string' || found.has(element.name))
        throw new Error(`${place} has two columns ${quoted(element.name ?? '')}; wanted different names`);
      found.set(element.name, element);
      inside = children;
    }
  }
  return found;
}
