import { defer, isObservable, type Observable, type OperatorFunction } from 'rxjs';
import { described, isIntegerFrom } from '../../tensor/argument';
import { CarriedValues } from './parts/carried-values';
import { isEmitting } from '../emission';
import { wrongGiven } from '../checks/arguments';
import { operator } from '../operator';
import { assertOptions } from '../../tensor/options';

/** How {@link across} holds what it carries. */
export interface AcrossOptions {
  /**
   * How long values are held. Left out: until the operator emits newer ones alone. That is right for what emits its values in their order,
   * dropped, gathered or repeated as they may be: `delay`, `concatMap`, `debounceTime`, `sampleTime`, `bufferTime`, `pairwise`, `last`,
   * `toArray`, … `'all'`: each until it has been emitted, once, the source waiting from the first value on; also where values overtake one
   * another, as in `mergeMap` over slow streams. A number: so many values, the newest, for operators that go back to older ones; and where
   * an operator needs few of many, so that no more are held: `last` (1), `takeLast(n)` (n).
   */
  readonly holds?: number | 'all';
}

/**
 * Carries tensors through an operator that moves values in time, in which they would die with their emission: holds those that go in
 * and opens an emission for what comes out. Nested arrays and objects are followed on both sides, so that the operator may pick and
 * gather as it likes. What comes out is what RxJS makes of plain numbers.
 *
 * The source runs on, whatever the operator holds, until that has shown that it is a queue (`delay`, `concatMap`): when two values have
 * come out by themselves, in turn, newer ones being inside, each value keeps the emission that brought it unfinished, so that pulling sources
 * wait instead of filling the memory. Before, a source is only slowed down, from the 65th value inside on. With `holds: 'all'` it waits from
 * the beginning, with a number never.
 *
 * ```text
 *  source                     --a--b--c--|
 *  across(delay(4))           ------a--b--(c|)
 *  across(bufferCount(2))     -----ab----(c|)
 * ```
 *
 * @throws (as error notifications) when the operator computes tensors or emits one that was released; for a tensor on the tape, since
 *   gradients do not cross emissions; where with `'all'` a value never came out; and, `holds` being left out, when a source that was
 *   slowed down may have changed what the operator drops or gathers
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
          // As in every operator, but what is below `enter` is the operator inside, which may not have been told.
          if (carried.isOver) return;
          const inside = carried.takeIn(value);
          // In an emission: what the operator computes at once, against the rule, is freed.
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
