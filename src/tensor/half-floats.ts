/** Floats of 16 bits: half precision (IEEE 754-2019, binary16), and bfloat16, which is the upper half of a float32. */

/** The value of a half-precision float from its bits. */
export function ofHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const ofWord = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(4));

/** The value of a bfloat16 from its bits. */
export function ofBrainFloat(bits: number): number {
  ofWord.setUint32(0, bits << 16);
  return ofWord.getFloat32(0);
}

/** The bits of the half-precision float that is nearest to a float32, given by its bits; ties go to the even one. */
function toHalf(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65,536 and more
  // Below 2⁻¹⁴ halves are multiples of 2⁻²⁴: the fraction, with its leading 1, is shifted further.
  const exponent = magnitude >>> 23;
  const isSmall = exponent < 113;
  const shift = isSmall ? Math.min(126 - exponent, 31) : 13;
  const exact = isSmall ? (magnitude & 0x7fffff) | 0x800000 : magnitude - (112 << 23);
  const down = exact >>> shift;
  const rest = exact & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  // A carry of the fraction goes into the exponent, as it should.
  return sign | (down + Number(rest > tie || (rest === tie && (down & 1) === 1)));
}

/** The bits of the bfloat16 that is nearest to a float32, given by its bits; ties go to the even one. */
function toBrainFloat(word: number): number {
  if ((word & 0x7fffffff) > 0x7f800000) return (word >>> 16) | 0x40; // NaN, which must not become an infinity
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

/** The formats. */
export type HalfFloat = 'float16' | 'bfloat16';

const formats: Readonly<
  Record<HalfFloat, { readonly of: (bits: number) => number; readonly to: (word: number) => number }>
> = {
  float16: { of: ofHalf, to: toHalf },
  bfloat16: { of: ofBrainFloat, to: toBrainFloat },
};

/** Rounds to floats of 16 bits. */
export function toHalfFloats(values: Float32Array, format: HalfFloat): Uint16Array<ArrayBuffer> {
  const { to } = formats[format];
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) halves[i] = to(words[i]!);
  return halves;
}

/** Widens floats of 16 bits to float32, which holds each of them exactly. */
export function ofHalfFloats(halves: Uint16Array, format: HalfFloat): Float32Array<ArrayBuffer> {
  const { of } = formats[format];
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = of(halves[i]!);
  return values;
}
