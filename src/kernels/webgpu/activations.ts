import type { Activation } from '../activation';
import { unaryFunctions } from '../unary-functions';
import { formFunction } from './prelude';

/** WGSL for `activated(v, alpha)`. */
export function activationSource(activation: Activation): string {
  if (activation === 'linear') return 'fn activated(v: f32, alpha: f32) -> f32 { return v; }';
  const parameters = [
    ['float', 'x'],
    ['float', 'p'],
    ['float', 'q'],
  ] as const;
  return `${formFunction('activation_of', 'float', parameters, unaryFunctions[activation])}
    fn activated(v: f32, alpha: f32) -> f32 { return activation_of(v, alpha, 0.0); }`;
}
