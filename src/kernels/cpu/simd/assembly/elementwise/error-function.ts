import { multiplyAdd } from '../multiply-add';
import { exponentialOfNegative } from './exponential';

/**
 * erf x. Up to 0.92 it is a polynomial in x²; beyond, 1 − e^−p(x) with p fitted to −log(erfc x), up to 4, where erf rounds to 1.
 * Both are minimax fits of relative errors below 2e-9.
 */
@inline
export function errorFunction(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let near = multiplyAdd(z, f32x4.splat(8.046278e-5), f32x4.splat(-0.0008059455));
  near = multiplyAdd(near, z, f32x4.splat(0.0051930547));
  near = multiplyAdd(near, z, f32x4.splat(-0.026855905));
  near = multiplyAdd(near, z, f32x4.splat(0.11283627));
  near = multiplyAdd(near, z, f32x4.splat(-0.3761263));
  near = multiplyAdd(near, z, f32x4.splat(0.12837917));
  near = multiplyAdd(near, x, x);

  const magnitude = f32x4.abs(x);
  const y = f32x4.pmin(magnitude, f32x4.splat(4));
  let far = multiplyAdd(y, f32x4.splat(-0.00019595295), f32x4.splat(0.0030433717));
  far = multiplyAdd(far, y, f32x4.splat(-0.022227526));
  far = multiplyAdd(far, y, f32x4.splat(0.10393281));
  far = multiplyAdd(far, y, f32x4.splat(0.6371809));
  far = multiplyAdd(far, y, f32x4.splat(1.1276764));
  far = multiplyAdd(far, y, f32x4.splat(0.00019550792));
  far = f32x4.sub(f32x4.splat(1), exponentialOfNegative(f32x4.neg(far)));
  far = v128.or(far, v128.and(x, f32x4.splat(-0.0)));
  return v128.bitselect(near, far, f32x4.lt(magnitude, f32x4.splat(0.92)));
}
