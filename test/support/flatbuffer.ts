/** Writes FlatBuffers, for specs. */

/** A value of a field: a number in some bytes, something to which an offset leads, or nothing. */
export type Flat =
  | { readonly byte: number }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly long: number }
  | { readonly table: readonly (Flat | null)[] }
  | { readonly vector: ArrayBufferView }
  | { readonly tables: readonly Flat[] };

export const byte = (value: number): Flat => ({ byte: value });
export const int = (value: number): Flat => ({ int: value });
export const float = (value: number): Flat => ({ float: value });
export const long = (value: number): Flat => ({ long: value });
export const flag = (value: boolean): Flat => ({ byte: Number(value) });
export const table = (...fields: readonly (Flat | null)[]): Flat => ({ table: fields });
export const tables = (...all: readonly Flat[]): Flat => ({ tables: all });
export const ints = (...values: readonly number[]): Flat => ({ vector: Int32Array.from(values) });
export const vector = (values: ArrayBufferView): Flat => ({ vector: values });
export const text = (value: string): Flat => ({ vector: new TextEncoder().encode(value) });

/** A file with a root table. Every number is at a multiple of its size. */
export function flatBuffer(root: Flat, identifier = 'TFL3'): Uint8Array {
  let bytes = new Uint8Array(1024);
  let end = 0;
  const view = (): DataView => new DataView(bytes.buffer);
  const reserve = (size: number, multiple = 4): number => {
    const at = Math.ceil(end / multiple) * multiple;
    end = at + size;
    while (end > bytes.length) {
      const more = new Uint8Array(2 * bytes.length);
      more.set(bytes);
      bytes = more;
    }
    return at;
  };
  const lead = (from: number, to: number): void => view().setUint32(from, to - from, true);

  const write = (value: Flat): number => {
    if ('table' in value) return writeTable(value.table);
    if ('tables' in value) {
      const at = reserve(4 + 4 * value.tables.length);
      view().setUint32(at, value.tables.length, true);
      value.tables.forEach((each, i) => lead(at + 4 + 4 * i, write(each)));
      return at;
    }
    if (!('vector' in value)) throw new Error('a number has no place of its own');
    const { buffer, byteOffset, byteLength } = value.vector;
    const width = (value.vector as Partial<Uint8Array>).BYTES_PER_ELEMENT ?? 1;
    // The elements begin at a multiple of 16, the length is in front of them.
    const at = reserve(16 + byteLength, 16) + 12;
    view().setUint32(at, byteLength / width, true);
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at + 4);
    return at;
  };

  const writeTable = (fields: readonly (Flat | null)[]): number => {
    const vtable = reserve(4 + 2 * fields.length, 8);
    const at = reserve(4 + 8 * fields.length, 8);
    view().setUint16(vtable, 4 + 2 * fields.length, true);
    view().setUint16(vtable + 2, 4 + 8 * fields.length, true);
    view().setInt32(at, at - vtable, true);
    fields.forEach((field, i) => {
      if (!field) return;
      const offset = 4 + 8 * i;
      view().setUint16(vtable + 4 + 2 * i, offset, true);
      if ('byte' in field) view().setUint8(at + offset, field.byte);
      else if ('int' in field) view().setInt32(at + offset, field.int, true);
      else if ('float' in field) view().setFloat32(at + offset, field.float, true);
      else if ('long' in field) view().setBigInt64(at + offset, BigInt(field.long), true);
      else lead(at + offset, write(field));
    });
    return at;
  };

  reserve(8);
  new TextEncoder().encodeInto(identifier, bytes.subarray(4, 8));
  lead(0, write(root));
  return bytes.slice(0, end);
}
