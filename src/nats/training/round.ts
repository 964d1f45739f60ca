import type { Bucket } from './buckets';
import { meanInFixedOrder, type WeightedPart } from './fixed-order-sum';

/** What a member still lacks of another. */
export interface Missing {
  /** The place of the other among the members. */
  readonly rank: number;
  /** The buckets whose parts have not come from it. */
  readonly parts: readonly number[];
  /** The buckets whose sums have not come from it. */
  readonly sums: readonly number[];
}

/**
 * One exchange of vectors among the members of a view: a step. It knows nothing of the network: it takes pieces in any order, and each as often as it comes, and
 * tells what is missing.
 */
export class Round {
  /** The mean of all members' vectors, as far as it has come. */
  readonly mean: Float32Array;
  #mine: WeightedPart | null = null;
  /** The parts of the buckets that this member owns, by bucket and by the place of their member. */
  readonly #parts = new Map<number, (WeightedPart | undefined)[]>();
  readonly #summed = new Set<number>();
  /** When this member's pieces were sent to all who need them, in ms. */
  readonly #sent = { part: new Map<number, number>(), sum: new Map<number, number>() };

  /**
   * @param buckets covers the vector
   * @param rank the place of this member among the members
   */
  constructor(
    private readonly buckets: readonly Bucket[],
    private readonly members: number,
    private readonly rank: number,
  ) {
    this.mean = new Float32Array(buckets.at(-1)!.to);
    buckets.forEach(({ owners }, i) => {
      if (owners.includes(rank)) this.#parts.set(i, Array.from({ length: members }));
    });
  }

  /** Whether this member's own vector is here. */
  get isBegun(): boolean {
    return this.#mine !== null;
  }

  get isComplete(): boolean {
    return this.#mine !== null && this.#summed.size === this.buckets.length;
  }

  /** Adds this member's own vector. Returns the buckets whose sums are complete by that. */
  begin(vector: Float32Array, weight: number): number[] {
    this.#mine = { values: vector, weight };
    return [...this.#parts.keys()].filter((bucket) => this.addPart(bucket, this.rank, this.partOf(bucket)));
  }

  /** This member's part of a bucket. */
  partOf(bucket: number): Float32Array {
    const { from, to } = this.buckets[bucket]!;
    return this.#mine!.values.subarray(from, to);
  }

  /** This member's weight in the mean. */
  get weight(): number {
    return this.#mine!.weight;
  }

  /** The sum of a bucket, divided; null when it is not known yet. */
  sumOf(bucket: number): Float32Array | null {
    const { from, to } = this.buckets[bucket]!;
    return this.#summed.has(bucket) ? this.mean.subarray(from, to) : null;
  }

  /** Whether a piece of this size can belong to the bucket, from that member. */
  fits(kind: 'part' | 'sum', bucket: number, rank: number, elements: number): boolean {
    const found = this.buckets[bucket];
    if (!found || rank < 0 || rank >= this.members || elements !== found.to - found.from) return false;
    // A member that sums a bucket itself needs the sum of nobody.
    const sumsItself = found.owners.includes(this.rank);
    return kind === 'part' ? sumsItself : !sumsItself && found.owners.includes(rank);
  }

  /** Whether a piece has come before. */
  has(kind: 'part' | 'sum', bucket: number, rank: number): boolean {
    return kind === 'sum' ? this.#summed.has(bucket) : this.#parts.get(bucket)?.[rank] !== undefined;
  }

  /** Adds a member's part of a bucket that this member owns. Returns whether the sum is complete by that. */
  addPart(bucket: number, rank: number, values: Float32Array, weight = this.#mine?.weight ?? 0): boolean {
    const parts = this.#parts.get(bucket)!;
    if (parts[rank]) return false;
    parts[rank] = { values, weight };
    if (parts.includes(undefined)) return false;
    const { from, to } = this.buckets[bucket]!;
    meanInFixedOrder(parts as WeightedPart[], this.mean.subarray(from, to));
    this.#summed.add(bucket);
    return true;
  }

  /** Adds the sum of a bucket that another member owns. */
  addSum(bucket: number, values: Float32Array): void {
    this.mean.set(values, this.buckets[bucket]!.from);
    this.#summed.add(bucket);
  }

  /** A part was sent to its owner, or a sum to all. */
  noteSent(kind: 'part' | 'sum', bucket: number): void {
    this.#sent[kind].set(bucket, performance.now());
  }

  /** Whether that was in the last so many ms. */
  isOnTheWay(kind: 'part' | 'sum', bucket: number, milliseconds: number): boolean {
    return performance.now() - (this.#sent[kind].get(bucket) ?? -Infinity) < milliseconds;
  }

  /** What has not come yet, by member. */
  missing(): Missing[] {
    const lacking = Array.from({ length: this.members }, (_, rank) => ({
      rank,
      parts: [] as number[],
      sums: [] as number[],
    }));
    for (const [bucket, parts] of this.#parts)
      for (const each of lacking) if (!parts[each.rank]) each.parts.push(bucket);
    this.buckets.forEach(({ owners }, bucket) => {
      if (!owners.includes(this.rank) && !this.#summed.has(bucket)) lacking[owners[0]!]!.sums.push(bucket);
    });
    return lacking.filter(({ rank, parts, sums }) => rank !== this.rank && parts.length + sums.length > 0);
  }
}
