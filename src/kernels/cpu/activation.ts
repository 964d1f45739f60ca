import type { Activation } from '../elementwise';
import { unaryLoop, type UnaryLoop } from './unary';

/** The loop that a product applies to what it has stored; none where there is nothing to do. */
export function activationLoop(activation: Activation): UnaryLoop | undefined {
  if (activation === 'linear') return undefined;
  return unaryLoop(activation);
}
