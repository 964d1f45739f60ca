/** Files of strangers: whatever their bytes are, reading ends with rows or with an error that names the file, in bounded time and memory. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { parquet, type CsvColumns } from 'rxtensor/parquet';
import { lastValueFrom, toArray } from 'rxjs';
import { parquetFixture } from '../../test/support/parquet-fixtures';
import { readPageHeader } from './page-header';
import { readStruct } from './thrift';

const all = (bytes: Uint8Array, columns?: CsvColumns): Promise<unknown[]> =>
  lastValueFrom(
    parquet(bytes as Uint8Array<ArrayBuffer>, { missing: true, ...(columns && { columns }) } as object).pipe(
      toArray(),
    ),
  );

async function complaint(bytes: Uint8Array, columns?: CsvColumns): Promise<string> {
  try {
    await all(bytes, columns);
    return '';
  } catch (error) {
    return String(error);
  }
}

/** Thrift's compact form of a number. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  while (left >= 128) {
    bytes.push((left % 128) + 128);
    left = Math.floor(left / 128);
  }
  return [...bytes, left];
}
const zigzag = (value: number): number[] => varint(value < 0 ? -2 * value - 1 : 2 * value);
type Part = readonly [id: number, of: number, bytes: readonly number[]];
const struct = (parts: readonly Part[]): number[] => {
  let last = 0;
  const bytes = parts.flatMap(([id, of, content]) => {
    const head = (id - last) * 16 + of;
    last = id;
    return [head, ...content];
  });
  return [...bytes, 0];
};
const text = (value: string): number[] => [value.length, ...new TextEncoder().encode(value)];
const i32 = (id: number, value: number): Part => [id, 5, zigzag(value)];
const i64 = (id: number, value: number): Part => [id, 6, zigzag(value)];
const binary = (id: number, value: string): Part => [id, 8, text(value)];
const list = (id: number, of: number, items: readonly (readonly number[])[]): Part => [
  id,
  9,
  [items.length * 16 + of, ...items.flat()],
];
const nested = (id: number, bytes: readonly number[]): Part => [id, 12, bytes];

interface Column {
  /** 1: int32, 6: text. */
  readonly type: number;
  readonly rows: number;
  readonly values?: number;
  readonly codec?: number;
  readonly page: readonly number[];
  readonly compressed?: number;
  readonly full?: number;
  readonly pageValues?: number;
  readonly encoding?: number;
  readonly optional?: boolean;
  readonly chunkBytes?: number;
  readonly allRows?: number;
}

/** A file of one column with one page, whose numbers may be wrong. */
function fileOf(column: Column): Uint8Array {
  const { type, rows, page, codec = 0, values = rows, encoding = 0 } = column;
  const header = struct([
    i32(1, 0),
    i32(2, column.full ?? page.length),
    i32(3, column.compressed ?? page.length),
    nested(5, struct([i32(1, column.pageValues ?? rows), i32(2, encoding), i32(3, 3), i32(4, 3)])),
  ]);
  const chunk = column.chunkBytes ?? header.length + page.length;
  const meta = struct([
    i32(1, type),
    list(2, 5, [zigzag(encoding)]),
    list(3, 8, [text('x')]),
    i32(4, codec),
    i64(5, values),
    i64(6, chunk),
    i64(7, chunk),
    i64(9, 4),
  ]);
  const footer = struct([
    i32(1, 1),
    list(2, 12, [
      struct([binary(4, 'rows'), i32(5, 1)]),
      struct([i32(1, type), i32(3, column.optional ? 1 : 0), binary(4, 'x')]),
    ]),
    i64(3, column.allRows ?? rows),
    list(4, 12, [struct([list(1, 12, [struct([i64(2, 4), nested(3, meta)])]), i64(2, chunk), i64(3, rows)])]),
  ]);
  return withFooter([...header, ...page], footer);
}

function withFooter(body: readonly number[], footer: readonly number[], length = footer.length): Uint8Array {
  const magic = [80, 65, 82, 49];
  return Uint8Array.from([
    ...magic,
    ...body,
    ...footer,
    ...[0, 8, 16, 24].map((shift) => (length >>> shift) & 255),
    ...magic,
  ]);
}

