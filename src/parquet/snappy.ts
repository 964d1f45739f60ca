/**
 * Checks bytes that are compressed by snappy (its format description, section 2) before they are decompressed: hyparquet's function goes round for ever at a length
 * beyond 2³¹, and the size of the result is what the page says.
 *
 * @throws unless they become `size` bytes
 */
export function assertSnappy(bytes: Uint8Array, size: number): void {
  let at = 0;
  const wrong = (what: string): Error =>
    new Error(`a page is damaged: it is compressed by snappy, and ${what}`);
  const byte = (): number => {
    if (at >= bytes.length) throw wrong('ends too early');
    return bytes[at++]!;
  };
  const littleEndian = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) value += byte() * 2 ** (8 * i);
    return value;
  };
  // The size stands in front.
  while (byte() >= 128);
  let length = 0;
  while (at < bytes.length) {
    const tag = byte();
    const upper = tag >> 2;
    switch (tag & 3) {
      case 0: {
        const literal = (upper < 60 ? upper : littleEndian(upper - 59)) + 1;
        if (literal > bytes.length - at) throw wrong('ends too early');
        at += literal;
        length += literal;
        continue;
      }
      case 1: {
        const offset = (upper >> 3) * 256 + byte();
        if (offset === 0 || offset > length) throw wrong(`copies from ${offset} bytes before, of ${length}`);
        length += (upper & 7) + 4;
        continue;
      }
      default: {
        const offset = littleEndian((tag & 3) === 2 ? 2 : 4);
        if (offset === 0 || offset > length) throw wrong(`copies from ${offset} bytes before, of ${length}`);
        length += upper + 1;
      }
    }
  }
  if (length !== size) throw wrong(`becomes ${length} bytes; the page says ${size}`);
}
