import {
  parquetRead,
  snappyUncompress,
  type Compressors,
  type DecodedArray,
  type FileMetaData,
} from 'hyparquet';
import { joinedBytes } from '../tensor/joined-bytes';
import type { Chunk, ParquetColumn } from './layout';
import { assertRuns, assertSeparateLevels, type PageHeader } from './page-header';
import { assertSnappy } from './snappy';

/** A page with its header, as both lie in the file. */
export interface Page {
  readonly header: PageHeader;
  readonly bytes: Uint8Array;
}

/** The name of a compression that nobody uses: hyparquet asks {@link pageDecoder} for it. */
const CHECKED = 'LZO';

/**
 * Decodes pages by hyparquet, to which they are a file of one column and one row group. Each page is checked when it is decompressed, before its values are read.
 *
 * @returns a function of pages, a dictionary first if there is one, and of the number of their values
 */
export function pageDecoder(
  { name, element }: ParquetColumn,
  { meta }: Chunk,
  compressors: Compressors,
): (pages: readonly Page[], values: number) => Promise<DecodedArray[]> {
  const { codec } = meta;
  const decompressed = (bytes: Uint8Array, size: number): Uint8Array => {
    if (codec === 'UNCOMPRESSED') return bytes;
    const own = compressors[codec];
    if (own) return own(bytes, size);
    if (codec !== 'SNAPPY')
      throw new Error(
        `it is compressed with ${codec}; give the option 'compressors', as those of the package hyparquet-compressors`,
      );
    assertSnappy(bytes, size);
    const page = new Uint8Array(size);
    snappyUncompress(bytes, page);
    return page;
  };
  const form = { isOptional: element.repetition_type !== 'REQUIRED', isBoolean: element.type === 'BOOLEAN' };
  const noBytes = new Uint8Array(0);

  return async (pages, values) => {
    /** Those that hyparquet has decompressed, in its order. */
    const compressed: PageHeader[] = [];
    for (const page of pages) {
      const { header, bytes } = page;
      const valuesAt = header.headerBytes + header.levelBytes;
      assertSeparateLevels(header, bytes.subarray(header.headerBytes, valuesAt), form);
      const isAsked =
        header.isCompressed && (header.kind !== 'data 2' || header.fullBytes > header.levelBytes);
      if (isAsked) compressed.push(header);
      else assertRuns(header, bytes.subarray(valuesAt), form);
    }
    const check = (bytes: Uint8Array, size: number): Uint8Array => {
      const header = compressed.shift()!;
      const page = decompressed(bytes, size);
      if (header.kind !== 'dictionary') assertRuns(header, page, form);
      return page;
    };
    const bytes = joinedBytes(pages.map((page) => page.bytes));
    const decoded: DecodedArray[] = [];
    await parquetRead({
      file: {
        byteLength: bytes.length,
        slice: (from, to = bytes.length) =>
          bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to) as ArrayBuffer,
      },
      metadata: fileOf(name, { ...element }, values, bytes.length, meta),
      compressors: { [CHECKED]: check },
      onChunk: ({ columnData }) => decoded.push(columnData),
    });
    if (compressed.length > 0)
      throw new Error(`${compressed.length} of its pages are damaged: values come to an end before them`);
    return decoded.length === 0 ? [noBytes] : decoded;
  };
}

/** The table of contents of a file of one column. */
function fileOf(
  name: string,
  element: ParquetColumn['element'],
  rows: number,
  size: number,
  { type, encodings }: Chunk['meta'],
): FileMetaData {
  const count = BigInt(rows);
  const bytes = BigInt(size);
  return {
    version: 1,
    schema: [{ name: 'rows', num_children: 1 }, element],
    num_rows: count,
    row_groups: [
      {
        columns: [
          {
            file_offset: 0n,
            meta_data: {
              type,
              encodings,
              path_in_schema: [name],
              codec: CHECKED,
              num_values: count,
              total_uncompressed_size: bytes,
              total_compressed_size: bytes,
              data_page_offset: 0n,
            },
          },
        ],
        total_byte_size: bytes,
        num_rows: count,
      },
    ],
    metadata_length: 0,
  };
}
