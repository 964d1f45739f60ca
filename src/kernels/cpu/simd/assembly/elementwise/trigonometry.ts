import { multiplyAdd } from '../multiply-add';

/*
 * sin and cos: x = n·π/2 + r, reduced in double precision (π/2 in two parts, the first of 33 bits, so that its products are exact
 * for |x| < 2²⁰), then a polynomial for |r| ≤ π/4 in single precision. Lanes beyond 2²⁰, infinite or NaN go to the host's functions
 * one by one.
 */

@external('env', 'sin')
declare function hostSine(x: f64): f64;
@external('env', 'cos')
declare function hostCosine(x: f64): f64;

const TWO_OVER_PI: f64 = 0.6366197723675814;
const HALF_PI_HIGH: f64 = 1.5707963267341256;
const HALF_PI_LOW: f64 = 6.077100506506192e-11;
const ROUNDER: f64 = 6755399441055744; // 1.5·2⁵²: leaves the rounded integer in the low bits
const LARGEST: f32 = 1048576;
/** The same as bits. */
export const NEAR: i32 = 0x49800000;

@inline
function remainder(x: v128, n: v128): v128 {
  return f64x2.sub(f64x2.sub(x, f64x2.mul(n, f64x2.splat(HALF_PI_HIGH))), f64x2.mul(n, f64x2.splat(HALF_PI_LOW)));
}

/** sin(r + quadrant·π/2) for |r| ≤ π/4. */
@inline
function fromQuadrant(r: v128, quadrant: v128): v128 {
  const z = f32x4.mul(r, r);
  let sine = multiplyAdd(z, f32x4.splat(-0.00019519390), f32x4.splat(0.00833219));
  sine = multiplyAdd(sine, z, f32x4.splat(-0.16666655));
  sine = multiplyAdd(f32x4.mul(sine, z), r, r);
  let cosine = multiplyAdd(z, f32x4.splat(2.443067e-5), f32x4.splat(-0.0013887301));
  cosine = multiplyAdd(cosine, z, f32x4.splat(0.041666646));
  cosine = multiplyAdd(f32x4.mul(cosine, z), z, f32x4.sub(f32x4.splat(1), f32x4.mul(z, f32x4.splat(0.5))));

  const odd = i32x4.shr_s(i32x4.shl(quadrant, 31), 31);
  const sign = i32x4.shl(i32x4.shr_u(quadrant, 1), 31);
  return v128.xor(v128.bitselect(cosine, sine, odd), sign);
}

/** sin(x + quarters·π/2) for |x| < 2²⁰. */
@inline
function wave(x: v128, quarters: i32): v128 {
  const rounder = f64x2.splat(ROUNDER);
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 1));
  const lowShifted = f64x2.add(f64x2.mul(low, f64x2.splat(TWO_OVER_PI)), rounder);
  const highShifted = f64x2.add(f64x2.mul(high, f64x2.splat(TWO_OVER_PI)), rounder);
  const lowRest = f32x4.demote_f64x2_zero(remainder(low, f64x2.sub(lowShifted, rounder)));
  const highRest = f32x4.demote_f64x2_zero(remainder(high, f64x2.sub(highShifted, rounder)));
  const r = i64x2.shuffle(lowRest, highRest, 0, 2);
  const quadrant = i32x4.add(i32x4.shuffle(lowShifted, highShifted, 0, 2, 4, 6), i32x4.splat(quarters));

  return fromQuadrant(r, quadrant);
}

@inline
function isHuge(x: v128): bool {
  return !i32x4.all_true(f32x4.lt(f32x4.abs(x), f32x4.splat(LARGEST)));
}

function hostSines(x: v128): v128 {
  let result = f32x4.splat(<f32>hostSine(f32x4.extract_lane(x, 0)));
  result = f32x4.replace_lane(result, 1, <f32>hostSine(f32x4.extract_lane(x, 1)));
  result = f32x4.replace_lane(result, 2, <f32>hostSine(f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(result, 3, <f32>hostSine(f32x4.extract_lane(x, 3)));
}

function hostCosines(x: v128): v128 {
  let result = f32x4.splat(<f32>hostCosine(f32x4.extract_lane(x, 0)));
  result = f32x4.replace_lane(result, 1, <f32>hostCosine(f32x4.extract_lane(x, 1)));
  result = f32x4.replace_lane(result, 2, <f32>hostCosine(f32x4.extract_lane(x, 2)));
  return f32x4.replace_lane(result, 3, <f32>hostCosine(f32x4.extract_lane(x, 3)));
}

@inline
export function sineOfModerate(x: v128): v128 {
  return v128.bitselect(x, wave(x, 0), f32x4.eq(x, f32x4.splat(0)));
}

@inline
export function cosineOfModerate(x: v128): v128 {
  return wave(x, 1);
}

@inline
export function sine(x: v128): v128 {
  return isHuge(x) ? hostSines(x) : sineOfModerate(x);
}

@inline
export function cosine(x: v128): v128 {
  return isHuge(x) ? hostCosines(x) : cosineOfModerate(x);
}

/** cos(2π·turn) for 0 ≤ turn < 1: the reduction is exact. */
@inline
export function cosineOfTurn(turn: v128): v128 {
  const quarters = f32x4.mul(turn, f32x4.splat(4));
  const whole = f32x4.nearest(quarters);
  const r = f32x4.mul(f32x4.sub(quarters, whole), f32x4.splat(1.5707963267948966));
  return fromQuadrant(r, i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(1)));
}
