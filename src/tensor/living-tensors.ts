import { takingNull } from './op';
import { assertInteger } from './argument';
import { BYTES_PER_ELEMENT, type DataType, type Shape } from '../kernels';
import { watchedBirths } from './births';

/** A tensor that is alive, and where it was made. */
export interface LivingTensor {
  /** The `id` of the tensor. */
  readonly id: number;
  /** The type of its elements. */
  readonly dtype: DataType;
  /** The extent of each axis. */
  readonly shape: Shape;
  /** Of its elements; views of one tensor share them, and each is listed with all. */
  readonly bytes: number;
  /** The ops, tidies and operators that were running, outermost first: `train step > matMul`. */
  readonly madeIn: string;
  /** The calls that led there, innermost first, as the engine writes them. */
  readonly stack: string;
}

/**
 * The largest tensors that were made since {@link enableDebugMode} and are alive, variables included, largest first: those of a
 * leak are found here, with the place that made them.
 *
 * @param count how many are listed
 * @throws when debug mode is off, or the count is no integer of at least 0
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
