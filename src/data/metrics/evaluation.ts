import type { Evaluation } from '../../streams/operators/validate';
import type { Tensor } from '../../tensor/tensor';
import { assertMetric } from './arguments';
import type { Metric } from './metric';

/**
 * A metric for {@link validate}: the model is measured on all batches of the validation as one set, not as a mean of batches.
 *
 * @param metric as for {@link measure}
 * @param outputsOf applies the model to a batch; gives tensors by the names that the metric wants, as {labels, scores}
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { evaluation, regression } from 'rxtensor/data';
 * const slope = dl.variable(1);
 * const test = dl.examples({ x: [5, 6, 7], y: [10, 12, 14] }).pipe(dl.batch(2));
 * dl.examples({ x: [1, 2], y: [2, 4] })
 *   .pipe(
 *     dl.batch(1),
 *     dl.trainStep(dl.train.sgd(0.01), ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x))),
 *     dl.validate(
 *       2,
 *       test,
 *       evaluation(regression(), ({ x, y }: { x: dl.Tensor; y: dl.Tensor }) => ({ labels: y, predictions: slope.mul(x) })),
 *     ),
 *     dl.download(),
 *   )
 *   .subscribe({ next: ({ validation }) => console.log(validation?.r2), complete: () => dl.dispose(slope) });
 * ```
 */
export function evaluation<B, V, S, R>(
  metric: Metric<V, S, R>,
  outputsOf: (batch: B) => { readonly [K in keyof V]: Tensor },
): Evaluation<B, R> {
  const name = 'evaluation';
  assertMetric(name, metric);
  if (typeof outputsOf !== 'function')
    throw new Error(`${name}: argument 'outputsOf' is ${typeof outputsOf}; wanted a function`);
  return {
    of: outputsOf,
    start: metric.start,
    add: (state, outputs) => metric.add(state as S, outputs as V),
    result: (state) => metric.result(state as S),
  };
}
