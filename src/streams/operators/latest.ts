import type { MonoTypeOperatorFunction } from 'rxjs';
import { assertCallback } from '../checks/arguments';
import type { Held } from '../ownership/held-values';
import { operator } from '../operator';
import type { Trail } from '../trail';
import { assertOptions } from '../../tensor/options';

/** A callback of {@link latest}. */
export interface LatestOptions {
  /** Called for each dropped value, with the number dropped so far. */
  readonly onDrop?: (dropped: number) => void;
}

/**
 * Drops values that come too fast: it emits a value only when the emission before it is finished (all subscribers have seen it, their
 * promises have settled, and the device is done), and keeps only the newest of the values that come meanwhile. Use it for live sources of
 * other libraries; the live sources of this library drop frames themselves. Below a source of data, it would lose examples.
 *
 * ```text
 *  source      --a--b--c--d-----|
 *  work on a     [========]
 *  latest()    --a--------d-----|     b and c are dropped
 * ```
 *
 * @throws (as error notification) for a tensor on the tape that would have to wait: gradients do not cross emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { interval, take } from 'rxjs';
 * const slow = (x: number) => new Promise<dl.Tensor>((resolve) => setTimeout(() => resolve(dl.scalar(x)), 50));
 * interval(16)
 *   .pipe(take(12), dl.latest(), dl.mapTensorAsync(slow), dl.download())
 *   .subscribe((x) => console.log(x)); // 0, and then about every third
 * ```
 */
export function latest<T>(options: LatestOptions = {}): MonoTypeOperatorFunction<T> {
  const name = 'latest';
  assertOptions<LatestOptions>(name, options, { onDrop: 1 });
  const { onDrop } = options;
  assertCallback(name, 'onDrop', onDrop);
  return operator<T, T>(name, (output) => {
    let newest: Held<T> | null = null;
    let isBusy = false;
    let isComplete = false;
    let dropped = 0;
    const pass = (make: () => T, trail: Trail | null): void => {
      // From now on, not only when `next` has returned: what is fed back waits too.
      isBusy = true;
      let finished = output.emitTracked(make, trail);
      while (!finished && newest) finished = passNewest(newest);
      if (finished) void finished.then(goOn);
      else rest();
    };
    const passNewest = (next: Held<T>): Promise<void> | null => {
      newest = null;
      const finished = output.emitTracked(next.handOver, next.trail);
      next.release();
      return finished;
    };
    const goOn = (): void => {
      const next = newest;
      if (next) {
        newest = null;
        pass(next.handOver, next.trail);
        next.release();
      } else {
        rest();
      }
    };
    const rest = (): void => {
      isBusy = false;
      if (isComplete && output.isOpen()) output.complete();
    };
    return {
      next: (value) => {
        if (!isBusy) {
          pass(() => value, null);
          return;
        }
        const before = newest;
        newest = output.hold(value);
        if (!before) return;
        before.release();
        output.noteDrop();
        onDrop?.(++dropped);
      },
      complete: () => {
        isComplete = true;
        if (!isBusy) output.complete();
      },
      teardown: () => {
        newest?.release();
        newest = null;
      },
    };
  });
}
