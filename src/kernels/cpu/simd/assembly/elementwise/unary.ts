import { loadSome, storeSome } from '../lanes';
import { errorFunction } from './error-function';
import {
  exponential, exponentialMinusOne, exponentialMinusOneOfNegative, exponentialOfModerate, hyperbolicTangent, logistic, logisticOfModerate,
  magnitudeBits, MODERATE,
} from './exponential';
import { logarithm, logarithmOfNormal, logarithmOfOnePlus, NORMAL, normalBits } from './logarithm';
import { cosine, cosineOfModerate, NEAR, sine, sineOfModerate } from './trigonometry';

/*
 * THE table of unary functions. A class is a row, and its `of` is the function on one vector. Rows have no state and no instances:
 * the loops below are compiled once for each row.
 */

@unmanaged class Abs { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.abs(x); } }
@unmanaged class Neg { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.neg(x); } }
@unmanaged class Sign { @inline of(x: v128, p: v128, q: v128): v128 {
  const one = f32x4.splat(1);
  const ordered = v128.or(v128.and(one, f32x4.gt(x, f32x4.splat(0))), v128.and(f32x4.splat(-1), f32x4.lt(x, f32x4.splat(0))));
  return v128.bitselect(ordered, x, f32x4.eq(x, x));
} }
@unmanaged class Ceil { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.ceil(x); } }
@unmanaged class Floor { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.floor(x); } }
@unmanaged class Round { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.nearest(x); } }
@unmanaged class Reciprocal { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.div(f32x4.splat(1), x); } }
@unmanaged class Square { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.mul(x, x); } }
@unmanaged class Sqrt { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.sqrt(x); } }
@unmanaged class Rsqrt { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.div(f32x4.splat(1), f32x4.sqrt(x)); } }
@unmanaged class Expm1 { @inline of(x: v128, p: v128, q: v128): v128 { return exponentialMinusOne(x); } }
@unmanaged class Log1p { @inline of(x: v128, p: v128, q: v128): v128 { return logarithmOfOnePlus(x); } }
@unmanaged class Erf { @inline of(x: v128, p: v128, q: v128): v128 { return errorFunction(x); } }
@unmanaged class Tanh { @inline of(x: v128, p: v128, q: v128): v128 { return hyperbolicTangent(x); } }
@unmanaged class Softplus { @inline of(x: v128, p: v128, q: v128): v128 {
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), logarithmOfOnePlus(exponential(f32x4.neg(f32x4.abs(x)))));
} }
// pmax(x, 0) is x < 0 ? 0 : x, which keeps NaN
@unmanaged class Relu { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.pmax(x, f32x4.splat(0)); } }
@unmanaged class Relu6 { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.pmin(f32x4.pmax(x, f32x4.splat(0)), f32x4.splat(6)); } }
@unmanaged class LeakyRelu { @inline of(x: v128, p: v128, q: v128): v128 {
  return v128.bitselect(f32x4.mul(x, p), x, f32x4.lt(x, f32x4.splat(0)));
} }
@unmanaged class Elu { @inline of(x: v128, p: v128, q: v128): v128 {
  return v128.bitselect(exponentialMinusOneOfNegative(x), x, f32x4.lt(x, f32x4.splat(0)));
} }
@unmanaged class Selu { @inline of(x: v128, p: v128, q: v128): v128 {
  const scaled = f32x4.mul(x, f32x4.splat(1.0507009873554805));
  const below = f32x4.mul(exponentialMinusOneOfNegative(x), f32x4.splat(1.7580993408473766));
  return v128.bitselect(below, scaled, f32x4.lt(x, f32x4.splat(0)));
} }
@unmanaged class Step { @inline of(x: v128, p: v128, q: v128): v128 {
  const ordered = v128.bitselect(f32x4.splat(1), p, f32x4.gt(x, f32x4.splat(0)));
  return v128.bitselect(ordered, x, f32x4.eq(x, x));
} }
@unmanaged class ClipByValue { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.pmin(f32x4.pmax(x, p), q); } }
// predicates: 0 or 1 in an int32 lane
@unmanaged class IsNaN { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(f32x4.ne(x, x), 31); } }
@unmanaged class IsInf { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(f32x4.eq(f32x4.abs(x), f32x4.splat(Infinity)), 31); } }
@unmanaged class IsFinite { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(f32x4.lt(f32x4.abs(x), f32x4.splat(Infinity)), 31); } }
@unmanaged class LogicalNot { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(f32x4.eq(x, f32x4.splat(0)), 31); } }

