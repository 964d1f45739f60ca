import type { OperatorFunction } from 'rxjs';
import { operator } from '../operator';
import { eachPair, type Classified } from '../training/classified';

/**
 * The fraction of all predictions so far that are right, 0 to 1.
 *
 * ```text
 *  source        --{labels: [3, 1], predictions: [3, 2]}--{labels: [2, 2], predictions: [2, 2]}--|
 *  accuracy()    --0.5------------------------------------0.75-----------------------------------|
 * ```
 *
 * @throws (as error notification) when there are not as many labels as predictions
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const scores = [[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]];
 * dl.examples({ scores, labels: [1, 0, 0] })
 *   .pipe(
 *     dl.batch(3),
 *     dl.predict((each) => ({ labels: each.labels, predictions: each.scores.argMax(1).as1D() })),
 *     dl.download(),
 *     dl.accuracy(),
 *   )
 *   .subscribe((share) => console.log(share)); // 0.67
 * ```
 */
export function accuracy(): OperatorFunction<Classified, number> {
  const name = 'accuracy';
  return operator<Classified, number>(name, (output) => {
    let right = 0;
    let count = 0;
    return {
      next: (value) => {
        eachPair(name, value, (label, prediction) => {
          count++;
          if (label === prediction) right++;
        });
        output.emit(() => right / count);
      },
    };
  });
}
