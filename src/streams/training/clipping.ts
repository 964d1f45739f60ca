import type { NamedTensorMap } from '../../tensor/gradients';
import { addN } from '../../tensor/ops/add-n';
import { div, minimum, mul } from '../../tensor/ops/arithmetic';
import { sum } from '../../tensor/ops/reduction';
import { clipByValue, sqrt, square } from '../../tensor/ops/unary';
import { tidy } from '../../tensor/scope';
import { mapNamed } from './named-tensors';

/** How gradients are kept from growing too large: by one of these, before the step. */
export interface ClippingOptions {
  /**
   * Scales all gradients by one factor where their common Euclidean norm is greater than this (Pascanu, Mikolov & Bengio, ICML 2013,
   * algorithm 1): the direction of the step stays.
   */
  readonly clipNorm?: number;
  /** Brings each element of the gradients between minus this and this. */
  readonly clipValue?: number;
}

/** @throws unless at most one is given, a positive number */
export function assertClipping(name: string, { clipNorm, clipValue }: ClippingOptions): void {
  for (const [option, value] of Object.entries({ clipNorm, clipValue })) {
    if (value !== undefined && !(typeof value === 'number' && value > 0)) {
      throw new Error(`${name}: option '${option}' is ${String(value)}; wanted a positive number`);
    }
  }
  if (clipNorm !== undefined && clipValue !== undefined) {
    throw new Error(`${name}: options 'clipNorm' and 'clipValue' were both given; wanted one`);
  }
}

/** Gradients, clipped on the device. */
export function clipped(grads: NamedTensorMap, { clipNorm, clipValue }: ClippingOptions): NamedTensorMap {
  if (clipValue !== undefined) return mapNamed(grads, (each) => clipByValue(each, -clipValue, clipValue));
  if (clipNorm === undefined) return grads;
  return tidy('clipNorm', () => {
    const norm = sqrt(addN(Object.values(grads).map((each) => sum(square(each)))));
    // A norm of zero divides to infinity, and the factor is 1.
    const factor = minimum(1, div(clipNorm, norm));
    return mapNamed(grads, (each) => mul(each, factor));
  });
}
