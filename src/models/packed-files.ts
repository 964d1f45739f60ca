/**
 * The two files of a model in one piece, for stores that keep bytes under one name: eight bytes with the length of the JSON, the JSON, the weights.
 * All numbers are little-endian.
 */
import type { ModelFiles } from './model-files';

const PREFIX = 8;

/** @param files the weights and the JSON, which comes last */
export function packed(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const [weights, json] = [...files.values()] as [Uint8Array, Uint8Array];
  const bytes = new Uint8Array(PREFIX + json.length + weights.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, PREFIX);
  bytes.set(weights, PREFIX + json.length);
  return bytes;
}

/** @throws when the bytes are shorter than they say */
export function unpacked(operator: string, name: string, bytes: Uint8Array): ModelFiles {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < PREFIX ? NaN : Number(view.getBigUint64(0, true));
  if (!(length <= bytes.length - PREFIX))
    throw new Error(
      `${operator}: ${name} holds ${bytes.length} bytes${length >= 0 ? ` and a model of ${length}` : ''}; wanted a model that was saved there`,
    );
  return {
    name,
    readFirst: () => Promise.resolve(bytes.subarray(PREFIX, PREFIX + length)),
    read: (_, onBytes) => {
      const weights = bytes.subarray(PREFIX + length);
      onBytes?.(weights.length, weights.length);
      return Promise.resolve(weights);
    },
  };
}
