/** Adds numbers up, or finds the least of them, in a {@link SumTree}. */
type Combine = (a: number, b: number) => number;

/**
 * A binary tree whose leaves are weights and whose other nodes are the sums of those below: a leaf is drawn in proportion to its weight, and a
 * weight changed, in log₂ n steps (Schaul et al., Prioritized experience replay, 2016, appendix B.2.1).
 */
export class SumTree {
  readonly #leaves: number;
  /** The root is 1, the children of i are 2i and 2i + 1. */
  readonly #sums: Float64Array;

  /**
   * @param combine what a node has of its children: their sum when left out; the least of them, for example
   * @param empty what a leaf has that was not set
   */
  constructor(
    readonly capacity: number,
    private readonly combine: Combine = (a, b) => a + b,
    empty = 0,
  ) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(2, capacity)));
    this.#sums = new Float64Array(2 * this.#leaves).fill(empty);
  }

  get total(): number {
    return this.#sums[1]!;
  }

  weight(index: number): number {
    return this.#sums[this.#leaves + index]!;
  }

  set(index: number, weight: number): void {
    let node = this.#leaves + index;
    this.#sums[node] = weight;
    // Added up anew, not changed by a difference: rounding errors would gather.
    while (node > 1) {
      node >>= 1;
      this.#sums[node] = this.combine(this.#sums[2 * node]!, this.#sums[2 * node + 1]!);
    }
  }

  /** The leaf in which a number from 0 to the total falls. */
  find(number: number): number {
    let node = 1;
    let rest = number;
    while (node < this.#leaves) {
      node *= 2;
      const left = this.#sums[node]!;
      // By rounding, a number may lie at the very end: it stays among leaves with a weight.
      if (rest < left || this.#sums[node + 1] === 0) continue;
      rest -= left;
      node++;
    }
    return node - this.#leaves;
  }
}
