/*
 * aᵇ = 2^(b·log₂|a|) in double precision: the result multiplies a relative error of the logarithm by up to 128, so single precision
 * is not enough. log₂ and 2^t are minimax polynomials of relative errors below 2e-9.
 */

const ONE_BITS: i64 = 0x3ff0000000000000;
const SQRT_HALF_BITS: i64 = 0x3fe6a09e667f3bcd;
const EXPONENT_MASK: i64 = 0x7ff0000000000000;
const TWO_52_BITS: i64 = 0x4330000000000000;
const ROUNDER: f64 = 6755399441055744; // 1.5·2⁵²

/** 2^(b·log₂ a) for two lanes; a ≥ 0. */
@inline
function powerOfTwo(a: v128, b: v128): v128 {
  const lifted = i64x2.add(a, i64x2.splat(ONE_BITS - SQRT_HALF_BITS));
  const biased = v128.or(i64x2.shr_u(lifted, 52), i64x2.splat(TWO_52_BITS));
  const exponent = f64x2.sub(biased, f64x2.splat(4503599627370496 + 1023));
  const mantissa = i64x2.sub(a, i64x2.sub(v128.and(lifted, i64x2.splat(EXPONENT_MASK)), i64x2.splat(ONE_BITS)));
  const one = f64x2.splat(1);
  const s = f64x2.div(f64x2.sub(mantissa, one), f64x2.add(mantissa, one));
  const z = f64x2.mul(s, s);
  let p = f64x2.add(f64x2.mul(z, f64x2.splat(0.5760517774473707)), f64x2.splat(0.29856475464674576));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(0.4127457324845444));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(0.5770726081145379));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(0.9617967107707042));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2.8853900817779268));
  let t = f64x2.mul(f64x2.add(exponent, f64x2.mul(p, s)), b);
  t = f64x2.pmin(f64x2.pmax(t, f64x2.splat(-200)), f64x2.splat(200));
  const shifted = f64x2.add(t, f64x2.splat(ROUNDER));
  const r = f64x2.sub(t, f64x2.sub(shifted, f64x2.splat(ROUNDER)));
  let q = f64x2.add(f64x2.mul(r, f64x2.splat(0.00015354041586259227)), f64x2.splat(0.0013398901953427034));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(0.00961843503100967));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(0.05550332398149959));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(0.24022647932654098));
  q = f64x2.add(f64x2.mul(q, r), f64x2.splat(0.6931472029252486));
  q = f64x2.add(f64x2.mul(q, r), one);
  return f64x2.mul(q, i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52));
}

/** aᵇ, with the special cases of IEEE 754's pow. */
@inline
export function power(a: v128, b: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const infinity = f32x4.splat(Infinity);
  const magnitude = f32x4.abs(a);
  const low = powerOfTwo(f64x2.promote_low_f32x4(magnitude), f64x2.promote_low_f32x4(b));
  const high = powerOfTwo(
    f64x2.promote_low_f32x4(i64x2.shuffle(magnitude, magnitude, 1, 1)),
    f64x2.promote_low_f32x4(i64x2.shuffle(b, b, 1, 1)),
  );
  let result = i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);

  // 0 and Infinity have no logarithm: the power is 0 or Infinity
  const isZero = f32x4.eq(magnitude, zero);
  const isInfinite = f32x4.eq(magnitude, infinity);
  const grows = v128.xor(f32x4.gt(b, zero), isZero);
  result = v128.bitselect(v128.and(infinity, grows), result, v128.or(isZero, isInfinite));

  // a negative base: odd integer powers keep the sign, other integer powers lose it, the rest is NaN
  const isInteger = f32x4.eq(f32x4.trunc(b), b);
  const isSmall = f32x4.lt(f32x4.abs(b), f32x4.splat(16777216));
  const parity = i32x4.shl(i32x4.trunc_sat_f32x4_s(v128.and(b, isSmall)), 31);
  result = v128.or(result, v128.and(v128.and(parity, isInteger), v128.and(a, f32x4.splat(-0.0))));
  const undefinedRoot = v128.andnot(v128.and(f32x4.lt(a, zero), f32x4.lt(magnitude, infinity)), isInteger);
  result = v128.or(result, undefinedRoot);

  result = v128.bitselect(f32x4.add(a, b), result, v128.or(f32x4.ne(a, a), f32x4.ne(b, b)));
  // 1 for an exponent of 0, a base of 1, and a base of −1 to an infinite power
  const isUnit = v128.and(
    f32x4.eq(magnitude, one),
    v128.or(f32x4.eq(a, one), f32x4.eq(f32x4.abs(b), infinity)),
  );
  return v128.bitselect(one, result, v128.or(f32x4.eq(b, zero), isUnit));
}
