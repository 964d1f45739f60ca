import { isTensor } from '../../tensor/container';
import { tidy } from '../../tensor/scope';
import type { Storage } from '../../tensor/device';
import type { Variable } from '../../tensor/variable';
import { parameters } from '../../streams/ownership/remembered-variables';
import type { Contribution } from '../../streams/training/accumulation';
import { extrasOf, tensorsOf, vectorOf, type Extras } from './vector';

/** What a member adds to a step: a vector and its weight, and what the rest of the vector is. */
export interface Share {
  readonly vector: Float32Array;
  readonly weight: number;
  readonly extras: Extras;
}

/**
 * Reads a contribution into a vector.
 *
 * @param weight the weight, unless the loss function gave one
 */
export async function shareOf(
  contribution: Contribution,
  trained: readonly Variable[],
  statistics: readonly Variable[],
  weight: number,
): Promise<Share> {
  const extras = extrasOf(contribution);
  const { weight: given } = contribution;
  const weighing = isTensor(given) ? given.data() : Promise.resolve([given ?? weight]);
  let reading: Promise<Float32Array>;
  tidy(() => {
    reading = vectorOf(tensorsOf(contribution, trained, statistics, extras));
  });
  const [vector, [found]] = await Promise.all([reading!, weighing]);
  if (!(found! >= 0 && found! < Infinity))
    throw new Error(
      `dataParallel: the loss function gave the weight ${found}; wanted a finite one, not negative`,
    );
  return { vector, weight: weight === 0 ? 0 : found!, extras };
}

/**
 * Notices that a loss function changes a variable which is not trained, and whose values would then differ from member to member.
 */
export function watchUntrained(statistics: readonly Variable[]): () => void {
  const before = new Map<Variable, Storage>();
  for (const each of parameters())
    if (!each.trainable && !statistics.includes(each)) before.set(each, each.storage);
  return () => {
    for (const [variable, storage] of before)
      if (!variable.isDisposed && variable.storage !== storage)
        throw new Error(
          `dataParallel: the loss function changed '${variable.name}', which is not trained, so its values would differ among the members; ` +
            "wanted it among the option 'statistics', whose mean is taken with each step",
        );
  };
}
