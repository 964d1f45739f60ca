import { remainders } from '../../streams/checkpoints/crc32';

/**
 * The CRC-32 of `streams/checkpoints/crc32.ts`, several times as fast: it takes eight bytes at a time ("slicing-by-8", Kounavis and Berry 2005), which pays for
 * every message. Checkpoints are rare, and the entry `rxtensor` small.
 */
const SLICES = 8;

/** For each slice k and byte b, at 256·k + b: the remainder of b with k bytes of zeros behind it. */
function tablesOf(): Uint32Array {
  const tables = new Uint32Array(256 * SLICES);
  tables.set(remainders);
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256]!;
    tables[i] = tables[before & 0xff]! ^ (before >>> 8);
  }
  return tables;
}

let made: Uint32Array | null = null;

export function fastCrc32(bytes: Uint8Array): number {
  const t = (made ??= tablesOf());
  const whole = bytes.length - (bytes.length % SLICES);
  let remainder = 0xffffffff;
  let i = 0;
  for (; i < whole; i += SLICES) {
    const low =
      remainder ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
    remainder =
      t[1792 + (low & 0xff)]! ^
      t[1536 + ((low >>> 8) & 0xff)]! ^
      t[1280 + ((low >>> 16) & 0xff)]! ^
      t[1024 + (low >>> 24)]! ^
      t[768 + bytes[i + 4]!]! ^
      t[512 + bytes[i + 5]!]! ^
      t[256 + bytes[i + 6]!]! ^
      t[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) remainder = t[(remainder ^ bytes[i]!) & 0xff]! ^ (remainder >>> 8);
  return (remainder ^ 0xffffffff) >>> 0;
}
