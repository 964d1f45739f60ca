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

/** 2^n, for −127 ≤ n ≤ 127, of which the first gives 0. */
@inline
function powerOfTwo(shifted: v128): v128 {
  return i32x4.shl(shifted, 23);
}

/** e^r − 1, where r is what the exponent leaves of x. */
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

/** value · 2^n in two steps, so that results below the normal range round once and right. */
@inline
function scale(value: v128, shifted: v128): v128 {
  const n = i32x4.sub(shifted, i32x4.splat(ROUNDER_BITS));
  const half = i32x4.shr_s(n, 1);
  const one = i32x4.splat(127);
  const first = i32x4.shl(i32x4.add(half, one), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(n, half), one), 23);
  return f32x4.mul(f32x4.mul(value, first), second);
}

/** Whether e^x and e^−x are in the normal range in all lanes, or are NaN. */
@inline
function isModerate(x: v128): bool {
  return !v128.any_true(f32x4.gt(f32x4.abs(x), f32x4.splat(87)));
}

/** e^x for any x; NaN stays. */
function exponentialOfAny(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-104)), f32x4.splat(89));
  const shifted = exponentOf(x);
  return scale(f32x4.add(fractionMinusOne(x, shifted), f32x4.splat(1)), shifted);
}

@inline
function exponentialOfModerate(x: v128): v128 {
  const shifted = exponentOf(x);
  const power = powerOfTwo(shifted);
  return multiplyAdd(fractionMinusOne(x, shifted), power, power);
}

@inline
export function exponential(x: v128): v128 {
  return isModerate(x) ? exponentialOfModerate(x) : exponentialOfAny(x);
}

/** e^x for x ≤ 0, below the normal range 0. NaN stays. For softmax. */
@inline
export function exponentialOfNegative(x: v128): v128 {
  return exponentialOfModerate(f32x4.pmax(x, f32x4.splat(-88)));
}

/** e^x − 1 = 2^n · ((e^r − 1) + (1 − 2^−n)): no cancellation for small x, where n = 0. */
@inline
export function exponentialMinusOne(x: v128): v128 {
  const clamped = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-20)), f32x4.splat(89));
  const shifted = exponentOf(clamped);
  const fraction = fractionMinusOne(clamped, shifted);
  const n = i32x4.sub(shifted, i32x4.splat(ROUNDER_BITS));
  const inverse = i32x4.shl(i32x4.max_s(i32x4.sub(i32x4.splat(127), n), i32x4.splat(0)), 23);
  const sum = f32x4.add(fraction, f32x4.sub(f32x4.splat(1), inverse));
  // a zero keeps its sign
  return v128.bitselect(x, scale(sum, shifted), f32x4.eq(x, f32x4.splat(0)));
}

/** 1 / (1 + e^−x), beyond the normal range with e^−|x| so that neither side overflows. */
@inline
export function logistic(x: v128): v128 {
  const one = f32x4.splat(1);
  if (isModerate(x)) return f32x4.div(one, f32x4.add(one, exponentialOfModerate(f32x4.neg(x))));
  const decay = exponentialOfAny(v128.or(x, f32x4.splat(-0.0)));
  const top = v128.bitselect(decay, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(top, f32x4.add(one, decay));
}

/** tanh |x| = −u / (u + 2) with u = e^(−2|x|) − 1; the sign goes back on. */
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
