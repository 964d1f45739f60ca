import { multiplyAdd } from '../multiply-add';

/*
 * e^x = 2^n · e^r with n = round(x / ln 2) and |r| ≤ ln 2 / 2 (Cody & Waite, Software Manual for the
 * Elementary Functions, 1980). n comes from adding 1.5·2²³, which leaves it in the low bits of the
 * sum (127 more make an exponent of it): no saturating conversion. The polynomial is a minimax fit of e^r − 1 with a relative error of
 * 1.4e-8, so that it serves expm1 and tanh too.
 */

const LOG2_E: f32 = 1.44269504;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
const ROUNDER: f32 = 12583039; // 1.5·2²³ + 127
const ROUNDER_BITS: i32 = 0x4b40007f;

/** round(x / ln 2) + 127 in the low bits. */
@inline
function exponentOf(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDER));
}

/** 2^n for −127 ≤ n ≤ 127; n = −127 gives 0. */
@inline
function powerOfTwo(shifted: v128): v128 {
  return i32x4.shl(shifted, 23);
}

/** e^r − 1, where r = x − n·ln 2. */
@inline
function fractionMinusOne(x: v128, shifted: v128): v128 {
  const n = f32x4.sub(shifted, f32x4.splat(ROUNDER));
  const r = multiplyAdd(n, f32x4.splat(-LN2_LOW), multiplyAdd(n, f32x4.splat(-LN2_HIGH), x));
  let p = multiplyAdd(r, f32x4.splat(0.0013869096), f32x4.splat(0.008366631));
  p = multiplyAdd(p, r, f32x4.splat(0.041667458));
  p = multiplyAdd(p, r, f32x4.splat(0.16666543));
  p = multiplyAdd(p, r, f32x4.splat(0.49999997));
  return multiplyAdd(f32x4.mul(r, r), p, r);
}

/** value · 2^n in two steps, so that results below the normal range are rounded once, and correctly. */
@inline
function scale(value: v128, shifted: v128): v128 {
  const n = i32x4.sub(shifted, i32x4.splat(ROUNDER_BITS));
  const half = i32x4.shr_s(n, 1);
  const one = i32x4.splat(127);
  const first = i32x4.shl(i32x4.add(half, one), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(n, half), one), 23);
  return f32x4.mul(f32x4.mul(value, first), second);
}

/** The bits of 87. Up to |x| = 87, e^x and e^−x are in the normal range: such x are moderate. */
export const MODERATE: i32 = 0x42ae0000;

/** The bits of |x|, to be compared with `MODERATE`. */
@inline
export function magnitudeBits(x: v128): v128 {
  return v128.and(x, i32x4.splat(0x7fffffff));
}

/** e^x for any x; NaN stays. */
export function exponential(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-104)), f32x4.splat(89));
  const shifted = exponentOf(x);
  return scale(f32x4.add(fractionMinusOne(x, shifted), f32x4.splat(1)), shifted);
}

/**
 * e^x, or e^−x where `sign` is −1, for moderate x. The polynomial has one degree less than above: two operations fewer, for a
 * relative error of 1.1e-7. The sign goes into the constants.
 */
@inline
export function exponentialOfModerate(x: v128, sign: f32): v128 {
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(sign * LOG2_E)), f32x4.splat(ROUNDER));
  const power = powerOfTwo(shifted);
  const n = f32x4.sub(shifted, f32x4.splat(ROUNDER));
  const r = multiplyAdd(n, f32x4.splat(-sign * LN2_LOW), multiplyAdd(n, f32x4.splat(-sign * LN2_HIGH), x));
  let p = multiplyAdd(r, f32x4.splat(sign * 0.008289804), f32x4.splat(0.04189867));
  p = multiplyAdd(p, r, f32x4.splat(sign * 0.16667649));
  p = multiplyAdd(p, r, f32x4.splat(0.49999145));
  p = multiplyAdd(p, r, f32x4.splat(sign * 0.9999997));
  return multiplyAdd(p, f32x4.mul(r, power), power);
}

/** e^x for x ≤ 0, for softmax. Results below the normal range are 0; NaN stays. */
@inline
export function exponentialOfNegative(x: v128): v128 {
  return exponentialOfModerate(f32x4.pmax(x, f32x4.splat(-88)), 1);
}

/**
 * e^x − 1 = 2^n · ((e^r − 1) + (1 − 2^−n)) for moderate x. Nothing cancels for small x, where n = 0. −0 becomes 0.
 */
@inline
export function exponentialMinusOneOfModerate(x: v128): v128 {
  const shifted = exponentOf(x);
  const power = powerOfTwo(shifted);
  const inverse = i32x4.sub(i32x4.splat(0x7f000000), power);
  return f32x4.mul(f32x4.add(fractionMinusOne(x, shifted), f32x4.sub(f32x4.splat(1), inverse)), power);
}

/** e^x − 1 for any x; NaN and the sign of zero stay. */
@inline
export function exponentialMinusOne(x: v128): v128 {
  const large = f32x4.gt(x, f32x4.splat(87));
  const moderate = exponentialMinusOneOfModerate(f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(87)));
  const result = v128.bitselect(exponential(x), moderate, large);
  return v128.bitselect(x, result, f32x4.eq(x, f32x4.splat(0)));
}

/** e^x − 1 for x ≤ 0; meaningless for other x. */
@inline
export function exponentialMinusOneOfNegative(x: v128): v128 {
  return exponentialMinusOneOfModerate(f32x4.pmax(x, f32x4.splat(-87)));
}

/** 1 / (1 + e^−x) for moderate x. */
@inline
export function logisticOfModerate(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponentialOfModerate(x, -1)));
}

/** Where 1 / (1 + e^−x) is 0. */
const NOTHING: f32 = -104;

/**
 * The same for any x, from e^−|x|, which never overflows. It is not computed where it is nothing beside 1, or 0: processors take hundreds of cycles
 * for a result below the normal range.
 */
@inline
export function logistic(x: v128): v128 {
  const one = f32x4.splat(1);
  const y = v128.or(x, f32x4.splat(-0.0));
  const isNothing = f32x4.lt(x, f32x4.splat(NOTHING));
  const saturates = v128.or(isNothing, f32x4.gt(x, f32x4.splat(0)));
  const decay = exponential(v128.bitselect(f32x4.pmax(y, f32x4.splat(-30)), y, saturates));
  const top = v128.bitselect(decay, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(v128.andnot(top, isNothing), f32x4.add(one, decay));
}

/** tanh x: tanh |x| = −u / (u + 2) with u = e^(−2|x|) − 1, with the sign of x. */
@inline
export function hyperbolicTangent(x: v128): v128 {
  const signBit = v128.and(x, f32x4.splat(-0.0));
  const y = f32x4.pmax(f32x4.mul(f32x4.abs(x), f32x4.splat(-2)), f32x4.splat(-20));
  const shifted = exponentOf(y);
  const fraction = fractionMinusOne(y, shifted);
  const power = powerOfTwo(shifted);
  const u = f32x4.add(f32x4.mul(fraction, power), f32x4.sub(power, f32x4.splat(1)));
  const result = f32x4.div(f32x4.neg(u), f32x4.add(u, f32x4.splat(2)));
  return v128.or(v128.andnot(result, f32x4.splat(-0.0)), signBit);
}
