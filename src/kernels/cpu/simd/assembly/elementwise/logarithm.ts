import { multiplyAdd } from '../multiply-add';

/*
 * log x = e·ln 2 + log(1 + f) with 1 + f in [√½, √2). log(1 + f) = 2 atanh(s), s = f / (2 + f), and
 * the odd series in s is a minimax polynomial (after P. T. P. Tang, ACM TOMS 16(4), 1990).
 */

const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
const SQRT_HALF_BITS: i32 = 0x3f3504f3;
const SMALLEST_NORMAL: f32 = 1.17549435e-38;

/** log(1 + f) + exponent · ln 2 + correction. */
@inline
function assemble(f: v128, exponent: v128, low: v128): v128 {
  const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
  const z = f32x4.mul(s, s);
  let p = multiplyAdd(z, f32x4.splat(0.29893956), f32x4.splat(0.39976782));
  p = multiplyAdd(p, z, f32x4.splat(0.6666678));
  const halfSquare = f32x4.mul(f32x4.mul(f, f), f32x4.splat(0.5));
  const tail = multiplyAdd(s, multiplyAdd(p, z, halfSquare), low);
  return multiplyAdd(exponent, f32x4.splat(LN2_HIGH), f32x4.add(f32x4.sub(tail, halfSquare), f));
}

/** log x for positive x in the normal range, computed as s·(2 + …): fewer operations, for an error of up to 2 ulp. */
@inline
export function logarithmOfNormal(x: v128): v128 {
  const bits = i32x4.sub(x, i32x4.splat(SQRT_HALF_BITS));
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(SQRT_HALF_BITS));
  const f = f32x4.sub(mantissa, f32x4.splat(1));
  const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
  const z = f32x4.mul(s, s);
  let p = multiplyAdd(z, f32x4.splat(0.29893956), f32x4.splat(0.39976782));
  p = multiplyAdd(p, z, f32x4.splat(0.6666678));
  p = multiplyAdd(p, z, f32x4.splat(2));
  const tail = multiplyAdd(p, s, f32x4.mul(exponent, f32x4.splat(LN2_LOW)));
  return multiplyAdd(exponent, f32x4.splat(LN2_HIGH), tail);
}

/** The number of bit patterns of positive, finite numbers in the normal range. */
export const NORMAL: i32 = 0x7f000000;

/** A number that is below `NORMAL`, unsigned, where x is positive, finite and in the normal range. */
@inline
export function normalBits(x: v128): v128 {
  return i32x4.sub(x, i32x4.splat(0x00800000));
}

/** log x for any x. Below the normal range the bits hold no exponent, so 2²³·x is taken instead. */
export function logarithm(x: v128): v128 {
  const tiny = f32x4.lt(x, f32x4.splat(SMALLEST_NORMAL));
  const lifted = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
  const result = f32x4.sub(logarithmOfNormal(lifted), v128.and(f32x4.splat(15.942385152878742), tiny));
  return edges(x, x, result);
}

/** Puts in the results that the formula does not give: log 0, log of a negative number, of Infinity and of NaN. */
@inline
function edges(x: v128, argument: v128, result: v128): v128 {
  const zero = f32x4.splat(0);
  const ordinary = v128.and(f32x4.gt(argument, zero), f32x4.lt(argument, f32x4.splat(Infinity)));
  // 0 → −Infinity; NaN and Infinity → themselves; negative → NaN
  const other = v128.bitselect(f32x4.splat(-Infinity), f32x4.mul(x, f32x4.splat(Infinity)), f32x4.eq(argument, zero));
  const negative = f32x4.lt(argument, zero);
  return v128.bitselect(result, v128.or(other, negative), ordinary);
}

/** log(1 + x). Rounding loses a part of x in u = 1 + x; (x − (u − 1)) / u corrects the logarithm. */
@inline
export function logarithmOfOnePlus(x: v128): v128 {
  const one = f32x4.splat(1);
  const u = f32x4.add(x, one);
  const bits = i32x4.sub(u, i32x4.splat(SQRT_HALF_BITS));
  const power = i32x4.shr_s(bits, 23);
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(SQRT_HALF_BITS));
  const unscaled = i32x4.eq(power, i32x4.splat(0));
  const f = v128.bitselect(x, f32x4.sub(mantissa, one), unscaled);
  // for x ≥ 1, u − 1 may be rounded, but 1 − (u − x) is exact
  const loss = v128.bitselect(f32x4.sub(x, f32x4.sub(u, one)), f32x4.sub(one, f32x4.sub(u, x)), f32x4.lt(x, one));
  const exponent = f32x4.convert_i32x4_s(power);
  const correction = v128.andnot(f32x4.div(loss, u), unscaled);
  const result = assemble(f, exponent, multiplyAdd(exponent, f32x4.splat(LN2_LOW), correction));
  return v128.bitselect(x, edges(x, u, result), f32x4.eq(x, f32x4.splat(0)));
}
