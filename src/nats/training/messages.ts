/**
 * The messages with numbers that members send each other: parts of gradients, and sums of them. All fields little-endian:
 *
 *   0   uint32   `rxtp` in ASCII
 *   4   uint16   version: 2
 *   6   uint16   kind: 1 a part, for the owner of a bucket; 2 the mean of a bucket, for all
 *   8   uint32   the CRC-32 of the layout
 *   12  uint32   the life of the sender: a number drawn when it began
 *   16  uint32   epoch of the view
 *   20  uint32   step
 *   24  uint32   bucket
 *   28  uint32   elements
 *   32  float32  the weight of the sender in the mean
 *   36  uint32   checksum of everything else
 *   40  …        the elements: float32
 */
export type PieceKind = 'part' | 'sum';

/** What a message says of itself. */
export interface PieceHeader {
  readonly kind: PieceKind;
  readonly layout: number;
  readonly life: number;
  readonly epoch: number;
  readonly step: number;
  readonly bucket: number;
  readonly elements: number;
  readonly weight: number;
}

const MAGIC = 0x70747872;
const VERSION = 2;
const KINDS: readonly PieceKind[] = ['part', 'sum'];
/** The bytes before the elements. */
export const HEADER_BYTES = 40;
const CHECKSUM_AT = 36;

const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

export function encodePiece(header: PieceHeader, values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 4 * values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, KINDS.indexOf(header.kind) + 1, true);
  [header.layout, header.life, header.epoch, header.step, header.bucket, header.elements].forEach(
    (field, i) => view.setUint32(8 + 4 * i, field, true),
  );
  view.setFloat32(32, header.weight, true);
  if (isLittleEndian) new Float32Array(bytes.buffer, HEADER_BYTES).set(values);
  else values.forEach((value, i) => view.setFloat32(HEADER_BYTES + 4 * i, value, true));
  view.setUint32(CHECKSUM_AT, checksum(new Int32Array(bytes.buffer)), true);
  return bytes;
}

/** Reads the header alone, so that it can be judged before anything is copied. Returns what is wrong, as text, if it is no such message. */
export function headerOfPiece(bytes: Uint8Array): PieceHeader | string {
  if (bytes.length < HEADER_BYTES) return `it has ${bytes.length} bytes; wanted at least ${HEADER_BYTES}`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const field = (i: number): number => view.getUint32(8 + 4 * i, true);
  if (view.getUint32(0, true) !== MAGIC) return "it does not begin with 'rxtp'";
  if (view.getUint16(4, true) !== VERSION)
    return `it is of version ${view.getUint16(4, true)}; wanted ${VERSION}`;
  const kind = KINDS[view.getUint16(6, true) - 1];
  if (!kind) return `its kind is ${view.getUint16(6, true)}; wanted 1 or 2`;
  const elements = field(5);
  if (bytes.length !== HEADER_BYTES + 4 * elements)
    return `it has ${bytes.length} bytes; wanted ${HEADER_BYTES + 4 * elements}, for ${elements} elements`;
  const weight = view.getFloat32(32, true);
  if (!(weight >= 0 && weight < Infinity))
    return `its weight is ${weight}; wanted a finite one, not negative`;
  return {
    kind,
    layout: field(0),
    life: field(1),
    epoch: field(2),
    step: field(3),
    bucket: field(4),
    elements,
    weight,
  };
}

/**
 * The elements of a message whose header was accepted, in memory of their own: the bytes are a view at any offset of what came from the network,
 * which is used again. Null when the checksum is wrong.
 */
export function valuesOfPiece(bytes: Uint8Array): Float32Array | null {
  // A Buffer of Node is a Uint8Array whose slice() copies nothing.
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  const view = new DataView(copy.buffer);
  const noted = view.getUint32(CHECKSUM_AT, true);
  view.setUint32(CHECKSUM_AT, 0, true);
  if (checksum(new Int32Array(copy.buffer)) !== noted) return null;
  if (isLittleEndian) return new Float32Array(copy.buffer, HEADER_BYTES);
  return Float32Array.from({ length: (copy.length - HEADER_BYTES) / 4 }, (_, i) =>
    view.getFloat32(HEADER_BYTES + 4 * i, true),
  );
}

/**
 * Polynomial hashes of words modulo 2³² with an odd factor, so that a change of any one word changes the sum. It takes a hundredth of the time of a CRC-32:
 * four hashes go side by side, since each waits for its own multiplication, and signed words need no numbers beyond 31 bits.
 */
function checksum(words: Int32Array): number {
  const whole = words.length & ~3;
  let [a, b, c, d] = [words.length | 0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a = (Math.imul(a, FACTOR) + words[i]!) | 0;
    b = (Math.imul(b, FACTOR) + words[i + 1]!) | 0;
    c = (Math.imul(c, FACTOR) + words[i + 2]!) | 0;
    d = (Math.imul(d, FACTOR) + words[i + 3]!) | 0;
  }
  for (let i = whole; i < words.length; i++) a = (Math.imul(a, FACTOR) + words[i]!) | 0;
  for (const other of [b, c, d]) a = (Math.imul(a, FACTOR) + other) | 0;
  return a >>> 0;
}

/** The prime of Fowler, Noll and Vo for 32 bits. */
const FACTOR = 0x01000193;
