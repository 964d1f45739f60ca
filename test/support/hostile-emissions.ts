/** Malformed emissions with a right CRC-32: each field of the header with each value of a table of wrong values, and random bytes. */
import { crc32 } from '../../src/streams/checkpoints/crc32';
import { changedJson } from './changed-json';
import { partsOf } from './hostile-checkpoints';

const PREFIX_BYTES = 24;

/** A malformed emission. */
export interface HostileEmission {
  /** The change that was made to a right one. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Writes the right length and CRC-32. */
function sealed(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer);
  view.setUint32(16, bytes.length, true);
  view.setUint32(12, crc32(bytes.subarray(16)), true);
  return bytes;
}

function withHeader(right: Uint8Array, header: string): Uint8Array {
  const { values } = partsOf(right);
  const text = new TextEncoder().encode(header);
  const padded = Math.ceil(text.length / 4) * 4;
  const bytes = new Uint8Array(PREFIX_BYTES + padded + values.length).fill(
    0x20,
    PREFIX_BYTES,
    PREFIX_BYTES + padded,
  );
  bytes.set(right.subarray(0, PREFIX_BYTES));
  bytes.set(text, PREFIX_BYTES);
  bytes.set(values, PREFIX_BYTES + padded);
  new DataView(bytes.buffer).setUint32(20, padded, true);
  return sealed(bytes);
}

/** Systematic changes of an emission. */
export function hostileEmissions(right: Uint8Array): HostileEmission[] {
  const { header } = partsOf(right);
  const nested = (depth: number): string => `{"value":${'['.repeat(depth)}${']'.repeat(depth)},"parts":[]}`;
  const texts: readonly (readonly [string, string])[] = [
    ...changedJson(header).map(({ name, json }) => [name, json] as const),
    ['deep', nested(100_000)],
    ['endless shape', header.replace(/"shape":\[[^\]]*\]/, '"shape":[1e15,1e15,1e15]')],
    [
      'many parts',
      `{"value":0,"parts":[${Array(10_000).fill('{"type":"float32","shape":[0],"precision":"float32"}').join()}]}`,
    ],
    ['unknown mark', '{"value":{"#":["eval","1"]},"parts":[]}'],
    ['prototype', '{"value":{"__proto__":{"polluted":1}},"parts":[]}'],
  ];
  return texts.map(([name, text]) => ({ name, bytes: withHeader(right, text) }));
}

/** A random change, some with a right CRC-32. */
export function randomEmission(right: Uint8Array, random: () => number): HostileEmission {
  const bytes = right.slice(0, random() < 0.2 ? Math.floor(random() * right.length) : right.length);
  const changes = 1 + Math.floor(random() * 4);
  for (let i = 0; i < changes && bytes.length > 0; i++)
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  const isSealed = random() < 0.8 && bytes.length > PREFIX_BYTES;
  return { name: `random, ${changes} bytes`, bytes: isSealed ? sealed(bytes) : bytes };
}
