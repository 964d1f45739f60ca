import { takingNull } from './op';
import { assertInteger } from './argument';
import { BYTES_PER_ELEMENT, type DataType, type Shape } from '../kernels';
import { openScopes } from './scope';
import type { Tensor } from './tensor';

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

interface Birth {
  // Whoever forgets a tensor altogether leaves it to the collector, in debug mode too.
  readonly tensor: WeakRef<Tensor>;
  readonly madeIn: string;
  readonly stack: string;
}

let births: Map<number, Birth> | null = null;

/** Begins, or ends, to remember where tensors are made. */
export function recordBirths(on: boolean): void {
  births = on ? (births ?? new Map<number, Birth>()) : null;
}

/** Called as a tensor is made. */
export function noteBirth(tensor: Tensor): void {
  if (births === null) return;
  const madeIn = openScopes()
    .map(({ label }) => label)
    .join(' > ');
  // The first lines are the error itself, this function and the constructor.
  const stack = (new Error().stack ?? '').split('\n').slice(3).join('\n');
  births.set(tensor.id, { tensor: new WeakRef(tensor), madeIn, stack });
}

/** Called as it is freed. */
export function noteDeath(tensor: Tensor): void {
  births?.delete(tensor.id);
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
  if (births === null) {
    throw new Error(
      'largestTensors: debug mode is off; wanted enableDebugMode() before the tensors are made',
    );
  }
  return [...births]
    .flatMap(([id, { tensor, madeIn, stack }]) => {
      const alive = tensor.deref();
      if (!alive) births!.delete(id);
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
