/** The binary format of WebAssembly, as far as generated loops need it (WebAssembly Core Specification 2.0, chapter 5). */

export type Bytes = readonly number[];

export const I32 = 0x7f;
export const V128 = 0x7b;

/** An unsigned integer in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value & 127;
    value >>>= 7;
    bytes.push(value ? low | 128 : low);
  } while (value);
  return bytes;
}

/** A signed integer of 32 bits in LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (;;) {
    const low = value & 127;
    value >>= 7;
    const isLast = (value === 0 && !(low & 64)) || (value === -1 && (low & 64) !== 0);
    bytes.push(isLast ? low : low | 128);
    if (isLast) return bytes;
  }
}

const vector = (items: readonly Bytes[]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (value: string): number[] => [
  ...unsigned(value.length),
  ...Array.from(value, (character) => character.charCodeAt(0)),
];
const section = (id: number, items: readonly Bytes[]): number[] => {
  const body = vector(items);
  return [id, ...unsigned(body.length), ...body];
};

/* Instructions. Locals are i32 or v128; addresses are bytes. */
export const get = (local: number): number[] => [0x20, ...unsigned(local)];
export const set = (local: number): number[] => [0x21, ...unsigned(local)];
export const tee = (local: number): number[] => [0x22, ...unsigned(local)];
export const integer = (value: number): number[] => [0x41, ...signed(value)];
export const simd = (code: number): number[] => [0xfd, ...unsigned(code)];
export const ADD = 0x6a;
export const SUBTRACT = 0x6b;
export const LESS_UNSIGNED = 0x49;
export const IF = [0x04, 0x40];
export const ELSE = 0x05;
export const LOOP = [0x03, 0x40];
export const BRANCH_IF = [0x0d, 0];
export const END = 0x0b;

/** v128.load of the address on the stack plus `offset`. */
export const load = (offset: number): number[] => [...simd(0), 4, ...unsigned(offset)];
/** v128.store. */
export const store = (offset: number): number[] => [...simd(11), 4, ...unsigned(offset)];
/** v128.store32_lane. */
export const storeLane = (offset: number, lane: number): number[] => [
  ...simd(90),
  2,
  ...unsigned(offset),
  lane,
];
/** v128.load32_splat. */
export const splat = (offset: number): number[] => [...simd(9), 2, ...unsigned(offset)];
/** v128.const of four equal lanes of 32 bits. */
export const constant = (bits: number): number[] => {
  const lane = [bits & 255, (bits >> 8) & 255, (bits >> 16) & 255, (bits >> 24) & 255];
  return [...simd(12), ...lane, ...lane, ...lane, ...lane];
};

/** A function of addresses that returns nothing: its number of parameters, its locals behind them, its code. */
export interface WasmFunction {
  readonly parameters: number;
  readonly locals: readonly number[];
  readonly code: Bytes;
}

/** A module of functions over the imported memory `m` of the module `e`. They are exported under their positions. */
export function moduleOf(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(new Array<Bytes>(parameters).fill([I32])),
    0,
  ]);
  const memory = [...text('e'), ...text('m'), 2, 0, 0];
  const codes = functions.map(({ locals, code }) => {
    const body = [...vector(locals.map((type) => [1, type])), ...code, END];
    return [...unsigned(body.length), ...body];
  });
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      functions.map((_, i) => [...text(String(i)), 0, ...unsigned(i)]),
    ),
    ...section(10, codes),
  ]);
}
