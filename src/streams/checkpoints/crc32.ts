/** The reversed polynomial of CRC-32 (ISO 3309; RFC 1952, section 8). */
const POLYNOMIAL = 0xedb88320;

/** For each byte its remainder. */
export const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? POLYNOMIAL ^ (remainder >>> 1) : remainder >>> 1;
  return remainder;
});

/** The CRC-32 of bytes, as gzip and PNG define it: it shows whether a file was damaged. */
export function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (let i = 0; i < bytes.length; i++)
    remainder = remainders[(remainder ^ bytes[i]!) & 0xff]! ^ (remainder >>> 8);
  return (remainder ^ 0xffffffff) >>> 0;
}
