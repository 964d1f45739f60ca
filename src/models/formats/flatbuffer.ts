/**
 * A reader of FlatBuffers (https://flatbuffers.dev/internals): tables whose fields lie where a list of offsets, the vtable, says. All numbers
 * are little-endian. Every offset is checked.
 */

/** A genuine file has each vector once. All that is read of one is at most so many times its length: else few bytes could ask for years of work. */
const MOST_READ = 16;

/** The bytes of a file, for the tables in it. */
export class FlatFile {
  readonly #view: DataView;
  #unread: number;

  constructor(
    readonly bytes: Uint8Array,
    /** The operator and the file, for messages. */
    readonly where: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#unread = MOST_READ * bytes.length;
  }

  /** The table at which the file begins. */
  root(): FlatTable {
    return new FlatTable(this, this.follow(0));
  }

  /** Numbers are read through it, behind {@link FlatFile.claim}. */
  view(at: number, length: number): DataView {
    if (at >= 0 && length >= 0 && at + length <= this.bytes.length) return this.#view;
    throw new Error(
      `${this.where}: ${length} bytes are wanted at byte ${at}; the file has ${this.bytes.length}: it is damaged, or not complete`,
    );
  }

  /** The place to which the offset at a place leads. */
  follow(at: number): number {
    return at + this.view(at, 4).getUint32(at, true);
  }

  /** Where a vector begins, and its length. @throws when its elements of so many bytes are not in the file */
  vector(at: number, bytes: number): { readonly from: number; readonly length: number } {
    const length = this.view(at, 4).getUint32(at, true);
    this.view(at + 4, length * bytes);
    this.#unread -= length * bytes;
    if (this.#unread < 0)
      throw new Error(
        `${this.where}: the same bytes are read again and again; wanted a file in which few tables share a vector`,
      );
    return { from: at + 4, length };
  }
}

/** A table in a file. A field is known by its number in the schema; a missing one has its default. */
export class FlatTable {
  readonly #fields: number;
  readonly #count: number;

  constructor(
    readonly file: FlatFile,
    readonly at: number,
  ) {
    this.#fields = at - file.view(at, 4).getInt32(at, true);
    // The vtable's own length, and the table's.
    this.#count = (file.view(this.#fields, 4).getUint16(this.#fields, true) >> 1) - 2;
    file.view(this.#fields, 2 * Math.max(0, this.#count) + 4);
  }

  /** Where a field lies; null if the table has none. @throws when that is not in the file */
  #place(field: number, bytes: number): number | null {
    if (field >= this.#count) return null;
    const at = this.#fields + 4 + 2 * field;
    const offset = this.file.view(at, 2).getUint16(at, true);
    if (offset === 0) return null;
    this.file.view(this.at + offset, bytes);
    return this.at + offset;
  }

  #number<T>(field: number, bytes: number, otherwise: T, read: (view: DataView, at: number) => T): T {
    const at = this.#place(field, bytes);
    return at === null ? otherwise : read(this.file.view(at, bytes), at);
  }

  #numbers(field: number, bytes: number, read: (view: DataView, at: number) => number): number[] {
    const found = this.#vector(field, bytes);
    if (!found) return [];
    const view = this.file.view(found.from, found.length * bytes);
    return Array.from({ length: found.length }, (_, i) => read(view, found.from + i * bytes));
  }

  #vector(field: number, bytes: number): { readonly from: number; readonly length: number } | null {
    const at = this.#place(field, 4);
    return at === null ? null : this.file.vector(this.file.follow(at), bytes);
  }

  has(field: number): boolean {
    return this.#place(field, 1) !== null;
  }

  byte(field: number, otherwise = 0): number {
    return this.#number(field, 1, otherwise, (view, at) => view.getUint8(at));
  }

  int(field: number, otherwise = 0): number {
    return this.#number(field, 4, otherwise, (view, at) => view.getInt32(at, true));
  }

  float(field: number, otherwise = 0): number {
    return this.#number(field, 4, otherwise, (view, at) => view.getFloat32(at, true));
  }

  long(field: number): number {
    return this.#number(field, 8, 0, (view, at) => Number(view.getBigUint64(at, true)));
  }

  ints(field: number): number[] {
    return this.#numbers(field, 4, (view, at) => view.getInt32(at, true));
  }

  shorts(field: number): number[] {
    return this.#numbers(field, 2, (view, at) => view.getUint16(at, true));
  }

  floats(field: number): number[] {
    return this.#numbers(field, 4, (view, at) => view.getFloat32(at, true));
  }

  longs(field: number): number[] {
    return this.#numbers(field, 8, (view, at) => Number(view.getBigInt64(at, true)));
  }

  /** The bytes of a vector, where they are. */
  bytes(field: number): Uint8Array {
    const { from = 0, length = 0 } = this.#vector(field, 1) ?? {};
    return this.file.bytes.subarray(from, from + length);
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  table(field: number): FlatTable | null {
    const at = this.#place(field, 4);
    return at === null ? null : new FlatTable(this.file, this.file.follow(at));
  }

  tables(field: number): FlatTable[] {
    const found = this.#vector(field, 4);
    if (!found) return [];
    return Array.from(
      { length: found.length },
      (_, i) => new FlatTable(this.file, this.file.follow(found.from + 4 * i)),
    );
  }
}
