/** The headers of pages, and the checks of a page before it is decoded (Parquet format, PageHeader). */
import { readStruct, type ThriftFields } from './thrift';

export interface PageHeader {
  readonly kind: 'data' | 'data 2' | 'dictionary' | 'other';
  /** The bytes of the header, and of the page behind it. */
  readonly headerBytes: number;
  readonly bytes: number;
  /** The bytes of the page when it is decompressed. */
  readonly fullBytes: number;
  /** How many values it has, with those that are null. */
  readonly values: number;
  readonly encoding: number;
  /** Only of the second version, whose levels lie uncompressed before the values. */
  readonly levelBytes: number;
  readonly isCompressed: boolean;
}

/** The encodings that are read, by their numbers in Parquet. Texts that share prefixes (7) are not: a few bytes can become gigabytes. */
const encodings = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  deltaBinaryPacked: 5,
  deltaLengthByteArray: 6,
  rleDictionary: 8,
  byteStreamSplit: 9,
};
const readEncodings: ReadonlySet<number> = new Set(Object.values(encodings));

/** The most values that a page may have: as many are in memory at once. Writers end a page after some 20,000 rows, or 1 MB. */
export const MOST_VALUES = 1 << 24;
/** The most bytes of a page, decompressed. */
const MOST_BYTES = 1 << 28;

/**
 * Reads a header.
 *
 * @param left how many bytes the column has from `start` on
 * @throws {Truncated} if there are too few bytes for the header; an Error for numbers that no page can have
 */
export function readPageHeader(bytes: Uint8Array, start: number, left: number): PageHeader {
  const { fields, end } = readStruct(bytes, start);
  const count = (of: ThriftFields, id: number, what: string, most: number): number => {
    const value = of.get(id) ?? 0;
    if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most)
      return value as number;
    throw new Error(
      `a page says that it has ${typeof value === 'number' ? value : 'something else than a number as its'} ${what}; wanted at most ${most}`,
    );
  };
  const part = (id: number): ThriftFields => {
    const found = fields.get(id);
    return found instanceof Map ? found : new Map();
  };
  const type = fields.get(1) as number;
  const kind = (['data', 'other', 'dictionary', 'data 2'] as const)[type];
  if (!kind) throw new Error(`a page is of the type ${type}; wanted 0 to 3`);
  const headerBytes = end - start;
  const size = count(fields, 3, 'bytes', left - headerBytes);
  const [numbers, encodingField] = (
    { data: [part(5), 2], 'data 2': [part(8), 4], dictionary: [part(7), 2], other: [new Map(), 2] } as const
  )[kind];
  const encoding = count(numbers, encodingField, 'encoding', 255);
  if (!readEncodings.has(encoding))
    throw new Error(
      `a page has the encoding ${encoding}, which is not read here; write the file with plain values or a dictionary`,
    );
  const fullBytes = count(fields, 2, 'bytes, decompressed', MOST_BYTES);
  // Only nested columns, which are not read, have repetition levels.
  const levelBytes =
    kind === 'data 2' ? count(numbers, 5, 'bytes of definition levels', Math.min(size, fullBytes)) : 0;
  if (kind === 'data 2') count(numbers, 6, 'bytes of repetition levels', 0);
  return {
    kind,
    headerBytes,
    bytes: size,
    fullBytes,
    values: count(numbers, 1, 'values', kind === 'dictionary' ? fullBytes : MOST_VALUES),
    encoding,
    levelBytes,
    isCompressed: kind !== 'data 2' || numbers.get(7) !== false,
  };
}

/** What decides how the values of a page are written. */
export interface ValueForm {
  /** Whether there are definition levels. */
  readonly isOptional: boolean;
  readonly isBoolean: boolean;
}

/** Checks the levels of the second version, which are never compressed. */
export function assertSeparateLevels(
  { kind, values }: PageHeader,
  levels: Uint8Array,
  { isOptional }: ValueForm,
): void {
  if (kind === 'data 2' && isOptional) assertLevels(levels, 0, levels.length, values);
}

/**
 * Checks the parts of a page, decompressed, whose lengths hyparquet believes: runs that repeat a value as often as they say.
 *
 * @throws for a run that is longer than the page
 */
export function assertRuns(
  { kind, values: count, encoding }: PageHeader,
  values: Uint8Array,
  { isOptional, isBoolean }: ValueForm,
): void {
  let at = kind === 'data' && isOptional ? levelsEnd(values, count) : 0;
  if (encoding === encodings.rle && isBoolean) walkRuns(values, at + 4, values.length, 1, count);
  else if (encoding === encodings.plainDictionary || encoding === encodings.rleDictionary) {
    if (count === 0 || at >= values.length) return;
    const width = values[at++]!;
    if (width > 32) throw new Error(`a page says that its indices have ${width} bits; wanted at most 32`);
    walkRuns(values, at, values.length, width, count);
  } else if (encoding === encodings.deltaBinaryPacked || encoding === encodings.deltaLengthByteArray)
    assertDelta(values, at);
}

/** Checks the levels of the first version, behind their length in bytes. Returns where they end. */
function levelsEnd(bytes: Uint8Array, count: number): number {
  if (bytes.length < 4) throw new Error('a page ends in its levels');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (length > bytes.length - 4)
    throw new Error(`a page says that its levels have ${length} bytes; it has ${bytes.length - 4}`);
  assertLevels(bytes, 4, 4 + length, count);
  return 4 + length;
}

/** @throws unless there is a level for each value: hyparquet would read on in the values */
function assertLevels(bytes: Uint8Array, start: number, end: number, count: number): void {
  const seen = walkRuns(bytes, start, end, 1, count);
  if (seen < count) throw new Error(`a page has ${seen} levels; wanted ${count}, one for each value`);
}

/** A last run of packed values is filled up; writers may write this many values more. */
const PADDING = 504;

/** Walks along runs (RLE / bit-packing hybrid) until they have `count` values or end. Returns how many they have. */
function walkRuns(bytes: Uint8Array, start: number, end: number, width: number, count: number): number {
  let at = start;
  let seen = 0;
  while (seen < count && at < end) {
    let head = 0;
    let shift = 0;
    for (;;) {
      if (at >= end || shift > 28) throw new Error('a page ends in a run of values');
      const byte = bytes[at++]!;
      head += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte < 0x80) break;
    }
    const isPacked = head % 2 === 1;
    const length = isPacked ? 8 * ((head - 1) / 2) : head / 2;
    if (length > count - seen + (isPacked ? PADDING : 0))
      throw new Error(`a run in a page has ${length} values; wanted at most ${count - seen}`);
    at += isPacked ? (length / 8) * width : Math.ceil(width / 8);
    seen += length;
  }
  return seen;
}

/** @throws unless deltas lie in blocks of the common size */
function assertDelta(bytes: Uint8Array, start: number): void {
  let at = start;
  for (const [what, most] of [
    ['values a block', 1 << 20],
    ['parts a block', 1 << 12],
  ] as const) {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 28) throw new Error('a page ends in its deltas');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (value < 1 || value > most) throw new Error(`deltas have ${value} ${what}; wanted 1 to ${most}`);
  }
}
