// DEFLATE (RFC 1951), for the other modules: JavaScript that runs for the first time takes five times as long. It trusts its source,
// which scripts/build-wasm.ts has written.

/** The next byte of the source, the bits that are read but not used, and their number. */
let at: usize = 0;
let held: u32 = 0;
let count: u32 = 0;

@inline
function need(n: u32): void {
  while (count < n) {
    held |= <u32>load<u8>(at) << count;
    at++;
    count += 8;
  }
}

@inline
function skip(n: u32): void {
  held >>= n;
  count -= n;
}

function bits(n: u32): u32 {
  need(n);
  const value = held & ((1 << n) - 1);
  skip(n);
  return value;
}

/** The longest code, in bits. */
const LONGEST: u32 = 15;

/**
 * The table of a Huffman code, by the next bits: 16 · symbol + length.
 *
 * @param lengths the bits of each symbol's code, bytes
 * @param next a place for LONGEST + 1 words
 * @returns the bits by which the table is read
 */
function readCode(lengths: usize, symbols: u32, table: usize, next: usize): u32 {
  memory.fill(next, 0, (LONGEST + 1) << 2);
  let most: u32 = 0;
  for (let i: u32 = 0; i < symbols; i++) {
    const length = <u32>load<u8>(lengths + i);
    if (length === 0) continue;
    store<u32>(next + (length << 2), load<u32>(next + (length << 2)) + 1);
    if (length > most) most = length;
  }
  // From the number of codes of each length to the first code of each length.
  let first: u32 = 0;
  for (let length: u32 = 1; length <= LONGEST; length++) {
    const codes = load<u32>(next + (length << 2));
    store<u32>(next + (length << 2), first);
    first = (first + codes) << 1;
  }
  for (let i: u32 = 0; i < symbols; i++) {
    const length = <u32>load<u8>(lengths + i);
    if (length === 0) continue;
    const code = load<u32>(next + (length << 2));
    store<u32>(next + (length << 2), code + 1);
    // Codes are sent with their most significant bit first.
    let reversed: u32 = 0;
    for (let bit: u32 = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
    for (; reversed < 1 << most; reversed += 1 << length)
      store<u16>(table + (reversed << 1), <u16>((i << 4) | length));
  }
  return most;
}

@inline
function symbol(table: usize, most: u32): u32 {
  need(most);
  const entry = <u32>load<u16>(table + ((held & ((1 << most) - 1)) << 1));
  skip(entry & 15);
  return entry >> 4;
}

/** The place of the i-th length of a code of lengths: 16 17 18 0 8 7 9 6 10 5 11 4 … (section 3.2.7). */
function placeOf(i: u32): u32 {
  if (i < 3) return 16 + i;
  if (i === 3) return 0;
  return i & 1 ? 7 - ((i - 5) >> 1) : 8 + ((i - 4) >> 1);
}

/** Reads the lengths of a block's two codes. */
function readLengths(lengths: usize, total: u32, table: usize, most: u32): void {
  let i: u32 = 0;
  while (i < total) {
    const found = symbol(table, most);
    if (found < 16) {
      store<u8>(lengths + i, <u8>found);
      i++;
      continue;
    }
    const value: u8 = found === 16 ? load<u8>(lengths + i - 1) : 0;
    const times = found === 16 ? 3 + bits(2) : found === 17 ? 3 + bits(3) : 11 + bits(7);
    memory.fill(lengths + i, value, times);
    i += times;
  }
}

/**
 * @param source compressed bytes, in blocks with codes of their own
 * @param scratch a place for 132 KB
 * @returns the number of bytes at the target, 0 if a block has another form
 */
export function inflate(source: usize, target: usize, scratch: usize): u32 {
  const literals = scratch;
  const distances = literals + (2 << LONGEST);
  const lengths = distances + (2 << LONGEST);
  const next = lengths + 512;
  at = source;
  held = 0;
  count = 0;
  let to = target;
  let isLast: u32 = 0;
  while (isLast === 0) {
    isLast = bits(1);
    if (bits(2) !== 2) return 0;
    const ofLiterals = bits(5) + 257;
    const ofDistances = bits(5) + 1;
    const ofLengths = bits(4) + 4;
    memory.fill(lengths, 0, 19);
    for (let i: u32 = 0; i < ofLengths; i++) store<u8>(lengths + placeOf(i), <u8>bits(3));
    readLengths(lengths, ofLiterals + ofDistances, literals, readCode(lengths, 19, literals, next));
    const most = readCode(lengths, ofLiterals, literals, next);
    const mostOfDistances = readCode(lengths + ofLiterals, ofDistances, distances, next);
    for (;;) {
      const found = symbol(literals, most);
      if (found < 256) {
        store<u8>(to, <u8>found);
        to++;
        continue;
      }
      if (found === 256) break;
      // Bases and extra bits of section 3.2.5, as formulas.
      let extra: u32 = found < 265 || found === 285 ? 0 : (found - 261) >> 2;
      const base: u32 =
        found < 265 ? found - 254 : found === 285 ? 258 : ((4 + ((found - 261) & 3)) << extra) + 3;
      const end = to + base + bits(extra);
      const place = symbol(distances, mostOfDistances);
      extra = place < 4 ? 0 : (place >> 1) - 1;
      const distance = (place < 4 ? place + 1 : ((2 + (place & 1)) << extra) + 1) + bits(extra);
      // Byte by byte: the source may end in what is written.
      for (; to < end; to++) store<u8>(to, load<u8>(to - distance));
    }
  }
  return <u32>(to - target);
}
