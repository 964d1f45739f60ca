/** A part of the vector that one member sums and sends to all, or that each member sums. */
export interface Bucket {
  /** The first element. */
  readonly from: number;
  /** The element behind the last. */
  readonly to: number;
  /** The members that sum it, by their places: one of them, or all. */
  readonly owners: readonly number[];
}

/**
 * Cuts a vector into buckets, as many for each member, so that the work of summing is spread evenly. Each member sums the buckets that it owns and
 * all gather the sums: a reduce-scatter and an all-gather (Thakur, Rabenseifner & Gropp, IJHPCA 2005, section 4.3), in which every element is
 * sent about twice, however many members there are.
 *
 * Two members send each other the whole vector, and both sum all of it. The bytes are the same, and a step takes one way through the server instead of two.
 *
 * @param length the elements of the vector
 * @param mostElements how many elements a message can carry
 */
export function bucketsOf(length: number, members: number, mostElements: number): Bucket[] {
  const shares = members === 2 ? 1 : members;
  const rounds = Math.max(1, Math.ceil(length / (shares * mostElements)));
  const count = rounds * shares;
  return Array.from({ length: count }, (_, i) => ({
    from: Math.floor((length * i) / count),
    to: Math.floor((length * (i + 1)) / count),
    owners: members === 2 ? [0, 1] : [i % members],
  }));
}
