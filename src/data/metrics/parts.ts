import type { OperatorFunction } from 'rxjs';
import { operator } from '../../streams/operator';
import { assertMetric } from './arguments';
import type { Metric } from './metric';

/**
 * Emits, when the values are over, the state of a metric: what one worker, or peer, has measured of its part of the data. It is plain data, which crosses to other threads and
 * machines; {@link mergeParts} makes one result of all.
 *
 * ```text
 *  source                     --{labels, predictions}--{labels, predictions}--|
 *  measurePart(regression())  ------------------------------------------------(state|)
 * ```
 *
 * @param metric as for {@link measure}
 * @throws (as error notification) what the metric throws for a value
 * @example
 * ```ts
 * import { measurePart, mergeParts, regression } from 'rxtensor/data';
 * import { from, merge } from 'rxjs';
 * const errors = regression();
 * const one = from([{ labels: [1, 2], predictions: [1, 4] }]).pipe(measurePart(errors)); // in a worker, as a rule
 * const other = from([{ labels: [3], predictions: [2] }]).pipe(measurePart(errors));
 * merge(one, other).pipe(mergeParts(errors)).subscribe(({ count, mae }) => console.log(count, mae)); // 2 1, then 3 1
 * ```
 */
export function measurePart<T, S, R>(metric: Metric<T, S, R>): OperatorFunction<T, S> {
  const name = 'measurePart';
  assertMetric(name, metric);
  return operator<T, S>(name, (output) => {
    let state = metric.start();
    return {
      next: (value) => {
        state = metric.add(state, value);
      },
      complete: () => {
        output.emit(() => state);
        output.complete();
      },
    };
  });
}

/**
 * Emits, after each state of a part, what the metric amounts to for all parts so far: the last result is that of all the data.
 *
 * ```text
 *  states                     --a---b---c---|
 *  mergeParts(metric)         --r---r---r---|     of a; of a and b; of all
 * ```
 *
 * @param metric the one of {@link measurePart}
 * @throws (as error notification) what the metric throws for a state that is none of its own
 * @example
 * ```ts
 * import { classReport, measurePart, mergeParts } from 'rxtensor/data';
 * import { concat, of } from 'rxjs';
 * const report = classReport(2);
 * const part = (labels: number[], predictions: number[]) => of({ labels, predictions }).pipe(measurePart(report));
 * concat(part([0, 1], [0, 1]), part([1], [0]))
 *   .pipe(mergeParts(report))
 *   .subscribe(({ accuracy }) => console.log(accuracy)); // 1, then 2/3
 * ```
 */
export function mergeParts<T, S, R>(metric: Metric<T, S, R>): OperatorFunction<S, R> {
  const name = 'mergeParts';
  assertMetric(name, metric);
  return operator<S, R>(name, (output) => {
    let state = metric.start();
    return {
      next: (part) => {
        state = metric.merge(state, part);
        output.emit(() => metric.result(state));
      },
    };
  });
}