@unmanaged class IntAbs { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.abs(x); } }
@unmanaged class IntNeg { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.neg(x); } }
@unmanaged class IntSquare { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.mul(x, x); } }
@unmanaged class IntSign { @inline of(x: v128, p: v128, q: v128): v128 {
  return i32x4.max_s(i32x4.min_s(x, i32x4.splat(1)), i32x4.splat(-1));
} }
@unmanaged class IntRelu { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.max_s(x, i32x4.splat(0)); } }
@unmanaged class IntLogicalNot { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(i32x4.eq(x, i32x4.splat(0)), 31); } }

/** Conversions between lanes: `cast`. */
@unmanaged class IntToFloat { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.convert_i32x4_s(x); } }
@unmanaged class FloatToBool { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(f32x4.ne(x, f32x4.splat(0)), 31); } }
@unmanaged class IntToBool { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(i32x4.ne(x, i32x4.splat(0)), 31); } }

/*
 * Rows whose `of` is long only because of rare arguments. Where `bits` is below `limit`, unsigned, in all lanes of four vectors,
 * the loop calls the shorter `common`.
 */

@unmanaged class Exp {
  @inline of(x: v128): v128 { return exponential(x); }
  @inline bits(x: v128): v128 { return magnitudeBits(x); }
  @inline limit(): i32 { return MODERATE; }
  @inline common(x: v128): v128 { return exponentialOfModerate(x, 1); }
}
@unmanaged class Sigmoid {
  @inline of(x: v128): v128 { return logistic(x); }
  @inline bits(x: v128): v128 { return magnitudeBits(x); }
  @inline limit(): i32 { return MODERATE; }
  @inline common(x: v128): v128 { return logisticOfModerate(x); }
}
@unmanaged class Log {
  @inline of(x: v128): v128 { return logarithm(x); }
  @inline bits(x: v128): v128 { return normalBits(x); }
  @inline limit(): i32 { return NORMAL; }
  @inline common(x: v128): v128 { return logarithmOfNormal(x); }
}
@unmanaged class Sin {
  @inline of(x: v128): v128 { return sine(x); }
  @inline bits(x: v128): v128 { return magnitudeBits(x); }
  @inline limit(): i32 { return NEAR; }
  @inline common(x: v128): v128 { return sineOfModerate(x); }
}
@unmanaged class Cos {
  @inline of(x: v128): v128 { return cosine(x); }
  @inline bits(x: v128): v128 { return magnitudeBits(x); }
  @inline limit(): i32 { return NEAR; }
  @inline common(x: v128): v128 { return cosineOfModerate(x); }
}

/** y = row(x) for `length` elements; y may be x. */
@inline
function map<Row>(source: usize, target: usize, length: i32, first: f32, second: f32): void {
  const row = changetype<Row>(0);
  const p = f32x4.splat(first);
  const q = f32x4.splat(second);
  for (; length >= 16; length -= 16) {
    v128.store(target, row.of(v128.load(source), p, q));
    v128.store(target, row.of(v128.load(source, 16), p, q), 16);
    v128.store(target, row.of(v128.load(source, 32), p, q), 32);
    v128.store(target, row.of(v128.load(source, 48), p, q), 48);
    source += 64;
    target += 64;
  }
  for (; length >= 4; length -= 4) {
    v128.store(target, row.of(v128.load(source), p, q));
    source += 16;
    target += 16;
  }
  if (length) storeSome(target, row.of(loadSome(source, length), p, q), length);
}

/** The same for functions of many instructions, which gain nothing from four vectors a turn. */
@inline
function mapOneByOne<Row>(source: usize, target: usize, length: i32, first: f32, second: f32): void {
  const row = changetype<Row>(0);
  const p = f32x4.splat(first);
  const q = f32x4.splat(second);
  for (; length >= 4; length -= 4) {
    v128.store(target, row.of(v128.load(source), p, q));
    source += 16;
    target += 16;
  }
  if (length) storeSome(target, row.of(loadSome(source, length), p, q), length);
}

