import type { OperatorFunction } from 'rxjs';
import { operator } from '../../streams/operator';
import { assertMetric } from './arguments';
import type { Metric } from './metric';

/**
 * Emits, after each value, what a metric amounts to so far.
 *
 * ```text
 *  source                 --{labels: [3], predictions: [2]}--{labels: [1], predictions: [1]}--|
 *  measure(regression())  --{mae: 1, …}----------------------{mae: 0.5, …}-------------------|
 * ```
 *
 * @param metric one of this entry, as `regression()`, or one of your own
 * @throws (as error notification) what the metric throws for a value
 * @example
 * ```ts
 * import { measure, regression } from 'rxtensor/data';
 * import { from } from 'rxjs';
 * from([{ labels: [1, 2], predictions: [1, 4] }, { labels: [3], predictions: [2] }])
 *   .pipe(measure(regression()))
 *   .subscribe(({ mae }) => console.log(mae)); // 1, 1
 * ```
 */
export function measure<T, S, R>(metric: Metric<T, S, R>): OperatorFunction<T, R> {
  const name = 'measure';
  assertMetric(name, metric);
  return operator<T, R>(name, (output) => {
    let state = metric.start();
    return {
      next: (value) => {
        state = metric.add(state, value);
        output.emit(() => metric.result(state));
      },
    };
  });
}
