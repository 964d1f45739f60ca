import type { Activation } from '../activation';
import { unaryLoop, type UnaryLoop } from './unary';

/** The loop that applies an activation to a stored product; undefined for 'linear'. */
export function activationLoop(activation: Activation): UnaryLoop | undefined {
  if (activation === 'linear') return undefined;
  return unaryLoop(activation);
}
