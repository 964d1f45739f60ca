import type { OperatorFunction } from 'rxjs';
import { operator } from '../streams/operator';
import { pageEnd, type InWorkerOptions } from './page-end';
import type { WorkerLike } from './port';
import { withEngine } from './with-engine';

/**
 * Runs a part of a pipeline in a worker: the part that the worker's file passes to {@link serve}. Each subscription makes its own worker
 * and terminates it at the end. Tensors may be nested in arrays and plain objects. Each is read once, without blocking, and its numbers
 * are transferred; other values are cloned. Tensors that come back are freed when all operators and subscribers below are done with them.
 *
 * ```text
 *  source                --a-----b-----c--|
 *  inWorker(make)        ----A-----B-----C--|     A, B, C: the worker's pipeline emits them
 * ```
 *
 * Back-pressure works in both directions. An emission above finishes when the worker has finished its emission of that value, and sources
 * in the worker wait for emissions on the page. If a source cannot wait, its values queue up: put `latest()` above `inWorker`. A value's
 * place in its source and its training steps cross too, so that `progress` works on both sides.
 *
 * @param make returns a new web worker, or a new worker of Node's `worker_threads`
 * @throws (as error notifications) errors of the pipeline, with their name, message and stack; when the worker does not load, throws or
 *   exits; when it gives no sign of life within `timeout`; when it sends a message that {@link serve} would not send; when a value cannot be
 *   cloned; and when a tensor is on the tape, since gradients do not cross
 * @example
 * ```ts browser
 * // The page:
 * import { inWorker } from 'rxtensor/workers';
 * import { BehaviorSubject, of } from 'rxjs';
 * const rate$ = new BehaviorSubject(0.001);
 * const make = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
 * of({ epochs: 3 })
 *   .pipe(inWorker<{ epochs: number }, number>(make, { parameters: { rate: rate$ } }))
 *   .subscribe((loss) => console.log(loss));
 * ```
 * @example
 * ```ts worker.js
 * // Its worker.js:
 * import * as dl from 'rxtensor';
 * import { serve } from 'rxtensor/workers';
 * import { switchMap } from 'rxjs';
 * const slope = dl.variable(0);
 * const data = { x: [1, 2, 3, 4], y: [2, 4, 6, 8] };
 * serve<{ epochs: number }, number, { rate: number }>((input$, { rate }) =>
 *   input$.pipe(
 *     switchMap(({ epochs }) => dl.examples(data, { epochs })),
 *     dl.batch(2),
 *     dl.trainStep(dl.train.adam(), ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x)), { learningRate: rate }),
 *     dl.download(),
 *   ),
 * );
 * ```
 */
export function inWorker<T, R>(
  make: () => WorkerLike,
  options: InWorkerOptions = {},
): OperatorFunction<T, R> {
  return operator<T, R>('inWorker', pageEnd<T, R>(withEngine, make, options));
}
