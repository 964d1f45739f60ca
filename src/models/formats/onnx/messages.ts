/** Messages of protobuf, read with bounds: a damaged file gives an error, whatever its bytes are. */
import { PbfReader } from 'pbf';

/** The kinds of values on the wire (Protocol Buffers, "Encoding"). */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Deeper messages than any model has: each branch of a model nests three. */
const MOST_DEEP = 100;

/** For each field of a message, by its number, what becomes of its value. Other fields are passed over. */
export type Fields<T> = Readonly<Record<number, (message: T, value: ValueReader) => void>>;

/** Reads the value of the field that comes next. */
export interface ValueReader {
  /** An integer; one of 64 bits is rounded to a number. */
  readonly integer: () => number;
  readonly float: () => number;
  readonly text: () => string;
  /** A view of the file. */
  readonly bytes: () => Uint8Array;
  /** Appends to a list, which may come in one piece or as many fields. */
  readonly integers: (list: number[]) => void;
  readonly floats: (list: number[]) => void;
  readonly doubles: (list: number[]) => void;
  readonly message: <T>(message: T, fields: Fields<T>) => T;
}

/** Reads a file that is one message. @throws naming the byte where the file is damaged */
export function readMessage<T>(bytes: Uint8Array, message: T, fields: Fields<T>, where: string): T {
  const reader = new PbfReader(bytes);
  let depth = 0;
  const damaged = (problem: string): Error =>
    new Error(`${where} is damaged at byte ${reader.pos}: ${problem}; wanted a complete file of protobuf`);
  const expect = (...kinds: readonly number[]): void => {
    if (!kinds.includes(reader.type)) throw damaged(`a field has the wire type ${reader.type}`);
  };
  const readFields = <M>(into: M, of: Fields<M>, end: number): M => {
    if (!(end <= bytes.length)) throw damaged(`a part ends at ${end} of ${bytes.length} bytes`);
    if (++depth > MOST_DEEP) throw damaged(`more than ${MOST_DEEP} parts are nested`);
    for (let field = reader.nextField(end); field !== 0; field = reader.nextField(end)) {
      if (Object.hasOwn(of, field)) of[field]!(into, value);
      if (reader.pos > end) throw damaged('a field is longer than its part');
    }
    if (reader.pos !== end) throw damaged('a field is longer than its part');
    depth--;
    return into;
  };
  const value: ValueReader = {
    integer: () => {
      expect(VARINT);
      return reader.readVarint(true);
    },
    float: () => {
      expect(FIXED32);
      return reader.readFloat();
    },
    text: () => {
      expect(BYTES);
      return reader.readString();
    },
    bytes: () => {
      expect(BYTES);
      return reader.readBytes();
    },
    integers: (list) => {
      expect(BYTES, VARINT);
      reader.readPackedVarint(list, true);
    },
    floats: (list) => {
      expect(BYTES, FIXED32);
      reader.readPackedFloat(list);
    },
    doubles: (list) => {
      expect(BYTES, FIXED64);
      reader.readPackedDouble(list);
    },
    message: (into, of) => {
      expect(BYTES);
      const length = reader.readVarint();
      return readFields(into, of, reader.pos + length);
    },
  };
  try {
    return readFields(message, fields, bytes.length);
  } catch (error) {
    if ((error as Error).message.startsWith(where)) throw error;
    throw damaged((error as Error).message);
  }
}
