import { loadUpTo, storeUpTo } from './lanes';

/*
 * Optimizer updates in one pass: value, gradient and slots are read once and written once. The
 * formulas are those of kernels/optimizer-updates.ts. Outputs may be the inputs.
 */

export function update_sgd(value: usize, gradient: usize, newValue: usize, length: i32, learningRate: f32): void {
  const rate = f32x4.splat(learningRate);
  for (; length > 0; length -= 4) {
    storeUpTo(newValue, f32x4.sub(loadUpTo(value, length), f32x4.mul(rate, loadUpTo(gradient, length))), length);
    value += 16;
    gradient += 16;
    newValue += 16;
  }
}

export function update_momentum(
  value: usize, gradient: usize, velocity: usize, newValue: usize, newVelocity: usize, length: i32,
  learningRate: f32, momentum: f32, nesterov: f32,
): void {
  const rate = f32x4.splat(learningRate);
  const factor = f32x4.splat(momentum);
  for (; length > 0; length -= 4) {
    const g = loadUpTo(gradient, length);
    const v = f32x4.add(f32x4.mul(factor, loadUpTo(velocity, length)), g);
    const step = nesterov != 0 ? f32x4.add(g, f32x4.mul(factor, v)) : v;
    storeUpTo(newVelocity, v, length);
    storeUpTo(newValue, f32x4.sub(loadUpTo(value, length), f32x4.mul(rate, step)), length);
    value += 16;
    gradient += 16;
    velocity += 16;
    newValue += 16;
    newVelocity += 16;
  }
}

/** The corrections divide: they are applied as factors, the second's square root taken beforehand. */
export function update_adam(
  value: usize, gradient: usize, first: usize, second: usize, newValue: usize, newFirst: usize, newSecond: usize, length: i32,
  learningRate: f32, beta1: f32, beta2: f32, epsilon: f32, correction1: f32, correction2: f32,
): void {
  const decay1 = f32x4.splat(beta1), rest1 = f32x4.splat(1 - beta1);
  const decay2 = f32x4.splat(beta2), rest2 = f32x4.splat(1 - beta2);
  const rate = f32x4.splat(learningRate / correction1);
  const inverse2 = f32x4.splat(1 / correction2);
  const floor = f32x4.splat(epsilon);
  for (; length > 0; length -= 4) {
    const g = loadUpTo(gradient, length);
    const m = f32x4.add(f32x4.mul(decay1, loadUpTo(first, length)), f32x4.mul(rest1, g));
    const v = f32x4.add(f32x4.mul(decay2, loadUpTo(second, length)), f32x4.mul(rest2, f32x4.mul(g, g)));
    storeUpTo(newFirst, m, length);
    storeUpTo(newSecond, v, length);
    const divisor = f32x4.add(f32x4.sqrt(f32x4.mul(v, inverse2)), floor);
    storeUpTo(newValue, f32x4.sub(loadUpTo(value, length), f32x4.div(f32x4.mul(rate, m), divisor)), length);
    value += 16;
    gradient += 16;
    first += 16;
    second += 16;
    newValue += 16;
    newFirst += 16;
    newSecond += 16;
  }
}
