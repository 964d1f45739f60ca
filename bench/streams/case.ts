/** The two that take turns: what a stream of ours does, and what it is held against. */
export interface Contestants {
  readonly ours: () => void | Promise<void>;
  readonly theirs: () => void | Promise<void>;
  /** What both made of the same data, to be compared before anything is timed. */
  readonly check?: () => Promise<readonly [ArrayLike<number>, ArrayLike<number>]>;
}

/** How the two are held against each other. */
export interface Figure {
  /** Of the times of one round, in milliseconds. */
  readonly of: (ours: number, theirs: number) => number;
  readonly format: (value: number) => string;
  readonly isMet: (value: number) => boolean;
}

/** One line of the table: what a stream costs, beside what it is held against. */
export interface StreamCase {
  readonly name: string;
  readonly against: string;
  /** What is asked for, in words. */
  readonly asked: string;
  readonly figure: Figure;
  readonly prepare: () => Contestants | Promise<Contestants>;
}

/** How much longer ours takes, in microseconds, of which so many are allowed. */
export function microsecondsMore(allowed: number): Figure {
  return {
    of: (ours, theirs) => (ours - theirs) * 1000,
    format: (value) => `${value.toFixed(2)} µs`,
    isMet: (value) => value <= allowed,
  };
}

/** How much longer ours takes, in percent, of which so many are allowed. */
export function percentMore(allowed: number): Figure {
  return {
    of: (ours, theirs) => (ours / theirs - 1) * 100,
    format: (value) => `${value.toFixed(1)} %`,
    isMet: (value) => value <= allowed,
  };
}

/** How many times as fast ours is, at least. */
export function timesAsFast(wanted: number): Figure {
  return {
    of: (ours, theirs) => theirs / ours,
    format: (value) => `×${value.toFixed(1)}`,
    isMet: (value) => value >= wanted,
  };
}
