import type { DifferentiableFunction } from '../gradient-check';
import { sample, type ReferenceLike } from '../reference';

/** One case in which the gradient of an op is checked. */
export interface GradientRow {
  /** Which op it is, where the row's name says more than that. */
  readonly op?: string;
  readonly f: DifferentiableFunction;
  /** Where the gradient is taken: inputs two steps (1/16) away from every kink. */
  readonly at: readonly ReferenceLike[];
}

/** By the name of an op, with more words where it has several rows. */
export type GradientRows = Readonly<Record<string, GradientRow>>;

/** All elements differ by more than four steps, so that which is the greatest does not change. */
export function distinct(shape: number[], seed = 1): ReferenceLike {
  const x = sample(shape, seed);
  const order = x.values.map((_, i) => i).sort((i, j) => x.values[i]! - x.values[j]!);
  const values = x.values.map(() => 0);
  order.forEach((i, rank) => (values[i] = (rank - x.values.length / 2) / 4));
  return { shape, values };
}
