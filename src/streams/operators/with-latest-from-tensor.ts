import type { ObservableInputTuple, OperatorFunction } from 'rxjs';
import type { Held } from '../ownership/held-values';
import { assertSources, eventsOf, type InputEvent } from './parts/input-events';
import { operator } from '../operator';

/**
 * RxJS's `withLatestFrom` for tensors: emits each value together with the latest values of other sources, as an array. It owns the values
 * that it remembers. Values that come before all other sources have emitted are dropped. The value of the source itself may be on the tape.
 *
 * ```text
 *  source                        --a------b---c--|
 *  1                             ----1------2-------
 *  withLatestFromTensor(1)       ---------b1--c2-|
 * ```
 *
 * @throws (as error notification) when a source fails, and for a tensor of another source that is on the tape: gradients do not cross
 *   emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { of } from 'rxjs';
 * const mask$ = of(0.5).pipe(dl.mapTensor((x) => dl.scalar(x)));
 * dl.examples([1, 2])
 *   .pipe(dl.withLatestFromTensor(mask$), dl.mapTensor(([x, mask]) => mask.mul(x)))
 *   .subscribe((y) => y.print()); // 0.5, 1
 * ```
 */
export function withLatestFromTensor<T, A extends readonly unknown[]>(
  ...others: [...ObservableInputTuple<A>]
): OperatorFunction<T, [T, ...A]> {
  const name = 'withLatestFromTensor';
  assertSources(name, others);
  const count = others.length;
  const combined = operator<InputEvent, [T, ...A]>(name, (output) => {
    const latest: (Held<unknown> | undefined)[] = new Array<undefined>(count).fill(undefined);
    let missing = count;
    return {
      next: (event) => {
        const isSource = event.index === count;
        if (event.kind === 'complete') {
          if (isSource) output.complete();
        } else if (isSource) {
          if (missing > 0) return;
          output.emit(() => [event.value, ...latest.map((each) => each!.lend())] as unknown as [T, ...A]);
        } else {
          const before = latest[event.index];
          latest[event.index] = output.hold(event.value);
          if (before) before.release();
          else missing--;
        }
      },
      teardown: () => {
        for (const each of latest) each?.release();
      },
    };
  });
  return (source) => eventsOf(name, [...others, source]).pipe(combined);
}
