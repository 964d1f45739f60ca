import { power } from './power';

/*
 * THE table of binary functions, in the form of unary-rows.ts. Comparisons give 0 or 1 in an int32 lane.
 */

@inline
function bit(mask: v128): v128 {
  return i32x4.shr_u(mask, 31);
}

/** The rows that training runs most often. Their loops (in binary.ts) take four vectors a turn, at the cost of more code. */
@unmanaged export class Frequent { isFrequent: bool; }

@unmanaged export class Add extends Frequent { @inline of(a: v128, b: v128): v128 { return f32x4.add(a, b); } }
@unmanaged export class Sub extends Frequent { @inline of(a: v128, b: v128): v128 { return f32x4.sub(a, b); } }
@unmanaged export class Mul extends Frequent { @inline of(a: v128, b: v128): v128 { return f32x4.mul(a, b); } }
@unmanaged export class Div extends Frequent { @inline of(a: v128, b: v128): v128 { return f32x4.div(a, b); } }
@unmanaged export class DivNoNan { @inline of(a: v128, b: v128): v128 {
  return v128.andnot(f32x4.div(a, b), f32x4.eq(b, f32x4.splat(0)));
} }
@unmanaged export class Pow { @inline of(a: v128, b: v128): v128 { return power(a, b); } }
@unmanaged export class Maximum { @inline of(a: v128, b: v128): v128 { return f32x4.max(a, b); } }
@unmanaged export class Minimum { @inline of(a: v128, b: v128): v128 { return f32x4.min(a, b); } }
@unmanaged export class SquaredDifference { @inline of(a: v128, b: v128): v128 {
  const difference = f32x4.sub(a, b);
  return f32x4.mul(difference, difference);
} }
@unmanaged export class Prelu { @inline of(a: v128, b: v128): v128 {
  return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, f32x4.splat(0)));
} }
@unmanaged export class Equal { @inline of(a: v128, b: v128): v128 { return bit(f32x4.eq(a, b)); } }
@unmanaged export class NotEqual { @inline of(a: v128, b: v128): v128 { return bit(f32x4.ne(a, b)); } }
@unmanaged export class Less { @inline of(a: v128, b: v128): v128 { return bit(f32x4.lt(a, b)); } }
@unmanaged export class LessEqual { @inline of(a: v128, b: v128): v128 { return bit(f32x4.le(a, b)); } }
@unmanaged export class Greater { @inline of(a: v128, b: v128): v128 { return bit(f32x4.gt(a, b)); } }
@unmanaged export class GreaterEqual { @inline of(a: v128, b: v128): v128 { return bit(f32x4.ge(a, b)); } }

@unmanaged export class IntAdd { @inline of(a: v128, b: v128): v128 { return i32x4.add(a, b); } }
@unmanaged export class IntSub { @inline of(a: v128, b: v128): v128 { return i32x4.sub(a, b); } }
@unmanaged export class IntMul { @inline of(a: v128, b: v128): v128 { return i32x4.mul(a, b); } }
@unmanaged export class IntMaximum { @inline of(a: v128, b: v128): v128 { return i32x4.max_s(a, b); } }
@unmanaged export class IntMinimum { @inline of(a: v128, b: v128): v128 { return i32x4.min_s(a, b); } }
@unmanaged export class IntSquaredDifference { @inline of(a: v128, b: v128): v128 {
  const difference = i32x4.sub(a, b);
  return i32x4.mul(difference, difference);
} }
@unmanaged export class IntBitwiseAnd { @inline of(a: v128, b: v128): v128 { return v128.and(a, b); } }
@unmanaged export class IntEqual { @inline of(a: v128, b: v128): v128 { return bit(i32x4.eq(a, b)); } }
@unmanaged export class IntNotEqual { @inline of(a: v128, b: v128): v128 { return bit(i32x4.ne(a, b)); } }
@unmanaged export class IntLess { @inline of(a: v128, b: v128): v128 { return bit(i32x4.lt_s(a, b)); } }
@unmanaged export class IntLessEqual { @inline of(a: v128, b: v128): v128 { return bit(i32x4.le_s(a, b)); } }
@unmanaged export class IntGreater { @inline of(a: v128, b: v128): v128 { return bit(i32x4.gt_s(a, b)); } }
@unmanaged export class IntGreaterEqual { @inline of(a: v128, b: v128): v128 { return bit(i32x4.ge_s(a, b)); } }
@unmanaged export class IntLogicalAnd { @inline of(a: v128, b: v128): v128 {
  const zero = i32x4.splat(0);
  return bit(v128.and(i32x4.ne(a, zero), i32x4.ne(b, zero)));
} }
@unmanaged export class IntLogicalOr { @inline of(a: v128, b: v128): v128 { return bit(i32x4.ne(v128.or(a, b), i32x4.splat(0))); } }
@unmanaged export class IntLogicalXor { @inline of(a: v128, b: v128): v128 {
  const zero = i32x4.splat(0);
  return bit(v128.xor(i32x4.ne(a, zero), i32x4.ne(b, zero)));
} }
