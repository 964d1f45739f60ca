import { asyncScheduler, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs';
import type { DataType } from '../../tensor';
import type { Rank } from '../../tensor/rank';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D, Tensor6D } from '../../tensor/tensor';
import type { TypedArrayLike } from '../../tensor/tensor-like';
import { blocksOf } from '../blocks/block-source';
import { columnFor, describeExample, type Column } from '../data/columns';
import type { HostArray } from '../data/host-array';
import { trailNow } from '../emission';
import { emittedNumbersOf } from '../data/emitted-numbers';
import { assertPositiveInteger, assertScheduler } from '../checks/arguments';
import { operator, type Handlers, type Output } from '../operator';
import { noTrail, type Trail } from '../trail';
import { assertOptions } from '../../tensor/options';

/** A tensor type with one axis more. */
type Stacked<R extends Rank> = Rank extends R
  ? Tensor
  : { R0: Tensor1D; R1: Tensor2D; R2: Tensor3D; R3: Tensor4D; R4: Tensor5D; R5: Tensor6D; R6: Tensor }[R];

/** The type of a host array's batch, by the number of its axes where the compiler has counted them. */
type StackedHost<H extends HostArray> = H['shape']['length'] extends keyof StackedByRank
  ? StackedByRank[H['shape']['length']]
  : Tensor;

interface StackedByRank {
  0: Tensor1D;
  1: Tensor2D;
  2: Tensor3D;
  3: Tensor4D;
  4: Tensor5D;
  5: Tensor6D;
}

/** The type of a batch of examples: the structure of one example, with tensors as leaves. */
export type Batched<T> =
  T extends Tensor<infer R>
    ? Stacked<R>
    : T extends number | boolean
      ? Tensor1D
      : T extends TypedArrayLike
        ? Tensor2D
        : T extends HostArray
          ? StackedHost<T>
          : T extends readonly number[]
            ? Tensor2D
            : { [K in keyof T]: Batched<T[K]> };

/** When {@link batch} emits a batch that is not full. */
export interface BatchOptions {
  /** Whether to drop the last batch if it is not full; false when left out. */
  readonly dropRemainder?: boolean;
  /** The milliseconds after the first example of a batch when the batch is emitted, even if it is not full. */
  readonly maxWait?: number;
  /** The clock of `maxWait`. */
  readonly scheduler?: SchedulerLike;
}

/**
 * Stacks `size` examples along a new first axis. An example is a number, a boolean, a typed array, an array with a shape, a tensor, or
 * any nesting of objects of those; the batch has its structure. Tensors are held until the batch is full, and freed.
 *
 * A column keeps its type: int32 for integers (from an `Int32Array` or `Uint8Array`, from `idx`, from `int32` columns of `csv`) and for arrays of
 * them, bool for booleans, and for tensors their dtype. Numbers from plain arrays are float32, and so are numbers that your functions compute. A row of a
 * table remembers the types of its columns. A number by itself, as from `examples(new Int32Array(9))`, cannot: put `batch`, `shuffle` or
 * `slidingWindow` directly after its source, or give the column a name: `examples({ id: new Int32Array(9) })`.
 *
 * ```text
 *  source      --a--b--c--d--e--|
 *  batch(2)    -----ab----cd----(e)|
 * ```
 *
 * @param size how many examples make a batch
 * @throws (as error notifications) when an example does not fit the first of its batch, and for a tensor on the tape: gradients do not
 *   cross emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.examples({ xs: new Float32Array([1, 2, 3, 4]), ys: [0, 1, 0, 1] })
 *   .pipe(dl.batch(2))
 *   .subscribe(({ xs, ys }) => console.log(xs.shape, ys.shape)); // [2] [2], twice
 * ```
 */
export function batch<T>(size: number, options: BatchOptions = {}): OperatorFunction<T, Batched<T>> {
  const name = 'batch';
  assertPositiveInteger(name, "argument 'size'", size);
  assertOptions<BatchOptions>(name, options, { dropRemainder: 1, maxWait: 1, scheduler: 1 });
  const { dropRemainder = false, maxWait, scheduler = asyncScheduler } = options;
  if (maxWait !== undefined && !(maxWait >= 0)) {
    throw new Error(`${name}: option 'maxWait' is ${maxWait}; wanted milliseconds, not negative`);
  }
  assertScheduler(name, scheduler);
  const handlersOf = (output: Output<Batched<T>>, numberType: () => DataType): Handlers<T> => {
    let column: Column | null = null;
    let structure = '';
    let count = 0;
    /** That of the last example, for a batch that nobody fills. */
    let trail = noTrail;
    let timer: Subscription | null = null;
    const flush = (trailOfBatch: Trail | null = trail): void => {
      timer?.unsubscribe();
      timer = null;
      const full = column;
      if (count === 0 || !full) return;
      count = 0;
      output.emit(() => full.take() as Batched<T>, trailOfBatch);
    };
    return {
      next: (value) => {
        if (count === 0) {
          // One column serves all batches, as long as the examples look alike.
          const described = describeExample(value, numberType());
          if (!column || described !== structure)
            column = columnFor(name, value, size, numberType(), '', output.hold);
          structure = described;
        }
        column!.add(value);
        count++;
        trail = trailNow();
        if (count === size) flush(null);
        else if (count === 1 && maxWait !== undefined) timer = scheduler.schedule(() => flush(), maxWait);
      },
      complete: () => {
        if (!dropRemainder) flush();
        output.complete();
      },
      teardown: () => {
        timer?.unsubscribe();
        column?.release();
        column = null;
      },
    };
  };
  return (source) => {
    const blocks = blocksOf(source);
    // A clock may cut a batch short: then rows come one by one.
    if (blocks && maxWait === undefined)
      return blocks.operators.batched(name, blocks, { size, dropRemainder });
    const numberType = emittedNumbersOf(source);
    return operator<T, Batched<T>>(name, (output) => handlersOf(output, numberType))(source);
  };
}
