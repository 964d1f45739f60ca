import { defer, isObservable, type Observable, type OperatorFunction } from 'rxjs';
import { described, isIntegerFrom } from '../../tensor/argument';
import { CarriedValues } from './parts/carried-values';
import { isEmitting } from '../emission';
import { wrongGiven } from '../checks/arguments';
import { operator } from '../operator';
import { assertOptions } from '../../tensor/options';

/** How long {@link across} holds values. */
export interface AcrossOptions {
  /**
   * How long values are held.
   *
   * - Left out: until the operator emits only newer values. This suits operators that keep the order of values, even if they drop, gather
   *   or repeat some: `delay`, `concatMap`, `debounceTime`, `sampleTime`, `bufferTime`, `pairwise`, `last`, `toArray`, …
   * - `'all'`: each value until it has been emitted once. The source waits from the first value on. This suits operators in which values
   *   overtake each other, such as `mergeMap` over slow streams.
   * - A number n: the newest n values. This suits operators that emit older values again, and those that need few values: `last` (1),
   *   `takeLast(n)` (n).
   */
  readonly holds?: number | 'all';
}

/**
 * Carries tensors through an RxJS operator that emits values later, such as `delay`; without it they would be freed at the end of their
 * emission. It holds the tensors that go in, and opens an emission for each value that comes out. Tensors in nested arrays and objects are found
 * too, so the operator may select and gather values. Values and timing are the same as RxJS gives for plain numbers.
 *
 * Back-pressure depends on the operator. If it is a queue (`delay`, `concatMap`), each value inside keeps its emission unfinished, so
 * that sources with back-pressure wait and memory does not fill. `across` takes the operator for a queue when two consecutive values have come
 * out late while newer ones were inside. Until then the source runs on, and is slowed down from the 65th value inside on. With `holds: 'all'` the
 * source waits from the beginning; with a number it never waits.
 *
 * ```text
 *  source                     --a--b--c--|
 *  across(delay(4))           ------a--b--(c|)
 *  across(bufferCount(2))     -----ab----(c|)
 * ```
 *
 * @throws (as error notifications) when the operator computes tensors or emits one that was released; for a tensor on the tape, since
 *   gradients do not cross emissions; with `'all'`, when a value was never emitted; with `holds` left out, when slowing down the source may
 *   have changed which values the operator drops or gathers
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
  const { holds } = options;
  if (typeof carrying !== 'function') {
    throw new Error(`${name}: argument 'carrying' is ${typeof carrying}; wanted an operator, as delay(100)`);
  }
  if (holds !== undefined && holds !== 'all' && holds !== Infinity && !isIntegerFrom(holds, 1)) {
    throw wrongGiven(name, "option 'holds'", holds, "a positive integer, or 'all'");
  }
  return (source) =>
    defer(() => {
      const carried = new CarriedValues(name, holds ?? 'in turn');
      let isSourceComplete = false;
      const enter = operator<T, T>(name, (output) => ({
        next: (value) => {
          // As in every operator. The operator inside, which is below `enter`, may not have been notified.
          if (carried.isOver) return;
          const inside = carried.takeIn(value);
          // In an emission, so that tensors that the operator computes (which is not allowed) are freed.
          output.emit(() => inside);
          carried.trim();
        },
        complete: () => {
          isSourceComplete = true;
          carried.end();
          output.complete();
        },
      }));
      const leave = operator<R, R>(name, (output) => ({
        next: (value) => {
          const isLate = !isEmitting();
          let used: readonly { readonly finish: (finished: Promise<void> | null) => void }[] = [];
          const finished = output.emitTracked(() => {
            const out = carried.takeOut(value, isLate);
            used = out.used;
            return out.value;
          }, carried.trailOf(value));
          for (const entry of used) entry.finish(finished);
        },
        complete: () => {
          const { neverEmitted } = carried;
          if (holds !== 'all' || !isSourceComplete || neverEmitted === 0) output.complete();
          else output.error(new Error(notAll(neverEmitted)));
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

function notAll(count: number): string {
  return (
    `across: the operator inside has completed, and ${count} of its values never came out, though the option holds: 'all' says that each ` +
    "comes out once. Leave out the option 'holds', or give it the number of values that the operator needs; what ends the stream early, as " +
    'take, belongs below across'
  );
}
