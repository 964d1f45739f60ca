/** Malformed checkpoints with a right CRC-32: each field of the header with each value of a table of wrong values, and random bytes. */
import { crc32 } from '../../src/streams/checkpoints/crc32';
import { changedJson } from './changed-json';

/** A malformed checkpoint. */
export interface Hostile {
  /** The change that was made to a right checkpoint. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const PREFIX_BYTES = 24;

/** The parts of a file. Parts that are left out are right. */
interface Parts {
  readonly header: string;
  readonly values: Uint8Array;
  readonly version?: number;
  readonly length?: number;
  readonly headerLength?: number;
}

/** The parts of a right checkpoint. */
export function partsOf(bytes: Uint8Array): Parts {
  const end = PREFIX_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(20, true);
  return { header: new TextDecoder().decode(bytes.subarray(PREFIX_BYTES, end)), values: bytes.slice(end) };
}

/** Makes a file of parts, with the right CRC-32. */
function assembled({ header, values, version = 1, length, headerLength }: Parts): Uint8Array {
  const unpadded = new TextEncoder().encode(header).length;
  const text = new TextEncoder().encode(header + ' '.repeat((4 - (unpadded % 4)) % 4));
  const bytes = new Uint8Array(PREFIX_BYTES + text.length + values.length);
  bytes.set(new TextEncoder().encode('rxtensor'));
  bytes.set(text, PREFIX_BYTES);
  bytes.set(values, PREFIX_BYTES + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, version, true);
  view.setUint32(16, length ?? bytes.length, true);
  view.setUint32(20, headerLength ?? text.length, true);
  return corrected(bytes);
}

/** Writes the right CRC-32 into a file. */
function corrected(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer).setUint32(12, crc32(bytes.subarray(16)), true);
  return bytes;
}

/** A checkpoint with a changed header. */
export function changedCheckpoint(right: Uint8Array, change: (header: string) => string): Uint8Array {
  const parts = partsOf(right);
  const header = change(parts.header);
  if (header === parts.header) throw new Error('the header was not changed');
  return assembled({ ...parts, header });
}

/** Corrects the length and the CRC-32 of a file. */
export function withLength(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer).setUint32(16, bytes.length, true);
  return corrected(bytes);
}

/** Systematic changes of a checkpoint. */
export function hostileCheckpoints(right: Uint8Array): Hostile[] {
  const parts = partsOf(right);
  const size = right.length;
  const made: [name: string, parts: Parts][] = changedJson(parts.header).map(({ name, json }) => [
    name,
    { ...parts, header: json },
  ]);
  const numbers = [0, 1, 2, 4, 23, 24, 25, size - 1, size + 1, size - PREFIX_BYTES, 2 ** 31, 2 ** 32 - 1];
  for (const number of numbers) {
    if (number !== 1) made.push([`version ${number}`, { ...parts, version: number }]);
    made.push([`length ${number}`, { ...parts, length: number }]);
    made.push([`length of the header ${number}`, { ...parts, headerLength: number }]);
  }
  for (const text of [
    '',
    '{',
    '[',
    'null',
    '\u0000',
    '\ufeff{}',
    parts.header.slice(0, -3),
    `${parts.header}}`,
  ]) {
    made.push([`header ${JSON.stringify(text.slice(0, 20))}`, { ...parts, header: text }]);
  }
  for (const bytes of [1, 3, 4, 400, 65536]) {
    made.push([`${bytes} more bytes`, { ...parts, values: joined(parts.values, new Uint8Array(bytes)) }]);
  }
  for (let bytes = 0; bytes < parts.values.length; bytes++) {
    made.push([`${bytes} bytes of values`, { ...parts, values: parts.values.slice(0, bytes) }]);
  }
  const notUtf8 = right.slice();
  notUtf8[PREFIX_BYTES + 2] = 0xff;
  return [
    ...made.map(([name, each]) => ({ name, bytes: assembled(each) })),
    { name: 'a header that is not UTF-8', bytes: corrected(notUtf8) },
  ];
}

/** A checkpoint with some bytes changed, removed or repeated at random, and the right length and CRC-32. */
export function randomlyBroken(right: Uint8Array, next: () => number): Hostile {
  const below = (most: number): number => Math.floor(next() * most);
  const bytes = [...right];
  const changes: string[] = [];
  for (let change = 1 + below(3); change > 0; change--) {
    const at = 16 + below(bytes.length - 16);
    const kind = below(4);
    if (kind === 0) bytes[at] = below(256);
    else if (kind === 1) bytes[at] = bytes[at]! ^ (1 << below(8));
    else if (kind === 2) bytes.splice(at, 1 + below(8));
    else bytes.splice(at, 0, ...bytes.slice(at, at + 1 + below(16)));
    changes.push(`${['set', 'flipped', 'removed', 'repeated'][kind]!} at ${at}`);
  }
  const file = new Uint8Array(Math.max(PREFIX_BYTES, bytes.length));
  file.set(bytes);
  // Most get the right length, so that they pass the check of the length and reach those behind it.
  if (next() < 0.8) new DataView(file.buffer).setUint32(16, file.length, true);
  return { name: changes.join(', '), bytes: corrected(file) };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
