import type { OperatorFunction } from 'rxjs';
import { pageEnd, type InWorkerOptions } from '../workers/page-end';
import type { WorkerLike } from '../workers/port';
import { withoutTensors } from './emissions';
import { withoutEngine } from './side';

/**
 * Runs a part of a pipeline in a worker, as `inWorker` of `rxtensor/workers` does, for pages that compute nothing themselves: it brings no tensors and no kernels, so that the
 * page loads them once, in its worker. What is a tensor in the worker is a {@link HostTensor} here, in both directions: numbers with a shape and a data type. All else is the same: options, errors, unsubscribing.
 *
 * ```text
 *  source                --a-----b-----c--|
 *  inWorker(make)        ----A-----B-----C--|     A, B, C: the worker's pipeline emits them
 * ```
 *
 * Sources in the worker wait until `next` has returned here, and until promises that were given to {@link waitUntil} have settled. A page that loads `rxtensor` too takes
 * `inWorker` of `rxtensor/workers`.
 *
 * @param make returns a new web worker, or a new worker of Node's `worker_threads`
 * @throws (as error notifications) errors of the pipeline, with their name, message and stack; when the worker does not load, throws or
 *   exits; when it gives no sign of life within `timeout`; when it sends a message that `serve` would not send; when a value cannot be
 *   cloned; and when the values of a host tensor do not fit its shape and data type
 * @example
 * ```ts browser
 * // The page:
 * import { inWorker, type HostTensor } from 'rxtensor/page';
 * import { of } from 'rxjs';
 * const make = () => new Worker(new URL('./odds.js', import.meta.url), { type: 'module' });
 * const image: HostTensor = { values: new Float32Array(28 * 28), shape: [28, 28], dtype: 'float32' };
 * of(image)
 *   .pipe(inWorker<HostTensor, HostTensor>(make))
 *   .subscribe(({ values, shape }) => console.log(values, shape)); // ten odds, [10]
 * ```
 * @example
 * ```ts odds.js
 * // Its odds.js:
 * import * as dl from 'rxtensor';
 * import { serve } from 'rxtensor/workers';
 * const weights = dl.variable(() => dl.randomNormal([28 * 28, 10]));
 * serve<dl.Tensor2D, dl.Tensor>((images$) =>
 *   images$.pipe(dl.predict((image) => image.reshape([1, 28 * 28]).matMul(weights).softmax().squeeze())),
 * );
 * ```
 */
export function inWorker<T, R>(
  make: () => WorkerLike,
  options: InWorkerOptions = {},
): OperatorFunction<T, R> {
  return withoutTensors<T, R>(pageEnd<T, R>(withoutEngine, make, options));
}
