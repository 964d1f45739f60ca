/** What grows, and what is to be timed at each size. */
export interface ScaleCase {
  readonly name: string;
  /** What the sizes count. */
  readonly unit: string;
  readonly sizes: readonly number[];
  /** Makes all that the work needs beforehand. */
  readonly prepare: (size: number) => Prepared | Promise<Prepared>;
}

export interface Prepared {
  /** Run once, and timed: what it does is to grow with the size. */
  readonly run: () => unknown;
  readonly clean?: () => void;
}

/** Milliseconds at one size: the least of several runs, each made ready anew. */
export interface ScalePoint {
  readonly size: number;
  readonly ms: number;
}

export interface ScaleResult {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly ScalePoint[];
  /** The power of the size with which the cost grows: fitted to all sizes. */
  readonly power: number;
}

/**
 * Above this the cost counts as growing faster than n log n, which is n^1.15 over these sizes. The rest is for caches that the large sizes
 * leave and for the collector; what grows with the square fits 1.8 and more.
 */
export const MOST_POWER = 1.4;
