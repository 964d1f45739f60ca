import type { OperatorFunction } from 'rxjs';
import { AsynchronousCalls, type AsynchronousCall } from '../ownership/asynchronous-calls';
import { subscribing, waitFor, type Waiter } from '../emission';
import { assertPositiveInteger } from '../checks/arguments';
import { hold, type Held } from '../ownership/held-values';
import { inOrderFor } from './parts/in-order';
import { operator } from '../operator';
import { adoptUnowned, disposeUnowned } from '../ownership/unowned-tensors';
import { assertOptions } from '../../tensor/options';

/** How many projections {@link mapTensorAsync} runs at once. */
export interface MapTensorAsyncOptions {
  /** How many projections may run at once; 1 when left out. Values that come meanwhile wait, and so do pulling sources. */
  readonly concurrency?: number;
}

/**
 * Projects each value by a function that returns a promise, and emits in the order of the values. The tensors of a value are kept until its
 * promise has settled; the tensors in the result (one, or any nesting of arrays and objects) live until everyone below has seen them.
 * Tensors that the function makes before its first `await` are freed when its promise has settled. It has to free later ones itself: wrap
 * that part in `tidy`. A warning reports once that some were not freed.
 *
 * ```text
 *  source              --a-----b--------c--|
 *  mapTensorAsync(f)   -------A-----B-------C|     A: what the promise of f(a) gave
 * ```
 *
 * @param project gets the value alone, never an index
 * @param options completion and errors wait for the projections begun before them; unsubscription drops what is pending, and frees it as
 *   it settles
 * @throws (as error notifications) what the promise is rejected with, in its turn, and for a tensor on the tape: gradients do not cross
 *   emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const brightest = async (image: dl.Tensor): Promise<dl.Tensor> => {
 *   const pixels = await image.data();
 *   return dl.tidy(() => image.div(Math.max(...pixels)));
 * };
 * dl.examples([[1, 2], [3, 4]])
 *   .pipe(dl.mapTensor((row) => dl.tensor1d(row)), dl.mapTensorAsync(brightest))
 *   .subscribe((image) => image.print()); // [0.5, 1], [0.75, 1]
 * ```
 */
export function mapTensorAsync<T, R>(
  project: (value: T) => PromiseLike<R>,
  options: MapTensorAsyncOptions = {},
): OperatorFunction<T, R> {
  const name = 'mapTensorAsync';
  assertOptions<MapTensorAsyncOptions>(name, options, { concurrency: 1 });
  const { concurrency = 1 } = options;
  if (typeof project !== 'function') {
    throw new Error(`${name}: argument 'project' is ${typeof project}; wanted a function`);
  }
  assertPositiveInteger(name, "option 'concurrency'", concurrency, 'infinite too');
  return operator<T, R>(name, (output) => {
    const inOrder = inOrderFor(output);
    const slots = slotsOf(concurrency);
    const calls = new AsynchronousCalls(name, (error) => {
      if (output.isOpen()) output.error(error);
    });
    /** Free values that wait to be projected, and results that wait to be emitted. */
    const left = new Set<() => void>();

    /** Projects a value; resolves with a function that emits the result, or the error, in its turn. */
    const settle = async (input: Held<T>): Promise<() => Promise<void> | null> => {
      const slot = slots.take();
      if (slot) {
        left.add(input.release);
        await slot;
        left.delete(input.release);
      }
      if (!output.isOpen()) {
        slots.give();
        return () => null;
      }
      let result: R;
      let call: AsynchronousCall<R> | null = null;
      try {
        call = subscribing(() => calls.call(() => project(input.value)));
        result = await call.promise;
        call.end(result);
      } catch (error) {
        call?.end(undefined);
        input.release();
        return () => {
          if (output.isOpen()) output.error(error);
          return null;
        };
      } finally {
        slots.give();
      }
      const free = (): void => {
        input.release();
        try {
          disposeUnowned(result);
        } catch {
          // A getter in the result has thrown: that became an error notification when the result was emitted.
        }
      };
      if (output.isOpen()) left.add(free);
      else free();
      return () => {
        left.delete(free);
        const finished = output.emitTracked(() => {
          adoptUnowned(result);
          return result;
        }, input.trail);
        free();
        return finished;
      };
    };

    return {
      next: (value) => {
        const input = hold(name, value);
        let outcome: ReturnType<typeof settle> | null = null;
        let finished: Promise<void> | null = null;
        // Before `project` runs: if that feeds a value to the source, the value comes after this one.
        const turn = inOrder.add(async () => {
          const emit = await outcome;
          finished = emit?.() ?? null;
        });
        outcome = settle(input);
        waitFor(
          PENDING,
          turn.then(() => finished),
        );
      },
      error: (error) => void inOrder.add(() => output.error(error)),
      complete: () => void inOrder.add(output.complete),
      teardown: () => {
        calls.leave();
        for (const free of left) free();
        left.clear();
      },
    };
  });
}

/** Why a source waits. */
const PENDING: Waiter = {
  by: 'mapTensorAsync',
  cure: 'the promise of a projection does not settle: settle each, or reject it',
};

/** A counting semaphore (Dijkstra 1965), first come first served. */
function slotsOf(count: number): { take: () => Promise<void> | null; give: () => void } {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    take: () => {
      if (taken === count) return new Promise((resolve) => waiting.push(resolve));
      taken++;
      return null;
    },
    give: () => {
      const next = waiting.shift();
      if (next) next();
      else taken--;
    },
  };
}
