import type { OperatorFunction } from 'rxjs';
import { assertPositiveInteger } from '../checks/arguments';
import { operator } from '../operator';
import { eachPair, type Classified } from '../training/classified';

/** How often examples of each class (row) were predicted as each class (column). */
export type ConfusionCounts = readonly (readonly number[])[];

/**
 * The confusion matrix of a classifier: emits, after each value, the counts so far, `counts[label][prediction]`. The diagonal counts right predictions.
 *
 * ```text
 *  source                 --{labels: [0, 1], predictions: [0, 0]}--{labels: [1], predictions: [1]}--|
 *  confusionCounts(2)     --[[1, 0], [1, 0]]-----------------------[[1, 0], [1, 1]]-----------------|
 * ```
 *
 * @param classes how many classes there are, numbered from 0
 * @throws (as error notifications) when there are not as many labels as predictions, and for a number that is not a class
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { of } from 'rxjs';
 * of({ labels: [0, 1, 1], predictions: [0, 0, 1] })
 *   .pipe(dl.confusionCounts(2))
 *   .subscribe((counts) => console.log(counts)); // [[1, 0], [1, 1]]
 * ```
 */
export function confusionCounts(classes: number): OperatorFunction<Classified, ConfusionCounts> {
  const name = 'confusionCounts';
  assertPositiveInteger(name, "argument 'classes'", classes);
  const assertClass = (what: string, found: number): void => {
    if (Number.isInteger(found) && found >= 0 && found < classes) return;
    throw new Error(`${name}: there is ${found} among the ${what}; wanted classes from 0 to ${classes - 1}`);
  };
  return operator<Classified, ConfusionCounts>(name, (output) => {
    const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    return {
      next: (value) => {
        eachPair(name, value, (label, prediction) => {
          assertClass('labels', label);
          assertClass('predictions', prediction);
          counts[label]![prediction]!++;
        });
        output.emit(() => counts.map((row) => [...row]));
      },
    };
  });
}
