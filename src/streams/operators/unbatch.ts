import type { OperatorFunction } from 'rxjs';
import { mapContainer, tensorsIn } from '../../tensor/container';
import { reshape } from '../../tensor/ops/reshape';
import { slice } from '../../tensor/ops/slice';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import type { TensorRow } from '../data/example-types';
import { trailNow } from '../emission';
import { batchedBlocksOf } from '../blocks/block-source';
import { operator } from '../operator';
import { withObstacle } from '../trail';

/** What one row of a batch is: its tensors have an axis less. */
export type Unbatched<T> =
  T extends Tensor<infer R>
    ? TensorRow<R>
    : T extends ArrayBufferView | ((...args: never[]) => unknown)
      ? T
      : T extends object
        ? { [K in keyof T]: Unbatched<T[K]> }
        : T;

/**
 * Emits the rows of each batch, one by one: slices along the first axis of its tensors (one, or any nesting of arrays and objects of them,
 * all of the same length). Everything else in the value is in each row as it is. The opposite of {@link batch}.
 *
 * ```text
 *  source       ---ab----cd---|
 *  unbatch()    ---(ab)--(cd)-|
 * ```
 *
 * @throws (as error notifications) when there is no tensor in the value, a scalar one, or tensors differ in length
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { of } from 'rxjs';
 * const pairs = dl.tensor2d([[1, 2], [3, 4]]);
 * of(pairs)
 *   .pipe(dl.unbatch())
 *   .subscribe((pair) => pair.print()); // [1, 2], then [3, 4]
 * pairs.dispose();
 * ```
 */
export function unbatch<T>(): OperatorFunction<T, Unbatched<T>> {
  const name = 'unbatch';
  const unbatched = operator<T, Unbatched<T>>(name, (output) => {
    /** The number of batches whose rows are being emitted: more than one if a subscriber feeds a batch to the source meanwhile. */
    let emitting = 0;
    let isComplete = false;
    const completeIfOver = (): void => {
      if (isComplete && emitting === 0) output.complete();
    };
    return {
      next: (value) => {
        const length = lengthOf(value);
        emitting++;
        for (let row = 0; row < length && output.isOpen(); row++) {
          const trail = row < length - 1 ? withObstacle(trailNow(), obstacle, true) : null;
          output.emit(
            () => mapContainer(value, (tensor) => rowOf(tensor, row)) as unknown as Unbatched<T>,
            trail,
          );
        }
        emitting--;
        completeIfOver();
      },
      complete: () => {
        isComplete = true;
        completeIfOver();
      },
    };
  });
  return (source) => {
    const blocks = batchedBlocksOf(source);
    return blocks ? blocks.operators.unbatched(name, blocks) : unbatched(source);
  };
}

const obstacle = 'unbatch() has rows left to emit of the batch that came with it';

function lengthOf(value: unknown): number {
  const [first, ...others] = tensorsIn(value);
  if (!first) throw new Error('unbatch: there is no tensor in the value; wanted a batch of at least one');
  for (const each of [first, ...others]) {
    each.assertUsable('unbatch', 'value');
    if (each.rank > 0 && each.shape[0] === first.shape[0]) continue;
    throw new Error(
      `unbatch: the value has tensors of shapes ${formatShape(first.shape)} and ${formatShape(each.shape)}; wanted as many rows in each`,
    );
  }
  return (first.shape as readonly number[])[0]!;
}

function rowOf(tensor: Tensor, row: number): Tensor {
  const rest = tensor.shape.slice(1);
  return reshape(slice(tensor, [row, ...rest.map(() => 0)], [1, ...rest]), rest);
}
