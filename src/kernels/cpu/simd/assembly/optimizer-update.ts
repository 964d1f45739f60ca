import { loadUpTo, storeUpTo } from './lanes';

/*
 * Optimizer updates in one pass: value, gradient and slots are read once, the next value and slots are written once. Outputs may
 * be the inputs. The rows are those of kernels/optimizer-updates.ts, on four lanes. From the value v, the gradient g and the slots
 * s0, s1, s2, a row computes the next slots n0, n1, n2, then the next value. A row with fewer slots returns the others unchanged.
 */

/** The hyperparameters in the order of kernels/optimizer-updates.ts; then 1 − β₁ and 1 − β₂, computed in double precision. */
let h0: v128 = f32x4(0, 0, 0, 0);
let h1: v128 = f32x4(0, 0, 0, 0);
let h2: v128 = f32x4(0, 0, 0, 0);
let h3: v128 = f32x4(0, 0, 0, 0);
let h4: v128 = f32x4(0, 0, 0, 0);
let h5: v128 = f32x4(0, 0, 0, 0);
let h6: v128 = f32x4(0, 0, 0, 0);
let rest1: v128 = f32x4(0, 0, 0, 0);
let rest2: v128 = f32x4(0, 0, 0, 0);

@inline
function blend(a: v128, x: v128, b: v128, y: v128): v128 {
  return f32x4.add(f32x4.mul(a, x), f32x4.mul(b, y));
}

@inline
function square(x: v128): v128 {
  return f32x4.mul(x, x);
}

/** v − rate·step. */
@inline
function descend(v: v128, rate: v128, step: v128): v128 {
  return f32x4.sub(v, f32x4.mul(rate, step));
}

@inline
function sign(x: v128): v128 {
  const one = f32x4.splat(1);
  const signed = v128.or(one, v128.and(x, f32x4.splat(-0.0)));
  // the sign of 0 is 0, that of NaN is NaN
  return v128.bitselect(signed, x, v128.or(f32x4.lt(x, f32x4.splat(0)), f32x4.gt(x, f32x4.splat(0))));
}

@unmanaged class Sgd {
  @inline slots(): i32 { return 0; }
  @inline next0(g: v128, s0: v128, s1: v128): v128 { return s0; }
  @inline next1(g: v128, s1: v128, s0: v128, n0: v128): v128 { return s1; }
  @inline next2(g: v128, s2: v128, n0: v128, n1: v128): v128 { return s2; }
  @inline value(v: v128, g: v128, s0: v128, s1: v128, n0: v128, n1: v128, n2: v128): v128 { return descend(v, h0, g); }
}

@unmanaged class Momentum {
  @inline slots(): i32 { return 1; }
  @inline next0(g: v128, s0: v128, s1: v128): v128 { return f32x4.add(f32x4.mul(h1, s0), g); }
  @inline next1(g: v128, s1: v128, s0: v128, n0: v128): v128 { return s1; }
  @inline next2(g: v128, s2: v128, n0: v128, n1: v128): v128 { return s2; }
  @inline value(v: v128, g: v128, s0: v128, s1: v128, n0: v128, n1: v128, n2: v128): v128 {
    const ahead = f32x4.add(g, f32x4.mul(h1, n0));
    return descend(v, h0, v128.bitselect(ahead, n0, f32x4.ne(h2, f32x4.splat(0))));
  }
}

@inline
function adamDirection(n0: v128, n1: v128): v128 {
  return f32x4.div(f32x4.div(n0, h4), f32x4.add(f32x4.sqrt(f32x4.div(n1, h5)), h3));
}

@unmanaged class Adam {
  @inline slots(): i32 { return 2; }
  @inline next0(g: v128, s0: v128, s1: v128): v128 { return blend(h1, s0, rest1, g); }
  @inline next1(g: v128, s1: v128, s0: v128, n0: v128): v128 { return blend(h2, s1, rest2, square(g)); }
  @inline next2(g: v128, s2: v128, n0: v128, n1: v128): v128 { return s2; }
  @inline value(v: v128, g: v128, s0: v128, s1: v128, n0: v128, n1: v128, n2: v128): v128 { return descend(v, h0, adamDirection(n0, n1)); }
}

@unmanaged class AdamW {
  @inline slots(): i32 { return 2; }
  @inline next0(g: v128, s0: v128, s1: v128): v128 { return blend(h1, s0, rest1, g); }
  @inline next1(g: v128, s1: v128, s0: v128, n0: v128): v128 { return blend(h2, s1, rest2, square(g)); }
  @inline next2(g: v128, s2: v128, n0: v128, n1: v128): v128 { return s2; }
  @inline value(v: v128, g: v128, s0: v128, s1: v128, n0: v128, n1: v128, n2: v128): v128 {
    return descend(v, h0, f32x4.add(adamDirection(n0, n1), f32x4.mul(h6, v)));
  }
}

