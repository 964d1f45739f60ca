import type { Activation } from '../../elementwise';
import type { SimdExports } from './simd.wasm';

/** How a product finishes its results: clamped as they are stored, then perhaps one function over all of them. */
export interface Finish {
  readonly low: number;
  readonly high: number;
  readonly then?: 'unary_elu' | 'unary_sigmoid' | 'unary_leakyRelu';
}

const finishes: Readonly<Record<Activation, Finish>> = {
  linear: { low: -Infinity, high: Infinity },
  relu: { low: 0, high: Infinity },
  relu6: { low: 0, high: 6 },
  elu: { low: -Infinity, high: Infinity, then: 'unary_elu' },
  sigmoid: { low: -Infinity, high: Infinity, then: 'unary_sigmoid' },
  leakyRelu: { low: -Infinity, high: Infinity, then: 'unary_leakyRelu' },
};

export function finishOf(activation: Activation): Finish {
  return finishes[activation];
}

/** What of an activation a clamp cannot do, in place. */
export function applyRest(
  simd: SimdExports,
  { then }: Finish,
  offset: number,
  size: number,
  alpha: number,
): void {
  if (then) simd[then](offset, offset, size, alpha, 0);
}
