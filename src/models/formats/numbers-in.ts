/** Arrays over a buffer. */
export interface ArrayOf<T> {
  new (buffer: ArrayBufferLike, offset?: number, length?: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

/** The numbers in bytes of a file, little-endian: where they are, or in a copy where they do not begin at a multiple of their size. */
export function numbersIn<T>(ArrayType: ArrayOf<T>, { buffer, byteOffset, byteLength }: Uint8Array): T {
  const bytes = ArrayType.BYTES_PER_ELEMENT;
  return byteOffset % bytes === 0
    ? new ArrayType(buffer, byteOffset, byteLength / bytes)
    : new ArrayType(buffer.slice(byteOffset, byteOffset + byteLength));
}
