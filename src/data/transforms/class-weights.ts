import { described } from '../../tensor/argument';
import { isPlainObject } from '../../tensor/container';
import { assertOptions } from '../../tensor/options';
import { made, single } from './make-step';
import type { Step } from './step';

/** How {@link classWeights} counts. */
export interface ClassWeightsOptions {
  /** The column that the weights are written to; `'weight'` when left out. */
  readonly into?: string;
  /** How often each class occurs, where that is known without a fit. */
  readonly counts?: Readonly<Record<string, number>>;
  /** How many classes there may be; 10,000 when left out. */
  readonly most?: number;
}

/**
 * A step that gives each row the weight of its class, as a float32 column: n / (k · count) for n rows of k classes, so that all classes weigh the same together
 * (scikit-learn's 'balanced'; King & Zeng 2001). Give the column to a loss as the weights of its examples. A class that was not there when it was fitted weighs 1.
 *
 * Rows without the column of the classes, as those that are to be predicted, stay as they are, so that the same steps prepare them. {@link balanced} repeats and leaves out rows
 * instead.
 *
 * @param column the column of the class: text, or numbers from any on
 * @example
 * ```ts
 * import { classWeights, fit, transformRow } from 'rxtensor/data';
 * import { from } from 'rxjs';
 * from([{ label: 0 }, { label: 0 }, { label: 0 }, { label: 1 }])
 *   .pipe(fit([classWeights('label')]))
 *   .subscribe((steps) => console.log(transformRow(steps, { label: 1 }))); // { label: 1, weight: 2 }
 * ```
 */
export function classWeights(column: string, options: ClassWeightsOptions = {}): Step {
  const kind = 'classWeights';
  assertOptions<ClassWeightsOptions>(kind, options, { into: 1, counts: 1, most: 1 });
  const { into = 'weight', counts, most = 10_000 } = options;
  const areCounts =
    isPlainObject(counts) &&
    Object.keys(counts).length > 0 &&
    Object.values(counts).every((count) => Number.isInteger(count) && count > 0);
  if (counts !== undefined && !areCounts)
    throw new Error(
      `${kind}: option 'counts' is ${described(counts)}; wanted positive integers by the names of classes`,
    );
  const given = counts && { words: Object.keys(counts), counts: Object.values(counts) };
  return made(kind, single(kind, column), { into, most }, given);
}