@unmanaged class Adamax {
  @inline slots(): i32 { return 2; }
  @inline next0(g: v128, s0: v128, s1: v128): v128 { return blend(h1, s0, rest1, g); }
  @inline next1(g: v128, s1: v128, s0: v128, n0: v128): v128 { return f32x4.max(f32x4.mul(h2, s1), f32x4.abs(g)); }
  @inline next2(g: v128, s2: v128, n0: v128, n1: v128): v128 { return s2; }
  @inline value(v: v128, g: v128, s0: v128, s1: v128, n0: v128, n1: v128, n2: v128): v128 {
    return f32x4.sub(v, f32x4.div(f32x4.mul(h0, n0), f32x4.add(n1, h3)));
  }
}

@unmanaged class Adagrad {
  @inline slots(): i32 { return 1; }
  @inline next0(g: v128, s0: v128, s1: v128): v128 { return f32x4.add(s0, square(g)); }
  @inline next1(g: v128, s1: v128, s0: v128, n0: v128): v128 { return s1; }
  @inline next2(g: v128, s2: v128, n0: v128, n1: v128): v128 { return s2; }
  @inline value(v: v128, g: v128, s0: v128, s1: v128, n0: v128, n1: v128, n2: v128): v128 {
    return f32x4.sub(v, f32x4.div(f32x4.mul(h0, g), f32x4.sqrt(f32x4.add(n0, h1))));
  }
}

@inline
function adadeltaStep(g: v128, s1: v128, n0: v128): v128 {
  return f32x4.mul(f32x4.sqrt(f32x4.div(f32x4.add(s1, h2), f32x4.add(n0, h2))), g);
}

@unmanaged class Adadelta {
  @inline slots(): i32 { return 2; }
  @inline next0(g: v128, s0: v128, s1: v128): v128 { return blend(h1, s0, rest1, square(g)); }
  @inline next1(g: v128, s1: v128, s0: v128, n0: v128): v128 { return blend(h1, s1, rest1, square(adadeltaStep(g, s1, n0))); }
  @inline next2(g: v128, s2: v128, n0: v128, n1: v128): v128 { return s2; }
  @inline value(v: v128, g: v128, s0: v128, s1: v128, n0: v128, n1: v128, n2: v128): v128 { return descend(v, h0, adadeltaStep(g, s1, n0)); }
}

/** momentum·slot + learningRate·g / √(divisor + ε). */
@inline
function rmsStep(g: v128, slot: v128, divisor: v128): v128 {
  return f32x4.add(f32x4.mul(h2, slot), f32x4.div(f32x4.mul(h0, g), f32x4.sqrt(f32x4.add(divisor, h3))));
}

@unmanaged class Rmsprop {
  @inline slots(): i32 { return 2; }
  @inline next0(g: v128, s0: v128, s1: v128): v128 { return blend(h1, s0, rest1, square(g)); }
  @inline next1(g: v128, s1: v128, s0: v128, n0: v128): v128 { return rmsStep(g, s1, n0); }
  @inline next2(g: v128, s2: v128, n0: v128, n1: v128): v128 { return s2; }
  @inline value(v: v128, g: v128, s0: v128, s1: v128, n0: v128, n1: v128, n2: v128): v128 { return f32x4.sub(v, n1); }
}

@unmanaged class CenteredRmsprop {
  @inline slots(): i32 { return 3; }
  @inline next0(g: v128, s0: v128, s1: v128): v128 { return blend(h1, s0, rest1, square(g)); }
  @inline next1(g: v128, s1: v128, s0: v128, n0: v128): v128 { return blend(h1, s1, rest1, g); }
  @inline next2(g: v128, s2: v128, n0: v128, n1: v128): v128 {
    return rmsStep(g, s2, f32x4.max(f32x4.sub(n0, square(n1)), f32x4.splat(0)));
  }
  @inline value(v: v128, g: v128, s0: v128, s1: v128, n0: v128, n1: v128, n2: v128): v128 { return f32x4.sub(v, n2); }
}

@unmanaged class Lion {
  @inline slots(): i32 { return 1; }
  @inline next0(g: v128, s0: v128, s1: v128): v128 { return blend(h2, s0, rest2, g); }
  @inline next1(g: v128, s1: v128, s0: v128, n0: v128): v128 { return s1; }
  @inline next2(g: v128, s2: v128, n0: v128, n1: v128): v128 { return s2; }
  @inline value(v: v128, g: v128, s0: v128, s1: v128, n0: v128, n1: v128, n2: v128): v128 {
    return descend(v, h0, f32x4.add(sign(blend(h1, s0, rest1, g)), f32x4.mul(h3, v)));
  }
}

