import type { OperatorFunction } from 'rxjs';
import { operator } from '../../streams/operator';
import { assertMetric } from './arguments';
import type { Metric } from './metric';

/** A value, and what a metric amounts to with it. */
export interface Alongside<T, R> {
  /** The value as it came. */
  readonly value: T;
  /** What the metric amounts to, this value included. */
  readonly measured: R;
}

/**
 * Passes each value on together with what a metric amounts to so far: {@link measure} for values that are wanted, too. With {@link pairs} it goes along with a training.
 *
 * @param metric as for {@link measure}
 * @param select what of a value is measured
 * @throws (as error notification) what the metric and `select` throw
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { alongside, pairs, regression, unpaired } from 'rxtensor/data';
 * const slope = dl.variable(0);
 * const sgd = dl.train.sgd(0.01);
 * dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] })
 *   .pipe(
 *     dl.batch(2),
 *     dl.trainStep(sgd, ({ x, y }) => {
 *       const predictions = slope.mul(x);
 *       return { loss: dl.losses.meanSquaredError(y, predictions), predictions };
 *     }, { metrics: { pairs: ({ predictions }, { y }) => pairs(y, predictions) } }),
 *     dl.download(),
 *     alongside(regression(), ({ metrics }) => unpaired(metrics.pairs)),
 *   )
 *   .subscribe({
 *     next: ({ value, measured }) => console.log(value.step, measured.mae),
 *     complete: () => dl.dispose(slope),
 *   });
 * ```
 */
export function alongside<T, V, S, R>(
  metric: Metric<V, S, R>,
  select: (value: T) => V,
): OperatorFunction<T, Alongside<T, R>> {
  const name = 'alongside';
  assertMetric(name, metric);
  if (typeof select !== 'function')
    throw new Error(`${name}: argument 'select' is ${typeof select}; wanted a function`);
  return operator<T, Alongside<T, R>>(name, (output) => {
    let state = metric.start();
    return {
      next: (value) => {
        state = metric.add(state, select(value));
        output.emit(() => ({ value, measured: metric.result(state) }));
      },
    };
  });
}
