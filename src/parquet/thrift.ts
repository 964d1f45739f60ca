/**
 * Thrift's compact protocol, as far as Parquet uses it. hyparquet reads it too, but believes every length: lists are checked here before it allocates memory for them, and
 * the headers of pages are read, so that their sizes are known before a page is.
 */

/** The fields of a struct by their numbers. */
export type ThriftFields = ReadonlyMap<number, ThriftValue>;
export type ThriftValue = number | boolean | Uint8Array | ThriftFields | readonly ThriftValue[];

/** A struct, and where it ends. */
export interface ThriftStruct {
  readonly fields: ThriftFields;
  readonly end: number;
}

/** The error for bytes that end too early. More bytes may complete the struct. */
export class Truncated extends Error {
  constructor() {
    super('the bytes end inside of a structure');
  }
}

/** How deep structures may lie in each other; Parquet's own lie 8 deep. */
const MOST_LEVELS = 24;
/** The most bytes of an integer of 64 bits. */
const MOST_VARINT_BYTES = 10;
const type = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12,
};

/**
 * Reads a struct. It allocates no more than its bytes can fill.
 *
 * @throws {Truncated} where bytes are missing; an Error for what Parquet does not have
 */
export function readStruct(bytes: Uint8Array, start: number): ThriftStruct {
  let at = start;
  const byte = (): number => {
    if (at >= bytes.length) throw new Truncated();
    return bytes[at++]!;
  };
  const variable = (): number => {
    let value = 0;
    for (let i = 0; i < MOST_VARINT_BYTES; i++) {
      const next = byte();
      value += (next & 0x7f) * 2 ** (7 * i);
      if (next < 0x80) return value;
    }
    throw new Error(`an integer has more than ${MOST_VARINT_BYTES} bytes`);
  };
  const signed = (): number => {
    const value = variable();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const slice = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new Truncated();
    at += length;
    return bytes.subarray(at - length, at);
  };
  const list = (level: number): ThriftValue[] => {
    const head = byte();
    const length = head >> 4 === 15 ? variable() : head >> 4;
    // Each element has a byte at least.
    if (length > bytes.length - at) throw new Truncated();
    const of = head & 15;
    return Array.from({ length }, () =>
      of === type.true || of === type.false ? byte() === 1 : element(of, level),
    );
  };
  const element = (of: number, level: number): ThriftValue => {
    switch (of) {
      case type.true:
      case type.false:
        return of === type.true;
      case type.byte:
        return (byte() << 24) >> 24;
      case type.i16:
      case type.i32:
      case type.i64:
        return signed();
      case type.double:
        return slice(8);
      case type.binary:
        return slice(variable());
      case type.list:
        return list(level + 1);
      case type.struct:
        return struct(level + 1);
      default:
        throw new Error(`there is a field of the type ${of}, which Parquet does not have`);
    }
  };
  const struct = (level: number): ThriftFields => {
    if (level > MOST_LEVELS) throw new Error(`structures lie more than ${MOST_LEVELS} deep in each other`);
    const fields = new Map<number, ThriftValue>();
    let id = 0;
    for (;;) {
      const head = byte();
      const of = head & 15;
      if (of === type.stop) return fields;
      id = head >> 4 === 0 ? signed() : id + (head >> 4);
      fields.set(id, element(of, level));
    }
  };
  const fields = struct(0);
  return { fields, end: at };
}
