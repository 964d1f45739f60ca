/** What some examples are, and what a model took them for: numbers of classes, in one order. */
export interface Classified {
  /** What they are. */
  readonly labels: ArrayLike<number>;
  /** What the model says. */
  readonly predictions: ArrayLike<number>;
}

/** @throws unless there are as many of one as of the other */
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
