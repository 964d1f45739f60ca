/* THE table of the gradients of activations: dy times the derivative, from the activation's result y, as in activation-gradients.ts. */

/** Turns dx into NaN where y is NaN: lanes of all ones are NaN. */
@inline
function spoil(dx: v128, y: v128): v128 {
  return v128.or(dx, f32x4.ne(y, y));
}

@unmanaged export class Relu { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return spoil(v128.and(dy, f32x4.gt(y, f32x4.splat(0))), y);
} }
@unmanaged export class Relu6 { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return spoil(v128.and(dy, v128.and(f32x4.gt(y, f32x4.splat(0)), f32x4.lt(y, f32x4.splat(6)))), y);
} }
@unmanaged export class Elu { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return v128.bitselect(dy, f32x4.mul(dy, f32x4.add(y, f32x4.splat(1))), f32x4.ge(y, f32x4.splat(0)));
} }
@unmanaged export class LeakyRelu { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return spoil(v128.bitselect(dy, f32x4.mul(dy, alpha), f32x4.gt(y, f32x4.splat(0))), y);
} }
@unmanaged export class Sigmoid { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
} }
@unmanaged export class Tanh { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return f32x4.mul(dy, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
} }
