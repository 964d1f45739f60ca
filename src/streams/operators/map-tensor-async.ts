import type { OperatorFunction } from 'rxjs';
import { subscribing, waitUntil } from '../emission';
import { hold, type Held } from '../held';
import { operator } from '../operator';
import { adoptUnowned, disposeUnowned } from '../unowned';

export interface MapTensorAsyncOptions {
  /** How many projections may run at once; 1 when left out. Values that come meanwhile wait, and so do pulling sources. */
  readonly concurrency?: number;
}

/** A value on its way: held until its projection has settled. */
interface Job<T> {
  readonly input: Held<T>;
  /** All of it is done: emitted and finished, or dropped. */
  readonly finish: (finished: Promise<void> | null) => void;
  outcome: (() => Promise<void> | null) | null;
}

/**
 * Projects each value by a function that returns a promise, and emits in the order of the values. The tensors of a value are kept until its
 * promise has settled; the tensors in the result (one, or any nesting of arrays and objects) live until everyone below has seen them.
 * What the function makes besides is its own to free: wrap what lies between two `await`s in `tidy`.
 *
 * ```text
 *  source              --a-----b--------c--|
 *  mapTensorAsync(f)   -------A-----B-------C|     A: what the promise of f(a) gave
 * ```
 *
 * @param project gets the value alone, never an index
 * @throws (as error notifications) what the promise is rejected with, in its turn, and for a tensor on the tape: gradients do not cross
 *   emissions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const brightest = async (image: dl.Tensor): Promise<dl.Tensor> => {
 *   const [most] = await dl.tidy(() => image.max()).data();
 *   return dl.tidy(() => image.div(most ?? 1));
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
  const { concurrency = 1 } = options;
  if (typeof project !== 'function') {
    throw new Error(`${name}: argument 'project' is ${typeof project}; wanted a function`);
  }
  if (!(concurrency === Infinity || Number.isInteger(concurrency)) || concurrency < 1) {
    throw new Error(`${name}: option 'concurrency' is ${concurrency}; wanted a positive integer`);
  }
  return operator<T, R>(name, (output) => {
    /** In the order in which they will be emitted; the first `running` of those without an outcome are under way. */
    const jobs: Job<T>[] = [];
    const waiting: Job<T>[] = [];
    let running = 0;
    let completed = false;

    const emitReady = (): void => {
      while (output.isOpen() && jobs[0]?.outcome) {
        const job = jobs.shift()!;
        job.finish(job.outcome!());
      }
      if (completed && jobs.length === 0) output.complete();
    };
    const settle = (job: Job<T>, outcome: Job<T>['outcome'], late?: () => void): void => {
      running--;
      if (output.isOpen()) {
        job.outcome = outcome;
        emitReady();
        start();
      } else {
        late?.();
      }
      if (!jobs.includes(job)) job.input.release();
    };
    const run = async (job: Job<T>): Promise<void> => {
      let result: R;
      try {
        result = await subscribing(() => project(job.input.value));
      } catch (error) {
        settle(job, () => {
          output.error(error);
          return null;
        });
        return;
      }
      const emit = (): Promise<void> | null => {
        const finished = output.emitTracked(() => {
          adoptUnowned(result);
          return result;
        });
        job.input.release();
        return finished;
      };
      settle(job, emit, () => disposeUnowned(result));
    };
    const start = (): void => {
      while (running < concurrency && waiting.length > 0) {
        running++;
        void run(waiting.shift()!);
      }
    };

    return {
      next: (value) => {
        const input = hold(name, value);
        waitUntil(
          new Promise<void>((resolve) => {
            const job: Job<T> = { input, finish: (finished) => resolve(finished ?? undefined), outcome: null };
            jobs.push(job);
            waiting.push(job);
          }),
        );
        start();
      },
      complete: () => {
        completed = true;
        emitReady();
      },
      teardown: () => {
        // What a projection under way still reads is freed when it has settled.
      },
    };
  });
}
