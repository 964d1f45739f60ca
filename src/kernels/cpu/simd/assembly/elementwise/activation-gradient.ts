import { loadSome, storeSome } from '../lanes';

/* THE table of the gradients of activations: dy times the derivative, from the activation's result y, as in activation-gradients.ts. */

/** Turns dx into NaN where y is NaN: lanes of all ones are NaN. */
@inline
function spoil(dx: v128, y: v128): v128 {
  return v128.or(dx, f32x4.ne(y, y));
}

@unmanaged class Relu { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return spoil(v128.and(dy, f32x4.gt(y, f32x4.splat(0))), y);
} }
@unmanaged class Relu6 { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return spoil(v128.and(dy, v128.and(f32x4.gt(y, f32x4.splat(0)), f32x4.lt(y, f32x4.splat(6)))), y);
} }
@unmanaged class Elu { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return v128.bitselect(dy, f32x4.mul(dy, f32x4.add(y, f32x4.splat(1))), f32x4.ge(y, f32x4.splat(0)));
} }
@unmanaged class LeakyRelu { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return spoil(v128.bitselect(dy, f32x4.mul(dy, alpha), f32x4.gt(y, f32x4.splat(0))), y);
} }
@unmanaged class Sigmoid { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
} }
@unmanaged class Tanh { @inline of(dy: v128, y: v128, alpha: v128): v128 {
  return f32x4.mul(dy, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
} }

@inline
function pullBack<Row>(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void {
  const row = changetype<Row>(0);
  const slope = f32x4.splat(alpha);
  const end = dx + (<usize>(length & -4) << 2);
  const toY = y - dx, toDy = dy - dx;
  while (dx < end) {
    v128.store(dx, row.of(v128.load(toDy + dx), v128.load(toY + dx), slope));
    dx += 16;
  }
  const rest = length & 3;
  if (rest) storeSome(dx, row.of(loadSome(toDy + dx, rest), loadSome(toY + dx, rest), slope), rest);
}

export function gradient_relu(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<Relu>(dy, y, dx, length, alpha); }
export function gradient_relu6(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<Relu6>(dy, y, dx, length, alpha); }
export function gradient_elu(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<Elu>(dy, y, dx, length, alpha); }
export function gradient_leakyRelu(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<LeakyRelu>(dy, y, dx, length, alpha); }
export function gradient_sigmoid(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<Sigmoid>(dy, y, dx, length, alpha); }
export function gradient_tanh(dy: usize, y: usize, dx: usize, length: i32, alpha: f32): void { pullBack<Tanh>(dy, y, dx, length, alpha); }
