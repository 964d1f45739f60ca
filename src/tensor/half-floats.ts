/** Floats of 16 bits: half precision (IEEE 754-2019, binary16), and bfloat16, which is the upper half of a float32. */

/** The bits of the float32 that a half-precision float is. */
function ofHalf(bits: number): number {
  const sign = (bits & 0x8000) << 16;
  const magnitude = bits & 0x7fff;
  if (magnitude >= 0x7c00) return sign | (magnitude > 0x7c00 ? 0x7fc00000 : 0x7f800000);
  // The exponents of the two formats begin 112 apart.
  if (magnitude >= 0x400) return sign | ((magnitude << 13) + (112 << 23));
  if (magnitude === 0) return sign;
  // A multiple of 2⁻²⁴, whose highest bit becomes the leading 1.
  const highest = 31 - Math.clz32(magnitude);
  return sign | ((103 + highest) << 23) | ((magnitude << (23 - highest)) & 0x7fffff);
}

/** The bits of the float32 that a bfloat16 is. */
const ofBrainFloat = (bits: number): number => bits << 16;

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

/** Widens floats of 16 bits, given by their bits, to float32, which holds each of them exactly. */
export function ofHalfFloats(halves: ArrayLike<number>, format: HalfFloat): Float32Array<ArrayBuffer> {
  const { of } = formats[format];
  // Whole numbers all the way: a large model has tens of millions of them.
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < words.length; i++) words[i] = of(halves[i]!);
  return new Float32Array(words.buffer);
}
