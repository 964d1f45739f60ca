import { passesOf, radicesOf, roots64 } from './roots';

/** A list of complex numbers in float64. */
export interface ComplexList {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export const complexList = (length: number): ComplexList => ({
  re: new Float64Array(length),
  im: new Float64Array(length),
});

/**
 * The Fourier transform of a list whose length is a product of 2, 3, 4 and 5, in float64. The list is used as scratch memory.
 *
 * Passes are Stockham's; see cpu/simd/assembly/fourier.ts.
 */
export function hostFourier(given: ComplexList): ComplexList {
  const n = given.re.length;
  const roots = roots64(n);
  let x = given;
  let y = complexList(n);
  for (const { radix, parts, together } of passesOf(n, radicesOf(n)!)) {
    const turn = n / radix;
    for (let p = 0; p < parts; p++) {
      for (let r = 0; r < radix; r++) {
        for (let q = 0; q < together; q++) {
          let re = 0;
          let im = 0;
          for (let k = 0; k < radix; k++) {
            const from = q + together * (p + parts * k);
            const w = 2 * (((r * k) % radix) * turn);
            re += x.re[from]! * roots[w]! - x.im[from]! * roots[w + 1]!;
            im += x.re[from]! * roots[w + 1]! + x.im[from]! * roots[w]!;
          }
          const to = q + together * (radix * p + r);
          const w = 2 * (p * r * together);
          y.re[to] = re * roots[w]! - im * roots[w + 1]!;
          y.im[to] = re * roots[w + 1]! + im * roots[w]!;
        }
      }
    }
    [x, y] = [y, x];
  }
  return x;
}
