import type { Activation } from '../../activation';
import type { SimdExports } from './simd.wasm';

/** How a product finishes its results: it clamps them as it stores them; `then` names a function that runs over all of them afterwards. */
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

/** The clamp, and the function behind it, that make up an activation. */
export function finishOf(activation: Activation): Finish {
  return finishes[activation];
}

/** Applies, in place, the part of an activation that is no clamp. */
export function applyRest(
  simd: SimdExports,
  { then }: Finish,
  offset: number,
  size: number,
  alpha: number,
): void {
  if (then) simd[then](offset, offset, size, alpha, 0);
}
