/**
 * Bytes that say what they are, and show damage: the form of checkpoints, and of emissions that leave the machine. All numbers are
 * little-endian:
 *
 *   0   8 bytes   the name of the format in ASCII
 *   8   uint32    its version
 *   12  uint32    CRC-32 of everything from byte 16 on
 *   16  uint32    length of the whole in bytes
 *   20  uint32    length of the header in bytes, H
 *   24  H bytes   header: JSON in UTF-8, padded with spaces to a multiple of 4
 *   …             the parts in the order of the header, each padded with zeros to a multiple of 4
 */

/** A format of sealed bytes. */
export interface Format {
  /** What the bytes are, for messages. */
  readonly name: string;
  /** Eight characters of ASCII. */
  readonly magic: string;
  readonly version: number;
  /** What may take too many bytes, for messages. */
  readonly contents: string;
  /** Computes the CRC-32. */
  readonly crc32: (bytes: Uint8Array) => number;
  /** Checks a header for a whole of so many bytes, before its JSON is parsed. It throws an error that begins with `what`. */
  readonly check?: (header: Uint8Array, bytes: number, what: string) => void;
}

const PREFIX_BYTES = 24;
/** The CRC-32 covers the bytes from here on. */
const CHECKED_FROM = 16;
/** Each part begins at a multiple of this. */
const ALIGNMENT = 4;
/** The length is stored as a uint32. */
const MOST_BYTES = 2 ** 32 - 1;

/** The bytes that a part takes, with its padding. */
export function paddedLength(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** @throws when it would be too long */
export function seal(
  { name, magic, version, contents, crc32, check }: Format,
  header: unknown,
  parts: readonly (ArrayBufferView & { readonly BYTES_PER_ELEMENT: number })[],
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const end = PREFIX_BYTES + paddedLength(text.length);
  const length = parts.reduce((sum, { byteLength }) => sum + paddedLength(byteLength), end);
  if (length > MOST_BYTES)
    throw new Error(`${name}: ${contents} take ${length} bytes; wanted at most ${MOST_BYTES}`);
  check?.(text, length, `${name}:`);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic));
  view.setUint32(8, version, true);
  view.setUint32(16, length, true);
  view.setUint32(20, end - PREFIX_BYTES, true);
  bytes.set(text, PREFIX_BYTES);
  bytes.fill(0x20, PREFIX_BYTES + text.length, end);
  let offset = end;
  for (const part of parts) {
    const target = bytes.subarray(offset, offset + part.byteLength);
    target.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    littleEndian(target, part.BYTES_PER_ELEMENT);
    offset += paddedLength(part.byteLength);
  }
  view.setUint32(12, crc32(bytes.subarray(CHECKED_FROM)), true);
  return bytes;
}

/** Sealed bytes, opened. */
export interface Unsealed {
  /** JSON, unchecked. */
  readonly header: unknown;
  readonly bytes: Uint8Array;
  /** Where the header ends and the parts begin. */
  readonly end: number;
}

/**
 * Checks that bytes are sealed in a format, and reads their header.
 *
 * @param place for messages: where the bytes come from
 * @throws if they are not, have another version, are cut short or damaged
 */
export function unseal(
  { name, magic, version, crc32, check }: Format,
  sealed: Uint8Array,
  place: string,
): Unsealed {
  const what = `${place} holds ${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
  // A Buffer of Node is a Uint8Array whose slice() copies nothing.
  const bytes = new Uint8Array(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, magic.length));
  if (start !== magic.slice(0, start.length))
    throw new Error(`${place} holds no ${name}: it begins with '${start}'; wanted '${magic}'`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wanted = bytes.length < PREFIX_BYTES ? PREFIX_BYTES : view.getUint32(16, true);
  if (bytes.length < wanted)
    throw new Error(`${what} that is cut short: found ${bytes.length} bytes; wanted ${wanted}`);
  const found = view.getUint32(8, true);
  if (found !== version) throw new Error(`${what} of version ${found}; wanted ${version}`);
  const sum = crc32(bytes.subarray(CHECKED_FROM));
  const noted = view.getUint32(12, true);
  if (sum !== noted)
    throw new Error(
      `${what} that is damaged: the CRC-32 of its ${bytes.length} bytes is ${sum}; wanted ${noted}`,
    );
  if (bytes.length !== wanted)
    throw new Error(`${what} that is not right: it has ${bytes.length} bytes; wanted ${wanted}, as it says`);
  const end = PREFIX_BYTES + view.getUint32(20, true);
  if (end > bytes.length || end % ALIGNMENT !== 0)
    throw new Error(
      `${what} that is not right: its header ends at byte ${end}; wanted a multiple of ${ALIGNMENT}, up to ${bytes.length}`,
    );
  check?.(bytes.subarray(PREFIX_BYTES, end), bytes.length, `${what} that is not right:`);
  return { header: jsonOf(bytes.slice(PREFIX_BYTES, end), what), bytes, end };
}

function jsonOf(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new Error(`${what} whose header cannot be read: ${String(cause)}; wanted JSON in UTF-8`, { cause });
  }
}

/** How many elements a shape has. It may come from a file, and claim any number. */
export function elementsOf(shape: readonly number[]): number {
  // Look for an extent of 0 first: the product of the other extents may overflow to ∞, and ∞ · 0 is NaN.
  return shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
}

const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Converts elements of so many bytes each, in place, between the byte order of the machine and little-endian, in either direction. */
export function littleEndian<B extends ArrayBufferLike>(bytes: Uint8Array<B>, width: number): Uint8Array<B> {
  if (!isLittleEndian) for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse();
  return bytes;
}
