import type { OperatorFunction } from 'rxjs';
import type { DataType } from '../../tensor';
import { columnFor } from '../columns';
import { emittedNumbersOf } from '../emitted-numbers';
import { hold, type Held } from '../held';
import { trailNow } from '../emission';
import { assertPositiveInteger } from '../given';
import { operator, type Handlers, type Output } from '../operator';
import { withObstacle } from '../trail';
import type { Batched } from './batch';

/**
 * Stacks the last `size` values along a new first axis, and again after every `stride` values: windows that overlap where `stride` is
 * smaller than `size`. A value is what an example of {@link batch} is. What is held is freed as the window moves on, and at the end.
 *
 * ```text
 *  source                          --a--b--c--d--e--|
 *  slidingWindow(3)                --------abc-bcd-cde|
 *  slidingWindow(2, {stride: 3})   -----ab-------de-|
 * ```
 *
 * @param size how many values make a window
 * @param options `stride`: how many values a window begins after the one before it; 1 when left out
 * @throws (as error notifications) when a value does not fit the others of its window, and for a tensor on the tape: gradients do not cross
 *   emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.examples([1, 2, 3, 4])
 *   .pipe(dl.slidingWindow(2), dl.mapTensor((pair) => pair.mean()), dl.download())
 *   .subscribe((mean) => console.log(mean)); // 1.5, 2.5, 3.5
 * ```
 */
export function slidingWindow<T>(
  size: number,
  options: { readonly stride?: number } = {},
): OperatorFunction<T, Batched<T>> {
  const name = 'slidingWindow';
  const { stride = 1 } = options;
  assertPositiveInteger(name, "argument 'size'", size);
  assertPositiveInteger(name, "option 'stride'", stride);
  const handlersOf = (output: Output<Batched<T>>, numberType: () => DataType): Handlers<T> => {
    const window: Held<T>[] = [];
    /** How many values lie between this window and the next. */
    let between = 0;
    const stacked = (full: readonly Held<T>[]): Batched<T> => {
      const column = columnFor(name, full[0]!.value, size, numberType());
      try {
        for (const { value } of full) column.add(value);
        return column.take() as Batched<T>;
      } finally {
        column.release();
      }
    };
    return {
      next: (value) => {
        if (between > 0) {
          between--;
          return;
        }
        window.push(hold(name, value));
        if (window.length < size) return;
        // It moves on before it is emitted: what is fed back meanwhile belongs to the next one.
        const full = [...window];
        const passed = window.splice(0, stride);
        between = Math.max(0, stride - size);
        output.emit(() => stacked(full), stride === size ? null : withObstacle(trailNow(), obstacle));
        for (const each of passed) each.release();
      },
      teardown: () => {
        for (const each of window.splice(0)) each.release();
      },
    };
  };
  return (source) =>
    operator<T, Batched<T>>(name, (output) => handlersOf(output, emittedNumbersOf(source)))(source);
}

const obstacle = "slidingWindow() keeps its window, unless 'stride' is its size";
