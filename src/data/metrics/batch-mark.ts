import { backend } from '../../tensor/backend';

/** A number that comes down with the values of a batch, and tells whether they are still those of one batch. */
export interface BatchMark {
  /** The number, for the device that is in use. */
  readonly number: () => number;
  /** Whether a number that has come down is it. */
  readonly isIn: (found: number | undefined) => boolean;
}

/**
 * A mark that a mean over several batches does not have: twice the number is more than a float of the device holds, so that the sum of two, and all that is
 * divided from it, is infinite.
 *
 * @param share from 0 to below 1: one of many such numbers. A member of a run that has one of its own finds the values of another one, too
 */
export function batchMark(share = 0): BatchMark {
  // Half floats end at 65,504, and lie 32 apart from 2¹⁵ on.
  const marks = [
    Math.fround(2 ** 127 * (1 + 0.99 * share)),
    2 ** 15 + 32 * Math.floor(1000 * share),
  ] as const;
  return {
    number: () => marks[backend().device?.floatPrecision === 16 ? 1 : 0],
    isIn: (found) => marks.includes(found!),
  };
}
