import { defer, isObservable, type Observable, type OperatorFunction } from 'rxjs';
import { described } from '../../tensor/argument';
import { Carried } from '../carried';
import { waitUntil } from '../emission';
import { operator } from '../operator';
import { assertOptions } from '../../tensor/options';

/** How {@link across} holds what it carries. */
export interface AcrossOptions {
  /**
   * How long tensors are held. `'all'` (when left out): each value until it has been emitted, once; for operators that emit all they get,
   * as `delay`, `observeOn`, `concatMap`. A number: so many values, the newest; for operators that drop values or emit them together or
   * again, as `sampleTime` (1), `debounceTime` (1), `throttleTime` (1), `bufferCount(n)` (n).
   */
  readonly holds?: number | 'all';
}

/**
 * Carries tensors through an operator that moves values in time, in which they would die with their emission: holds those that go in
 * and opens an emission for what comes out. Nested arrays and objects are followed on both sides, so that the operator may pick and
 * gather as it likes.
 *
 * Held with `'all'`, a value keeps the emission that brought it unfinished, so that pulling sources wait instead of filling the memory.
 *
 * ```text
 *  source                                --a--b--c--|
 *  across(delay(4))                      ------a--b--(c|)
 *  across(bufferCount(2), {holds: 2})    -----ab----(c|)
 * ```
 *
 * @throws (as error notifications) when the operator computes tensors or emits one that was released, and for a tensor on the tape:
 *   gradients do not cross emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { delay } from 'rxjs';
 * dl.examples([1, 2])
 *   .pipe(dl.mapTensor((x) => dl.scalar(x)), dl.across(delay(10)), dl.mapTensor((x) => x.square()))
 *   .subscribe((y) => y.print()); // 1, 4
 * ```
 */
export function across<T, R>(
  carrying: OperatorFunction<T, R>,
  options: AcrossOptions = {},
): OperatorFunction<T, R> {
  const name = 'across';
  assertOptions<AcrossOptions>(name, options, { holds: 1 });
  const { holds = 'all' } = options;
  if (typeof carrying !== 'function') {
    throw new Error(`${name}: argument 'carrying' is ${typeof carrying}; wanted an operator, as delay(100)`);
  }
  if (holds !== 'all' && (!Number.isInteger(holds) || holds < 1)) {
    throw new Error(`${name}: option 'holds' is ${holds}; wanted a positive integer, or 'all'`);
  }
  return (source) =>
    defer(() => {
      const carried = new Carried(name, holds);
      const enter = operator<T, T>(name, (output) => ({
        next: (value) => {
          const { value: inside, isOver } = carried.takeIn(value);
          if (isOver && holds === 'all') waitUntil(isOver);
          // In an emission: what the operator computes at once, against the rule, is freed.
          output.emit(() => inside);
          carried.trim();
        },
      }));
      const leave = operator<R, R>(name, (output) => ({
        next: (value) => {
          let used: readonly { readonly finish: (finished: Promise<void> | null) => void }[] = [];
          const finished = output.emitTracked(() => {
            const out = carried.takeOut(value);
            used = out.used;
            return out.value;
          }, carried.trailOf(value));
          for (const entry of used) entry.finish(finished);
        },
        teardown: () => carried.releaseAll(),
      }));
      const carriedThrough: unknown = carrying(source.pipe(enter));
      if (isObservable(carriedThrough)) return leave(carriedThrough as Observable<R>);
      throw new Error(
        `${name}: argument 'carrying' gave ${described(carriedThrough)}; wanted an operator, which gives an observable`,
      );
    });
}