const numbers = (...values: number[]): number[] => [...new Uint8Array(Int32Array.from(values).buffer)];

describe('parquet of a hostile file', () => {
  it('reads the file that the others are made of', async () => {
    expect(await all(fileOf({ type: 1, rows: 3, page: numbers(7, 8, -9) }))).toEqual([
      { x: 7 },
      { x: 8 },
      { x: -9 },
    ]);
  });

  const wrong: Readonly<Record<string, readonly [bytes: Uint8Array, message: RegExp]>> = {
    'no bytes': [new Uint8Array(0), /the data has 0 bytes; wanted a Parquet file/],
    'another format': [new TextEncoder().encode('x,y\n1,2\n3,4\n5,6\n'), /begins with "x,y\\n"; wanted PAR1/],
    'a file that is encrypted': [
      Uint8Array.from([80, 65, 82, 69, 0, 0, 0, 0, 80, 65, 82, 69]),
      /the data is encrypted/,
    ],
    'a table of contents that is longer than the file': [
      withFooter([], [0], 0x7fffffff),
      /says that its table of contents has 2147483647 bytes; wanted at most 1/,
    ],
    'a table of contents with a list of 2^40 elements': [
      withFooter([], [...struct([i32(1, 1)]).slice(0, -1), 0x19, 0xfc, ...varint(2 ** 40), 0]),
      /table of contents that is damaged: Error: the bytes end/,
    ],
    'structures in structures': [
      withFooter([], new Array<number>(5000).fill(0x1c)),
      /structures lie more than 24 deep/,
    ],
    '2^40 rows': [
      fileOf({ type: 1, rows: 2 ** 40, page: numbers(1), pageValues: 1 }),
      /row group 1, column 'x': there are 1099511627775 values too few; wanted 1099511627776/,
    ],
    'another number of rows than its groups have': [
      fileOf({ type: 1, rows: 1, page: numbers(1), allRows: 2 ** 40 }),
      /says that it has 1099511627776 rows; its row groups have 1 together/,
    ],
    'a negative number of rows': [
      fileOf({ type: 1, rows: -1, page: numbers(1) }),
      /row group 1 says that it has -1 rows/,
    ],
    'other numbers of values than rows': [
      fileOf({ type: 1, rows: 1, page: numbers(1), values: 2 ** 40 }),
      /says that it has 1099511627776 values; wanted 1, one for each row/,
    ],
    'a column of 2^40 bytes': [
      fileOf({ type: 1, rows: 1, page: numbers(1), chunkBytes: 2 ** 40 }),
      /column 'x' lies from byte 4 to 1099511627780; wanted 4 to /,
    ],
    'a page of 2^31 bytes': [
      fileOf({ type: 1, rows: 1, page: numbers(1), compressed: 2 ** 31 - 1 }),
      /a page says that it has 2147483647 bytes; wanted at most 4/,
    ],
    'a page of 2^31 bytes, decompressed': [
      fileOf({ type: 1, rows: 1, page: numbers(1), full: 2 ** 31 - 1, codec: 1 }),
      /a page says that it has 2147483647 bytes, decompressed; wanted at most 268435456/,
    ],
    'a page of snappy that does not become what it says': [
      fileOf({ type: 1, rows: 1, page: [4, 12, 1, 2, 3, 4], full: 2 ** 28, codec: 1 }),
      /compressed by snappy, and becomes 4 bytes; the page says 268435456/,
    ],
    'a page of snappy with a literal of 2^32 bytes': [
      fileOf({ type: 1, rows: 1, page: [4, 252, 255, 255, 255, 255, 4], full: 4, codec: 1 }),
      /compressed by snappy, and ends too early/,
    ],
    'a page of snappy that copies from before its beginning': [
      fileOf({ type: 1, rows: 1, page: [4, 1, 7], full: 4, codec: 1 }),
      /copies from 7 bytes before, of 0/,
    ],
    'a page of more values than rows': [
      fileOf({ type: 1, rows: 1, page: numbers(1), pageValues: 2 ** 24 }),
      /a page says that it has 16777216 values; wanted at most 1/,
    ],
    'a page of 2^31 values': [
      fileOf({ type: 1, rows: 2 ** 31 - 1, page: numbers(1) }),
      /a page says that it has 2147483647 values; wanted at most 16777216/,
    ],
    'a page of fewer bytes than values': [
      fileOf({ type: 1, rows: 100_000, page: numbers(1) }),
      /row group 1, column 'x': /,
    ],
    'a run of levels of 2^30 values': [
      fileOf({
        type: 1,
        rows: 2,
        optional: true,
        page: [...numbers(6), ...varint(2 ** 31), 1, ...numbers(1, 2)],
      }),
      /a run in a page has 1073741824 values; wanted at most 2/,
    ],
    'levels that are longer than the page': [
      fileOf({ type: 1, rows: 2, optional: true, page: numbers(2 ** 30, 1) }),
      /levels have 1073741824 bytes; it has 4/,
    ],
    'indices without a dictionary, in a run of 2^30': [
      fileOf({ type: 1, rows: 2, encoding: 8, page: [1, ...varint(2 ** 31), 1] }),
      /a run in a page has 1073741824 values/,
    ],
    'deltas in blocks of 2^31 parts': [
      fileOf({ type: 1, rows: 2, encoding: 5, page: [...varint(128), ...varint(2 ** 31), 2, 2, 2] }),
      /deltas have 2147483648 parts a block; wanted 1 to 4096/,
    ],
    'an unknown encoding': [
      fileOf({ type: 1, rows: 1, encoding: 77, page: numbers(1) }),
      /a page has the encoding 77, which is not read here/,
    ],
  };
  for (const [name, [bytes, message]] of Object.entries(wrong))
    it(`refuses ${name}`, async () => {
      expect(await complaint(bytes)).toMatch(message);
    });

  it('refuses texts that share prefixes: their size is not bounded by the bytes', async () => {
    expect(await complaint(await parquetFixture('prefixes'))).toMatch(
      /^Error: parquet: the data, row group 1, column 'city': a page has the encoding 7, which is not read here; write the file with/,
    );
  });

  it('names the file when it is cut off anywhere', async () => {
    const whole = await parquetFixture('nulls, first version');
    for (let length = 0; length < whole.length; length += 97)
      expect(await complaint(whole.slice(0, length))).toMatch(/^Error: parquet: the data /);
  });

  it('ends with rows or an error that names it, whatever byte is changed', async () => {
    const files = [
      await parquetFixture('nulls, first version'),
      await parquetFixture('nulls, second version'),
      await parquetFixture('split and deltas'),
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'x', data: Array.from({ length: 300 }, (_, i) => i % 9), type: 'INT32' },
            { name: 'y', data: Array.from({ length: 300 }, (_, i) => String(i % 5)), type: 'STRING' },
          ],
        }),
      ),
    ];
    let state = 7;
    const draw = (bound: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * bound);
    };
    let refused = 0;
    for (let i = 0; i < 200; i++) {
      const bytes = files[i % files.length]!.slice();
      for (let change = 0; change <= draw(3); change++) bytes[draw(bytes.length)] = draw(256);
      const message = await complaint(bytes);
      if (message === '') continue;
      refused++;
      expect(message)
        .withContext(`change ${i}`)
        .toMatch(/^Error: parquet: the data[ ,:]/);
    }
    expect(refused).toBeGreaterThan(25);
  });

  it('reads structures of no more memory than their bytes', () => {
    expect(() => readStruct(Uint8Array.from([0x19, 0xfc, ...varint(2 ** 31), 1, 2, 3]), 0)).toThrowError(
      /the bytes end/,
    );
    expect(() => readStruct(Uint8Array.from([0x15, ...new Array<number>(12).fill(0xff)]), 0)).toThrowError(
      'an integer has more than 10 bytes',
    );
    expect(() => readPageHeader(Uint8Array.from([0x15, 0x0e, 0]), 0, 3)).toThrowError(
      /a page is of the type 7/,
    );
  });
});
