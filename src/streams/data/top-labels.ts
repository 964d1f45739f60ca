import { isIntegerFrom, wrongArgument } from '../../tensor/argument';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import { formatShape } from '../../tensor/shape';
import { readValues, type Values } from './read-values';

/** A class, and how sure a model is of it. */
export interface Labelled {
  /** The name of the class. */
  readonly label: string;
  /** Its place in the output. */
  readonly index: number;
  /** How sure the model is of it. */
  readonly score: number;
}

/** Which labels {@link topLabels} gives. */
export interface TopLabelsOptions {
  /** The most labels; 5 when left out. */
  readonly count?: number;
  /** The least score; −∞ when left out. */
  readonly minScore?: number;
  /** What the output goes through before it is a score: 'softmax' for logits; 'none' when left out. */
  readonly activation?: 'none' | 'softmax';
}

/**
 * The most likely classes of a classifier's output, the best first.
 *
 * @param scores [classes], or a batch of one
 * @param labels the names of the classes, in the order of the output
 * @throws (rejects) when there are not as many names as classes, or an option is wrong
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { topLabels } from 'rxtensor/vision';
 * const logits = dl.tensor1d([0, 2, 1]);
 * const options = { count: 2, activation: 'softmax' } as const;
 * console.log(await topLabels(logits, ['cat', 'dog', 'fox'], options)); // dog 0.67, fox 0.24
 * logits.dispose();
 * ```
 */
export async function topLabels(
  scores: Values,
  labels: readonly string[],
  options: TopLabelsOptions = {},
): Promise<Labelled[]> {
  const name = 'topLabels';
  if (!(Array.isArray(labels) && labels.every((each) => typeof each === 'string')))
    throw wrongArgument(name, 'labels', labels, 'a list of texts, one for each class');
  assertOptionValues<TopLabelsOptions>(name, options, {
    count: [(value) => isIntegerFrom(value, 1), 'a positive integer'],
    minScore: [(value) => typeof value === 'number' && !Number.isNaN(value), 'a number'],
    activation: isOneOf(['none', 'softmax']),
  });
  const { count = 5, minScore = -Infinity, activation = 'none' } = options;
  const { values, shape } = await readValues(name, 'scores', scores);
  if (values.length !== labels.length)
    throw new Error(
      `${name}: argument 'scores' has shape ${formatShape(shape)}; wanted ${labels.length} numbers, one for each of the 'labels'`,
    );
  const found = activation === 'softmax' ? softmaxOf(values) : Array.from(values);
  return found
    .map((score, index) => ({ label: labels[index]!, index, score }))
    .filter(({ score }) => score >= minScore)
    .sort((a, b) => b.score - a.score)
    .slice(0, count);
}

/** Probabilities of logits, on the host. */
export function softmaxOf(values: ArrayLike<number>): number[] {
  const all = Array.from(values);
  const greatest = all.reduce((most, each) => Math.max(most, each), -Infinity);
  const powers = all.map((each) => Math.exp(each - greatest));
  const sum = powers.reduce((total, each) => total + each, 0);
  return powers.map((each) => each / sum);
}
