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

@unmanaged export class Abs { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.abs(x); } }
@unmanaged export class Neg { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.neg(x); } }
@unmanaged export class Sign { @inline of(x: v128, p: v128, q: v128): v128 {
  const one = f32x4.splat(1);
  const ordered = v128.or(v128.and(one, f32x4.gt(x, f32x4.splat(0))), v128.and(f32x4.splat(-1), f32x4.lt(x, f32x4.splat(0))));
  return v128.bitselect(ordered, x, f32x4.eq(x, x));
} }
@unmanaged export class Ceil { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.ceil(x); } }
@unmanaged export class Floor { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.floor(x); } }
@unmanaged export class Round { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.nearest(x); } }
@unmanaged export class Reciprocal { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.div(f32x4.splat(1), x); } }
@unmanaged export class Square { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.mul(x, x); } }
@unmanaged export class Sqrt { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.sqrt(x); } }
@unmanaged export class Rsqrt { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.div(f32x4.splat(1), f32x4.sqrt(x)); } }
@unmanaged export class Expm1 { @inline of(x: v128, p: v128, q: v128): v128 { return exponentialMinusOne(x); } }
@unmanaged export class Log1p { @inline of(x: v128, p: v128, q: v128): v128 { return logarithmOfOnePlus(x); } }
@unmanaged export class Erf { @inline of(x: v128, p: v128, q: v128): v128 { return errorFunction(x); } }
@unmanaged export class Tanh { @inline of(x: v128, p: v128, q: v128): v128 { return hyperbolicTangent(x); } }
@unmanaged export class Softplus { @inline of(x: v128, p: v128, q: v128): v128 {
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), logarithmOfOnePlus(exponential(f32x4.neg(f32x4.abs(x)))));
} }
// pmax(x, 0) is x < 0 ? 0 : x, which keeps NaN
@unmanaged export class Relu { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.pmax(x, f32x4.splat(0)); } }
@unmanaged export class Relu6 { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.pmin(f32x4.pmax(x, f32x4.splat(0)), f32x4.splat(6)); } }
@unmanaged export class LeakyRelu { @inline of(x: v128, p: v128, q: v128): v128 {
  return v128.bitselect(f32x4.mul(x, p), x, f32x4.lt(x, f32x4.splat(0)));
} }
@unmanaged export class Elu { @inline of(x: v128, p: v128, q: v128): v128 {
  return v128.bitselect(exponentialMinusOneOfNegative(x), x, f32x4.lt(x, f32x4.splat(0)));
} }
@unmanaged export class Selu { @inline of(x: v128, p: v128, q: v128): v128 {
  const scaled = f32x4.mul(x, f32x4.splat(1.0507009873554805));
  const below = f32x4.mul(exponentialMinusOneOfNegative(x), f32x4.splat(1.7580993408473766));
  return v128.bitselect(below, scaled, f32x4.lt(x, f32x4.splat(0)));
} }
@unmanaged export class Step { @inline of(x: v128, p: v128, q: v128): v128 {
  const ordered = v128.bitselect(f32x4.splat(1), p, f32x4.gt(x, f32x4.splat(0)));
  return v128.bitselect(ordered, x, f32x4.eq(x, x));
} }
@unmanaged export class ClipByValue { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.pmin(f32x4.pmax(x, p), q); } }
// predicates: 0 or 1 in an int32 lane
@unmanaged export class IsNaN { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(f32x4.ne(x, x), 31); } }
@unmanaged export class IsInf { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(f32x4.eq(f32x4.abs(x), f32x4.splat(Infinity)), 31); } }
@unmanaged export class IsFinite { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(f32x4.lt(f32x4.abs(x), f32x4.splat(Infinity)), 31); } }
@unmanaged export class LogicalNot { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(f32x4.eq(x, f32x4.splat(0)), 31); } }

@unmanaged export class IntAbs { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.abs(x); } }
@unmanaged export class IntNeg { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.neg(x); } }
@unmanaged export class IntSquare { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.mul(x, x); } }
@unmanaged export class IntSign { @inline of(x: v128, p: v128, q: v128): v128 {
  return i32x4.max_s(i32x4.min_s(x, i32x4.splat(1)), i32x4.splat(-1));
} }
@unmanaged export class IntRelu { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.max_s(x, i32x4.splat(0)); } }
@unmanaged export class IntLogicalNot { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(i32x4.eq(x, i32x4.splat(0)), 31); } }

/** Conversions between lanes: `cast`. */
@unmanaged export class IntToFloat { @inline of(x: v128, p: v128, q: v128): v128 { return f32x4.convert_i32x4_s(x); } }
@unmanaged export class FloatToBool { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(f32x4.ne(x, f32x4.splat(0)), 31); } }
@unmanaged export class IntToBool { @inline of(x: v128, p: v128, q: v128): v128 { return i32x4.shr_u(i32x4.ne(x, i32x4.splat(0)), 31); } }

/*
 * Rows whose `of` is long only because of rare arguments. Where `bits` is below `limit`, unsigned, in all lanes of four vectors,
 * the loop calls the shorter `common`.
 */

@unmanaged export class Exp {
  @inline of(x: v128): v128 { return exponential(x); }
  @inline bits(x: v128): v128 { return magnitudeBits(x); }
  @inline limit(): i32 { return MODERATE; }
  @inline common(x: v128): v128 { return exponentialOfModerate(x, 1); }
}
@unmanaged export class Sigmoid {
  @inline of(x: v128): v128 { return logistic(x); }
  @inline bits(x: v128): v128 { return magnitudeBits(x); }
  @inline limit(): i32 { return MODERATE; }
  @inline common(x: v128): v128 { return logisticOfModerate(x); }
}
@unmanaged export class Log {
  @inline of(x: v128): v128 { return logarithm(x); }
  @inline bits(x: v128): v128 { return normalBits(x); }
  @inline limit(): i32 { return NORMAL; }
  @inline common(x: v128): v128 { return logarithmOfNormal(x); }
}
@unmanaged export class Sin {
  @inline of(x: v128): v128 { return sine(x); }
  @inline bits(x: v128): v128 { return magnitudeBits(x); }
  @inline limit(): i32 { return NEAR; }
  @inline common(x: v128): v128 { return sineOfModerate(x); }
}
@unmanaged export class Cos {
  @inline of(x: v128): v128 { return cosine(x); }
  @inline bits(x: v128): v128 { return magnitudeBits(x); }
  @inline limit(): i32 { return NEAR; }
  @inline common(x: v128): v128 { return cosineOfModerate(x); }
}