/** Sets the hyperparameters of the next update. Those that it does not have are 0. */
export function setHyperparameters(a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64): void {
  h0 = f32x4.splat(<f32>a);
  h1 = f32x4.splat(<f32>b);
  h2 = f32x4.splat(<f32>c);
  h3 = f32x4.splat(<f32>d);
  h4 = f32x4.splat(<f32>e);
  h5 = f32x4.splat(<f32>f);
  h6 = f32x4.splat(<f32>g);
  rest1 = f32x4.splat(<f32>(1 - b));
  rest2 = f32x4.splat(<f32>(1 - c));
}

@inline
function update<Row>(
  value: usize, gradient: usize, slot0: usize, slot1: usize, slot2: usize,
  nextValue: usize, next0: usize, next1: usize, next2: usize, length: i32,
): void {
  const row = changetype<Row>(0);
  const none = f32x4.splat(0);
  for (let at: usize = 0; length > 0; length -= 4) {
    const g = loadUpTo(gradient + at, length);
    const s0 = row.slots() > 0 ? loadUpTo(slot0 + at, length) : none;
    const s1 = row.slots() > 1 ? loadUpTo(slot1 + at, length) : none;
    const s2 = row.slots() > 2 ? loadUpTo(slot2 + at, length) : none;
    const n0 = row.next0(g, s0, s1);
    const n1 = row.next1(g, s1, s0, n0);
    const n2 = row.next2(g, s2, n0, n1);
    const v = row.value(loadUpTo(value + at, length), g, s0, s1, n0, n1, n2);
    storeUpTo(nextValue + at, v, length);
    if (row.slots() > 0) storeUpTo(next0 + at, n0, length);
    if (row.slots() > 1) storeUpTo(next1 + at, n1, length);
    if (row.slots() > 2) storeUpTo(next2 + at, n2, length);
    at += 16;
  }
}

export function update_sgd(v: usize, g: usize, s0: usize, s1: usize, s2: usize, nv: usize, n0: usize, n1: usize, n2: usize, length: i32): void {
  update<Sgd>(v, g, s0, s1, s2, nv, n0, n1, n2, length);
}
export function update_momentum(v: usize, g: usize, s0: usize, s1: usize, s2: usize, nv: usize, n0: usize, n1: usize, n2: usize, length: i32): void {
  update<Momentum>(v, g, s0, s1, s2, nv, n0, n1, n2, length);
}
export function update_adam(v: usize, g: usize, s0: usize, s1: usize, s2: usize, nv: usize, n0: usize, n1: usize, n2: usize, length: i32): void {
  update<Adam>(v, g, s0, s1, s2, nv, n0, n1, n2, length);
}
export function update_adamW(v: usize, g: usize, s0: usize, s1: usize, s2: usize, nv: usize, n0: usize, n1: usize, n2: usize, length: i32): void {
  update<AdamW>(v, g, s0, s1, s2, nv, n0, n1, n2, length);
}
export function update_adamax(v: usize, g: usize, s0: usize, s1: usize, s2: usize, nv: usize, n0: usize, n1: usize, n2: usize, length: i32): void {
  update<Adamax>(v, g, s0, s1, s2, nv, n0, n1, n2, length);
}
export function update_adagrad(v: usize, g: usize, s0: usize, s1: usize, s2: usize, nv: usize, n0: usize, n1: usize, n2: usize, length: i32): void {
  update<Adagrad>(v, g, s0, s1, s2, nv, n0, n1, n2, length);
}
export function update_adadelta(v: usize, g: usize, s0: usize, s1: usize, s2: usize, nv: usize, n0: usize, n1: usize, n2: usize, length: i32): void {
  update<Adadelta>(v, g, s0, s1, s2, nv, n0, n1, n2, length);
}
export function update_rmsprop(v: usize, g: usize, s0: usize, s1: usize, s2: usize, nv: usize, n0: usize, n1: usize, n2: usize, length: i32): void {
  update<Rmsprop>(v, g, s0, s1, s2, nv, n0, n1, n2, length);
}
export function update_centeredRmsprop(v: usize, g: usize, s0: usize, s1: usize, s2: usize, nv: usize, n0: usize, n1: usize, n2: usize, length: i32): void {
  update<CenteredRmsprop>(v, g, s0, s1, s2, nv, n0, n1, n2, length);
}
export function update_lion(v: usize, g: usize, s0: usize, s1: usize, s2: usize, nv: usize, n0: usize, n1: usize, n2: usize, length: i32): void {
  update<Lion>(v, g, s0, s1, s2, nv, n0, n1, n2, length);
}
