import { assertPositiveInteger, wrongGiven } from '../../streams/checks/arguments';
import type { Metric } from './metric';

/** What a model of several classes says of some examples. */
export interface Ranked {
  /** The class of each example. */
  readonly labels: ArrayLike<number>;
  /** The scores of all classes for the first example, then for the second, …: what `download` gives of a tensor [examples, classes]. */
  readonly scores: ArrayLike<number>;
}

/** How often the class was named, and with which arguments of {@link topK}. */
export interface Hits {
  /** How many classes may be named. */
  readonly k: number;
  /** How many classes there are. */
  readonly classes: number;
  /** How many examples there were. */
  readonly count: number;
  /** Of how many the class was among those named. */
  readonly hits: number;
}

/**
 * The share of examples whose class is among the k classes with the highest scores. Classes with a score equal to that of the label count as
 * ranked before it if their numbers are higher, as in scikit-learn's `top_k_accuracy_score`.
 *
 * @param k how many classes may be named, at most all
 * @param classes how many classes there are, numbered from 0
 * @throws from `add`, when there are not `classes` scores for each label, or a label is no class, or a score is NaN
 * @example
 * ```ts
 * import { measure, topK } from 'rxtensor/data';
 * import { of } from 'rxjs';
 * of({ labels: [2, 0], scores: [0.1, 0.5, 0.4, 0.2, 0.3, 0.5] })
 *   .pipe(measure(topK(2, 3)))
 *   .subscribe((share) => console.log(share)); // 0.5
 * ```
 */
export function topK(k: number, classes: number): Metric<Ranked, Hits, number> {
  const name = 'topK';
  assertPositiveInteger(name, "argument 'k'", k);
  assertPositiveInteger(name, "argument 'classes'", classes);
  if (k > classes) throw wrongGiven(name, "argument 'k'", k, `at most ${classes}, of as many classes`);
  const assertOwn = (state: Hits): void => {
    if (state?.k !== k || state.classes !== classes)
      throw new Error(
        `${name}: a state to merge is of ${state?.k} of ${state?.classes} classes; wanted ${k} of ${classes}`,
      );
  };
  return {
    name,
    start: () => ({ k, classes, count: 0, hits: 0 }),
    add: ({ count, hits }, value) => {
      const { labels, scores } = (value ?? {}) as Partial<Ranked>;
      if (labels?.length === undefined || scores?.length !== labels.length * classes)
        throw new Error(
          `${name}: the value has ${labels?.length ?? 'no'} labels and ${scores?.length ?? 'no'} scores; wanted ${classes} scores for each label, as {labels, scores}`,
        );
      let found = hits;
      for (let i = 0; i < labels.length; i++) {
        const label = labels[i]!;
        if (!(Number.isInteger(label) && label >= 0 && label < classes))
          throw new Error(
            `${name}: there is ${label} among the labels; wanted classes from 0 to ${classes - 1}`,
          );
        const own = scores[i * classes + label]!;
        let before = 0;
        for (let each = 0; each < classes; each++) {
          const score = scores[i * classes + each]!;
          if (Number.isNaN(score)) throw new Error(`${name}: there is NaN among the scores; wanted numbers`);
          if (score > own || (score === own && each > label)) before++;
        }
        if (before < k) found++;
      }
      return { k, classes, count: count + labels.length, hits: found };
    },
    merge: (a, b) => {
      assertOwn(a);
      assertOwn(b);
      return { k, classes, count: a.count + b.count, hits: a.hits + b.hits };
    },
    result: ({ count, hits }) => hits / count,
  };
}
