const encoder = new TextEncoder();

/** MurmurHash3 x86_32 of a text in UTF-8 (Appleby 2011, in the public domain): an integer from 0 to 2³² − 1. */
export function hashOf(text: string, seed = 0): number {
  const bytes = encoder.encode(text);
  const { length } = bytes;
  const mixed = (block: number): number => {
    const k = Math.imul(block, 0xcc9e2d51);
    return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  };
  let hash = seed | 0;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    hash ^= mixed(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let i = length - 1; i >= at; i--) rest = (rest << 8) | bytes[i]!;
  if (at < length) hash ^= mixed(rest);
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
