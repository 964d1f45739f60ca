import { Observable, type OperatorFunction } from 'rxjs';
import { subscribeLinked } from '../streams/linked';
import type { Handlers, Output } from '../streams/operator';

/** What an operator of {@link withoutTensors} tells its subscribers. */
type PlainOutput<R> = Pick<Output<R>, 'emitTracked' | 'error' | 'complete' | 'isOpen'>;

/**
 * The promises that the open emission waits for; null when none is open. The emissions of src/streams/emission.ts own tensors and wait for the device, so
 * they and their `waitUntil` cannot be had without the engine, which a page that takes this entry does not load.
 */
let waits: Promise<unknown>[] | null = null;

/**
 * In a subscriber or an operator below `inWorker`: keeps the value's emission unfinished until a promise has settled, so that sources in the worker wait. A
 * rejection only ends the waiting: handle it where the promise is made. Outside of an emission it does nothing.
 *
 * @example
 * ```ts browser
 * import { inWorker, waitUntil } from 'rxtensor/page';
 * import { of, tap } from 'rxjs';
 * // The file stands beside `inWorker` of rxtensor/workers.
 * const make = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
 * const draw = (loss: number) => new Promise((resolve) => requestAnimationFrame(resolve));
 * of({ epochs: 3 })
 *   .pipe(
 *     inWorker<{ epochs: number }, number>(make, { parameters: { rate: of(0.001) } }),
 *     tap((loss) => waitUntil(draw(loss))),
 *   )
 *   .subscribe((loss) => console.log(loss));
 * ```
 */
export function waitUntil(promise: Promise<unknown>): void {
  waits?.push(promise);
}

/** Makes an operator whose values have no tensors, so that an emission owns nothing: it only waits, and is finished. */
export function withoutTensors<T, R>(
  handlersOf: (output: PlainOutput<R>) => Handlers<T>,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((downstream) => {
      const isOpen = (): boolean => !downstream.closed;
      const error = (failure: unknown): void => downstream.error(failure);
      const handlers = handlersOf({
        isOpen,
        error,
        complete: () => downstream.complete(),
        emitTracked: (make) => {
          const outer = waits;
          const begun: Promise<unknown>[] = (waits = []);
          try {
            const value = make();
            if (isOpen()) downstream.next(value as R);
          } catch (failure) {
            error(failure);
          } finally {
            waits = outer;
          }
          return begun.length > 0 ? Promise.allSettled(begun).then(() => undefined) : null;
        },
      });
      downstream.add(() => handlers.teardown?.());
      subscribeLinked(source, downstream, {
        next: (value) => {
          try {
            if (isOpen()) handlers.next(value);
          } catch (failure) {
            error(failure);
          }
        },
        error: handlers.error,
        complete: handlers.complete,
      });
    });
}
