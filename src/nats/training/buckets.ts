/** A part of the vector that one member sums and sends to all. */
export interface Bucket {
  /** The first element. */
  readonly from: number;
  /** The element behind the last. */
  readonly to: number;
  /** The member that sums it, by its place among the members. */
  readonly owner: number;
}

/**
 * Cuts a vector into buckets, as many for each member, so that the work of summing is spread evenly. Each member sums the buckets that it owns and
 * all gather the sums: a reduce-scatter and an all-gather (Thakur, Rabenseifner & Gropp, IJHPCA 2005, section 4.3), in which every element is
 * sent about twice, however many members there are.
 *
 * @param length the elements of the vector
 * @param mostElements how many elements a message can carry
 */
export function bucketsOf(length: number, members: number, mostElements: number): Bucket[] {
  const rounds = Math.max(1, Math.ceil(length / (members * mostElements)));
  const count = rounds * members;
  return Array.from({ length: count }, (_, i) => ({
    from: Math.floor((length * i) / count),
    to: Math.floor((length * (i + 1)) / count),
    owner: i % members,
  }));
}
