import type { OperatorFunction } from 'rxjs';
import type { DataType } from '../../tensor';
import { mapContainer, tensorsIn } from '../../tensor/container';
import { concat } from '../../tensor/ops/concat';
import { slice } from '../../tensor/ops/slice';
import { tidy } from '../../tensor/scope';
import { sameShape } from '../../tensor/shape';
import { columnFor, type Column } from '../data/columns';
import { emittedNumbersOf } from '../data/emitted-numbers';
import type { Held } from '../ownership/held-values';
import { trailNow } from '../emission';
import { assertPositiveInteger } from '../checks/arguments';
import { operator, type Handlers, type Output } from '../operator';
import { withObstacle } from '../trail';
import type { Batched } from './batch';
import { assertOptions } from '../../tensor/options';

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
  assertOptions<{ stride?: number }>(name, options, { stride: 1 });
  const { stride = 1 } = options;
  assertPositiveInteger(name, "argument 'size'", size);
  assertPositiveInteger(name, "option 'stride'", stride);
  const handlersOf = (output: Output<Batched<T>>, numberType: () => DataType): Handlers<T> => {
    let column: Column | null = null;
    /** How many values the column has. At first it collects a full window, later the values that a window adds to the one before. */
    let count = 0;
    /** The last window, when the next one overlaps it. */
    let last: Held<Batched<T>> | null = null;
    /** How many values lie between this window and the next. */
    let between = 0;
    const moveOn = (fresh: Batched<T>): Batched<T> => {
      const before = last;
      const window = before ? joined(name, before.value, fresh, stride) : fresh;
      last = stride < size ? output.hold(window) : null;
      before?.release();
      return window;
    };
    return {
      next: (value) => {
        if (between > 0) {
          between--;
          return;
        }
        column ??= columnFor(name, value, size, numberType(), '', output.hold);
        column.add(value);
        if (++count < (last ? stride : size)) return;
        // It moves on before it is emitted: what is fed back meanwhile belongs to the next one.
        count = 0;
        between = Math.max(0, stride - size);
        const full = column;
        if (stride >= size) column = null;
        const trail = stride === size ? null : withObstacle(trailNow(), obstacle);
        output.emit(() => {
          const fresh = full.take() as Batched<T>;
          return tidy(name, () => moveOn(fresh));
        }, trail);
        if (stride >= size) full.release();
      },
      teardown: () => {
        column?.release();
        last?.release();
      },
    };
  };
  return (source) =>
    operator<T, Batched<T>>(name, (output) => handlersOf(output, emittedNumbersOf(source)))(source);
}

/** A window without its first rows, and further ones at its end. */
function joined<B>(name: string, window: B, further: B, stride: number): B {
  const parts = tensorsIn(window);
  let next = 0;
  return mapContainer(further, (rows) => {
    const part = parts[next++]!;
    const [size = 0, ...rest] = part.shape as readonly number[];
    const found = rows.shape.slice(1);
    if (!sameShape(found, rest)) {
      throw new Error(
        `${name}: the example is of shape [${found.join(',')}]; wanted shape [${rest.join(',')}], as in the examples before it`,
      );
    }
    const kept = slice(part, [stride, ...rest.map(() => 0)], [size - stride, ...rest]);
    return concat([kept, rows]);
  });
}

const obstacle = "slidingWindow() keeps its window, unless 'stride' is its size";
