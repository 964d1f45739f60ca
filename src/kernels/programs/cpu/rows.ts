import { unpackModule, type PackedModule } from '../../cpu/simd/packed-module';
import type { Bytes } from './wasm-code';
import { get, set, unsigned } from './wasm-code';

/**
 * The body of a function of vectors, taken from a compiled module: code without branches and calls, cut where it names a local. Its locals
 * are its parameters, and others behind them that it sets before it reads them.
 */
export interface Row {
  readonly parameters: number;
  readonly locals: number;
  readonly pieces: readonly (Bytes | LocalAccess)[];
  /** Whether the code reads the value that each parameter has at first. */
  readonly reads: readonly boolean[];
  /** Whether the code sets each parameter. */
  readonly sets: readonly boolean[];
}

/** local.get, local.set or local.tee. */
interface LocalAccess {
  readonly operation: number;
  readonly local: number;
}

/** Rows by the names of their exports. */
export type Rows = ReadonlyMap<string, Row>;

class Reader {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  byte(): number {
    return this.bytes[this.at++]!;
  }

  unsigned(): number {
    let value = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      more = byte > 127;
    }
    return value >>> 0;
  }

  list<T>(item: () => T): T[] {
    return Array.from({ length: this.unsigned() }, item);
  }

  text(): string {
    return String.fromCharCode(...this.list(() => this.byte()));
  }
}

/** Bytes behind the opcode of a vector instruction; 5.4.10 of the specification. */
function skipVectorImmediates(reader: Reader, code: number): void {
  if (code === 12 || code === 13) reader.at += 16;
  else if (code >= 21 && code <= 34) reader.at++;
  else if (code <= 11 || (code >= 84 && code <= 93)) throw new Error('a row that uses memory');
}

/** Reads the code of a function, which ends at `end`. */
function readRow(reader: Reader, parameters: number, end: number): Row {
  let locals = parameters;
  for (const count of reader.list(() => [reader.unsigned(), reader.byte()][0]!)) locals += count;
  const pieces: (Bytes | LocalAccess)[] = [];
  const touched = new Set<number>();
  const reads = new Array<boolean>(parameters).fill(false);
  const sets = new Array<boolean>(parameters).fill(false);
  let from = reader.at;
  const last = end - 1;
  while (reader.at < last) {
    const at = reader.at;
    const operation = reader.byte();
    if (operation === 0xfd) skipVectorImmediates(reader, reader.unsigned());
    else if (operation === 0x41) reader.unsigned();
    else if (operation >= 0x20 && operation <= 0x22) {
      const local = reader.unsigned();
      pieces.push([...reader.bytes.subarray(from, at)], { operation, local });
      from = reader.at;
      const isRead = operation === 0x20;
      if (isRead && !touched.has(local)) {
        if (local >= parameters) throw new Error('a row that reads a local before it sets it');
        reads[local] = true;
      }
      if (!isRead && local < parameters) sets[local] = true;
      if (!isRead) touched.add(local);
    } else throw new Error(`a row with the instruction ${operation}`);
  }
  pieces.push([...reader.bytes.subarray(from, last)]);
  reader.at = end;
  return { parameters, locals, pieces, reads, sets };
}

/** Reads the exported functions of a module. */
export function readRows(module: PackedModule): Rows {
  const reader = new Reader(unpackModule(module));
  reader.at = 8;
  let parameters: number[] = [];
  let types: number[] = [];
  const names: [string, number][] = [];
  const rows = new Map<string, Row>();
  while (reader.at < reader.bytes.length) {
    const id = reader.byte();
    const length = reader.unsigned();
    const end = reader.at + length;
    if (id === 1) {
      parameters = reader.list(() => {
        reader.byte();
        const own = reader.list(() => reader.byte()).length;
        reader.list(() => reader.byte());
        return own;
      });
    } else if (id === 3) types = reader.list(() => reader.unsigned());
    else if (id === 7) {
      reader.list(() => {
        const name = reader.text();
        const kind = reader.byte();
        const index = reader.unsigned();
        if (kind === 0) names.push([name, index]);
      });
    } else if (id === 10) {
      const bodies = types.map(() => 0);
      reader.unsigned();
      const parsed = bodies.map((_, i) => {
        const size = reader.unsigned();
        return readRow(reader, parameters[types[i]!]!, reader.at + size);
      });
      for (const [name, index] of names) rows.set(name, parsed[index]!);
    }
    reader.at = end;
  }
  return rows;
}

/**
 * The code of a row with its locals replaced; leaves the result on the stack.
 *
 * @param args a local for each parameter that the row reads; they are not changed
 * @param scratch gives a local that the code may change, by number: the same numbers give the same locals
 */
export function inlined(row: Row, args: readonly number[], scratch: (number: number) => number): number[] {
  const code: number[] = [];
  const names: number[] = [];
  for (let local = 0; local < row.locals; local++) {
    const own = local >= row.parameters || row.sets[local] === true;
    names[local] = own ? scratch(local) : args[local]!;
    if (own && local < row.parameters && row.reads[local])
      code.push(...get(args[local]!), ...set(names[local]!));
  }
  for (const piece of row.pieces) {
    if ('operation' in piece) code.push(piece.operation, ...unsigned(names[piece.local]!));
    else for (const byte of piece) code.push(byte);
  }
  return code;
}
