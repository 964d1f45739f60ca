import type { NamedTensorMap } from '../../tensor/gradients';
import { addN } from '../../tensor/ops/add-n';
import { div, greater, lessEqual, mul } from '../../tensor/ops/arithmetic';
import { onesLike } from '../../tensor/ops/creation';
import { max, sum } from '../../tensor/ops/reduction';
import { stack } from '../../tensor/ops/slice';
import { abs, clipByValue, logicalNot, sqrt, square } from '../../tensor/ops/unary';
import { where } from '../../tensor/ops/where';
import { tidy } from '../../tensor/scope';
import { mapNamed } from './named-tensors';
import type { OptionNames } from '../../tensor/options';

/** Limits the gradients before a step, in one of two ways. */
export interface ClippingOptions {
  /**
   * Scales all gradients by one factor if their joint Euclidean norm is greater than this (Pascanu, Mikolov & Bengio, ICML 2013,
   * algorithm 1). The direction of the gradient stays the same.
   */
  readonly clipNorm?: number;
  /** Limits each element of the gradients to the interval from −clipValue to clipValue. */
  readonly clipValue?: number;
}

export const clippingOptions: OptionNames<ClippingOptions> = { clipNorm: 1, clipValue: 1 };

/** @throws if both options are given, or if one is not a positive number */
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

/** Clips the gradients, on the device. */
export function clipped(grads: NamedTensorMap, { clipNorm, clipValue }: ClippingOptions): NamedTensorMap {
  if (clipValue !== undefined) return mapNamed(grads, (each) => clipByValue(each, -clipValue, clipValue));
  if (clipNorm === undefined) return grads;
  return tidy('clipNorm', () => {
    // Divide by the greatest element first, so that no square overflows and not all squares underflow, as in xNRM2 of BLAS.
    const greatest = max(stack(Object.values(grads).map((each) => max(abs(each)))));
    const scale = where(greater(greatest, 0), greatest, onesLike(greatest));
    const relative = mapNamed(grads, (each) => div(each, scale));
    const length = sqrt(addN(Object.values(relative).map((each) => sum(square(each)))));
    // A norm of NaN counts as too long, so that all gradients become NaN.
    const isLong = logicalNot(lessEqual(length, div(clipNorm, scale)));
    const factor = div(clipNorm, length);
    return mapNamed(grads, (each, name) => where(isLong, mul(relative[name]!, factor), each));
  });
}