@inline
function mapCommon<Row>(source: usize, target: usize, length: i32): void {
  const row = changetype<Row>(0);
  for (; length >= 16; length -= 16) {
    const greatest = i32x4.max_u(
      i32x4.max_u(row.bits(v128.load(source)), row.bits(v128.load(source, 16))),
      i32x4.max_u(row.bits(v128.load(source, 32)), row.bits(v128.load(source, 48))),
    );
    if (v128.any_true(i32x4.ge_u(greatest, i32x4.splat(row.limit())))) {
      for (let at: usize = 0; at < 64; at += 16) v128.store(target + at, row.of(v128.load(source + at)));
    } else {
      v128.store(target, row.common(v128.load(source)));
      v128.store(target, row.common(v128.load(source, 16)), 16);
      v128.store(target, row.common(v128.load(source, 32)), 32);
      v128.store(target, row.common(v128.load(source, 48)), 48);
    }
    source += 64;
    target += 64;
  }
  for (; length >= 4; length -= 4) {
    v128.store(target, row.of(v128.load(source)));
    source += 16;
    target += 16;
  }
  if (length) storeSome(target, row.of(loadSome(source, length)), length);
}

export function unary_abs(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Abs>(x, y, length, p, q); }
export function unary_neg(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Neg>(x, y, length, p, q); }
export function unary_sign(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Sign>(x, y, length, p, q); }
export function unary_ceil(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Ceil>(x, y, length, p, q); }
export function unary_floor(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Floor>(x, y, length, p, q); }
export function unary_round(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Round>(x, y, length, p, q); }
export function unary_reciprocal(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Reciprocal>(x, y, length, p, q); }
export function unary_square(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Square>(x, y, length, p, q); }
export function unary_sqrt(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Sqrt>(x, y, length, p, q); }
export function unary_rsqrt(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Rsqrt>(x, y, length, p, q); }
export function unary_expm1(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Expm1>(x, y, length, p, q); }
export function unary_log1p(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Log1p>(x, y, length, p, q); }
export function unary_erf(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Erf>(x, y, length, p, q); }
export function unary_tanh(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Tanh>(x, y, length, p, q); }
export function unary_softplus(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Softplus>(x, y, length, p, q); }
export function unary_relu(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Relu>(x, y, length, p, q); }
export function unary_relu6(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Relu6>(x, y, length, p, q); }
export function unary_leakyRelu(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<LeakyRelu>(x, y, length, p, q); }
export function unary_elu(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Elu>(x, y, length, p, q); }
export function unary_selu(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapOneByOne<Selu>(x, y, length, p, q); }
export function unary_step(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<Step>(x, y, length, p, q); }
export function unary_clipByValue(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<ClipByValue>(x, y, length, p, q); }
export function unary_isNaN(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IsNaN>(x, y, length, p, q); }
export function unary_isInf(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IsInf>(x, y, length, p, q); }
export function unary_isFinite(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IsFinite>(x, y, length, p, q); }
export function unary_logicalNot(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<LogicalNot>(x, y, length, p, q); }
export function intUnary_abs(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntAbs>(x, y, length, p, q); }
export function intUnary_neg(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntNeg>(x, y, length, p, q); }
export function intUnary_square(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntSquare>(x, y, length, p, q); }
export function intUnary_sign(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntSign>(x, y, length, p, q); }
export function intUnary_relu(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntRelu>(x, y, length, p, q); }
export function intUnary_logicalNot(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntLogicalNot>(x, y, length, p, q); }
export function cast_intToFloat(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntToFloat>(x, y, length, p, q); }
export function cast_floatToBool(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<FloatToBool>(x, y, length, p, q); }
export function cast_intToBool(x: usize, y: usize, length: i32, p: f32, q: f32): void { map<IntToBool>(x, y, length, p, q); }
export function unary_exp(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapCommon<Exp>(x, y, length); }
export function unary_sigmoid(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapCommon<Sigmoid>(x, y, length); }
export function unary_log(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapCommon<Log>(x, y, length); }
export function unary_sin(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapCommon<Sin>(x, y, length); }
export function unary_cos(x: usize, y: usize, length: i32, p: f32, q: f32): void { mapCommon<Cos>(x, y, length); }
