/**
 * Keeps the memory that a message takes in proportion to its bytes. An object of JSON can be written in 2 bytes, and takes 56 and more in memory; an empty
 * tensor, in a line of the header, takes hundreds.
 */

/** So many objects and lists may be in any message. */
const FREE_CONTAINERS = 65_536;
/** Each further one takes so many bytes of the whole on average. */
const BYTES_FOR_CONTAINER = 16;
/** So many tensors and typed arrays may be in any message. */
const FREE_PARTS = 16_384;
/** Each further one takes so many bytes of the whole on average. */
const BYTES_FOR_PART = 512;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACKET = 0x5b;
const BRACE = 0x7b;

/** How many objects and lists a text of JSON, in UTF-8, has. */
function containersIn(json: Uint8Array): number {
  let count = 0;
  let isInText = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (isInText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) isInText = false;
    } else if (byte === QUOTE) isInText = true;
    else if (byte === BRACE || byte === BRACKET) count++;
  }
  return count;
}

const most = (free: number, each: number, bytes: number): number => free + Math.floor(bytes / each);

/** @throws when a header of JSON has too many objects and lists for a message of so many bytes. The error begins with `what`. */
export function assertFewContainers(json: Uint8Array, bytes: number, what: string): void {
  const allowed = most(FREE_CONTAINERS, BYTES_FOR_CONTAINER, bytes);
  // Each takes two bytes at least: do not look through small ones.
  if (json.length / 2 <= allowed) return;
  const found = containersIn(json);
  if (found > allowed)
    throw new Error(
      `${what} it has ${found} objects and lists in ${bytes} bytes; wanted at most ${allowed}: tensors and typed arrays take less`,
    );
}

/** What is wrong with so many tensors and typed arrays in a message of so many bytes; null if nothing is. */
export function tooManyParts(found: number, bytes: number): string | null {
  const allowed = most(FREE_PARTS, BYTES_FOR_PART, bytes);
  if (found <= allowed) return null;
  return `it has ${found} tensors and arrays in ${bytes} bytes; wanted at most ${allowed}: stack(), or concat(), makes one of many`;
}
