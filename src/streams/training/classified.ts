/** The labels of some examples and a model's predictions for them, in the same order. A class is a number. */
export interface Classified {
  /** The true class of each example. */
  readonly labels: ArrayLike<number>;
  /** The class that the model predicts for each example. */
  readonly predictions: ArrayLike<number>;
}

/** @throws unless there are as many labels as predictions */
export function eachPair(
  name: string,
  value: Classified,
  visit: (label: number, prediction: number) => void,
): void {
  const { labels, predictions } = (value ?? {}) as Partial<Classified>;
  if (labels?.length === undefined || labels.length !== predictions?.length) {
    throw new Error(
      `${name}: the value has ${lengthOf(labels)} labels and ${lengthOf(predictions)} predictions; wanted as many of each, as ` +
        '{labels, predictions}',
    );
  }
  for (let i = 0; i < labels.length; i++) visit(labels[i]!, predictions[i]!);
}

function lengthOf(values: ArrayLike<number> | undefined): number | string {
  return values?.length ?? 'no';
}
