import { takingNull } from './op';
import { assertInteger } from './argument';
import { BYTES_PER_ELEMENT, type DataType, type Shape } from '../kernels';
import { watchedBirths } from './births';

/** A living tensor, and where it was made. */
export interface LivingTensor {
  /** The `id` of the tensor. */
  readonly id: number;
  /** The type of its elements. */
  readonly dtype: DataType;
  /** The extent of each axis. */
  readonly shape: Shape;
  /** Bytes of its elements. Views of one tensor share them, and each view is listed with all of them. */
  readonly bytes: number;
  /** The ops, tidies and operators that were running, outermost first: `train step > matMul`. */
  readonly madeIn: string;
  /** The stack trace, innermost call first, in the engine's format. */
  readonly stack: string;
}

/**
 * Lists the largest living tensors that were made since {@link enableDebugMode}, largest first, variables included. Use it to find leaks,
 * and where the leaked tensors were made.
 *
 * @param count the most tensors to list
 * @throws when debug mode is off, or the count is not an integer ≥ 0
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.enableDebugMode({ log: false });
 * const forgotten = dl.tidy('my layer', () => dl.ones([100, 100]));
 * const [largest] = dl.largestTensors();
 * console.log(largest?.bytes, largest?.madeIn); // 40000 'my layer'
 * forgotten.dispose();
 * dl.disableDebugMode();
 * ```
 */
export const largestTensors = takingNull(function largestTensors(count = 10): LivingTensor[] {
  assertInteger('largestTensors', 'count', count, 0);
  const births = watchedBirths();
  if (births === null) {
    throw new Error(
      'largestTensors: debug mode is off; wanted enableDebugMode() before the tensors are made',
    );
  }
  return [...births]
    .flatMap(([id, { tensor, madeIn, stack }]) => {
      const alive = tensor.deref();
      if (!alive) births.delete(id);
      return alive ? [{ alive, madeIn, stack }] : [];
    })
    .sort((a, b) => b.alive.size - a.alive.size)
    .slice(0, count)
    .map(({ alive: { id, dtype, shape, size }, madeIn, stack }) => ({
      id,
      dtype,
      shape,
      bytes: size * BYTES_PER_ELEMENT,
      madeIn,
      stack,
    }));
});
