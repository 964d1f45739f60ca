import type { OperatorFunction } from 'rxjs';
import type { DataType } from '../../tensor';
import { isPlainObject, isTensor, mapContainer, tensorsIn } from '../../tensor/container';
import { numberTypesOf, withNumberTypes } from '../../tensor/number-types';
import type { Rank } from '../../tensor/rank';
import type { Tensor } from '../../tensor/tensor';
import { trailNow, waitUntil } from '../emission';
import { withEmittedNumbers } from '../data/emitted-numbers';
import { inOrderFor } from './parts/in-order';
import { operator } from '../operator';

type Values = Float32Array | Int32Array | Uint8Array;

/** The type of a value whose tensors have been read: a number for a scalar, a typed array for any other tensor. */
export type Downloaded<T> =
  T extends Tensor<infer R>
    ? [R] extends [Rank.R0]
      ? number
      : Rank.R0 extends R
        ? number | Values
        : Values
    : T extends readonly (infer E)[]
      ? Downloaded<E>[]
      : T extends Values | ((...args: never[]) => unknown)
        ? T
        : T extends object
          ? { [K in keyof T]: Downloaded<T[K]> }
          : T;

/**
 * Reads tensors: scalars become numbers, others typed arrays; everything else passes as it is. It never blocks: values come later, in
 * order. Completion and errors wait for reads that were issued before them, a failed read is an error notification, and
 * unsubscription drops what is pending.
 *
 * ```text
 *  source        --t--u--v--|
 *  download()    ----T--U--V|      T, U, V: numbers and typed arrays
 * ```
 *
 * @throws (as error notification) for a tensor that was disposed, and when the device fails to read
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.examples([1, 2])
 *   .pipe(dl.mapTensor((x) => ({ square: dl.scalar(x).square(), vector: dl.tensor1d([x, x]) })), dl.download())
 *   .subscribe(({ square, vector }) => console.log(square, vector));
 * ```
 */
export function download<T>(): OperatorFunction<T, Downloaded<T>> {
  /** The data type of the tensor that became the latest number. */
  let numbers: DataType = 'float32';
  const downloading = operator<T, Downloaded<T>>('download', (output) => {
    const inOrder = inOrderFor(output);
    return {
      next: (value) => {
        // The reads are issued now, while the tensors live; what they give is a copy.
        const reading = read(value);
        // A failure is handled in its turn, after the reads before it.
        reading.catch(() => undefined);
        const trail = trailNow();
        const type = isTensor(value) ? value.dtype : 'float32';
        let finished: Promise<void> | null = null;
        const emitted = inOrder.add(async () => {
          const result = await reading;
          numbers = type;
          finished = output.emitTracked(() => result, trail);
        });
        waitUntil(emitted.then(() => finished));
      },
      error: (error) => void inOrder.add(() => output.error(error)),
      complete: () => void inOrder.add(output.complete),
    };
  });
  return (source) => withEmittedNumbers(downloading(source), () => numbers);
}

/** Issues all reads of a value at once. */
async function read<T>(value: T): Promise<Downloaded<T>> {
  const tensors = tensorsIn(value);
  for (const each of tensors) each.assertUsable('download', 'value');
  const reads = tensors.map((tensor) => tensor.data());
  const values = await Promise.all(reads);
  const byTensor = new Map(
    tensors.map((tensor, i) => [tensor, tensor.rank === 0 ? values[i]![0]! : values[i]!]),
  );
  const result: unknown = mapContainer(value, (tensor) => byTensor.get(tensor));
  noteNumberTypes(value, result, new Set());
  return result as Downloaded<T>;
}

/** Marks the numbers in objects that were int32 tensors. */
function noteNumberTypes(value: unknown, result: unknown, seen: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  const isObject = isPlainObject(value);
  if (!isObject && !Array.isArray(value)) return;
  const entries = Object.entries(value);
  const integers = entries.filter(([, each]) => isTensor(each) && each.rank === 0 && each.dtype === 'int32');
  if (isObject && integers.length > 0) {
    const types = integers.map(([key]) => [key, 'int32'] as const);
    withNumberTypes(result as object, new Map([...(numberTypesOf(value) ?? []), ...types]));
  }
  for (const [key, each] of entries) noteNumberTypes(each, (result as Record<string, unknown>)[key], seen);
}
