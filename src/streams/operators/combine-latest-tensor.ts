import type { Observable, ObservableInputTuple } from 'rxjs';
import type { Held } from '../ownership/held-values';
import { assertSources, eventsOf, type InputEvent } from './parts/input-events';
import { operator } from '../operator';
import { noTrail } from '../trail';

/**
 * RxJS's `combineLatest` for tensors: emits the latest values of several sources, as an array, whenever one of them emits. It owns the values
 * that it remembers, and frees each when it is replaced or at the end.
 *
 * ```text
 *  a                               --a-----b------|
 *  1                               ----1------2-----|
 *  combineLatestTensor([a, 1])     ----a1--b1-b2----|
 * ```
 *
 * @throws (as error notification) for a tensor on the tape: gradients do not cross emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { of } from 'rxjs';
 * const scale$ = of(10).pipe(dl.mapTensor((x) => dl.scalar(x)));
 * const image$ = dl.examples([1, 2]).pipe(dl.mapTensor((x) => dl.scalar(x)));
 * dl.combineLatestTensor([scale$, image$])
 *   .pipe(dl.mapTensor(([scale, image]) => scale.mul(image)))
 *   .subscribe((y) => y.print()); // 10, 20
 * ```
 */
export function combineLatestTensor<A extends readonly unknown[]>(
  sources: readonly [...ObservableInputTuple<A>],
): Observable<A> {
  const name = 'combineLatestTensor';
  assertSources(name, sources);
  const count = sources.length;
  const combined = operator<InputEvent, A>(name, (output) => {
    const latest: (Held<unknown> | undefined)[] = new Array<undefined>(count).fill(undefined);
    let missing = count;
    let running = count;
    return {
      next: (event) => {
        const before = latest[event.index];
        if (event.kind === 'complete') {
          if (--running === 0) output.complete();
          return;
        }
        latest[event.index] = output.hold(event.value);
        before?.release();
        if (!before) missing--;
        if (missing > 0) return;
        // By arrival they have the time of the value that came last; together they have that of the first source, as in zipTensor.
        const time = latest.find((each) => each!.trail.time)?.trail.time ?? null;
        output.emit(() => latest.map((each) => each!.lend()) as unknown as A, { ...noTrail, time });
      },
      teardown: () => {
        for (const each of latest) each?.release();
      },
    };
  });
  return eventsOf(name, sources).pipe(combined);
}
