/** Counts messages that are not what they should be, and tells the program of each. They come from outside, so they never fail a stream. */

/** A message that was not taken: a stranger's, a damaged one, or one that was given up. */
export interface RefusedMessage {
  /** The subject that it came on. */
  readonly subject: string;
  /** What is wrong with it. */
  readonly reason: string;
  /** How many messages have been refused, with this one. */
  readonly count: number;
}

export interface Refusals {
  /** Counts a message. */
  readonly add: (subject: string, reason: unknown) => void;
  readonly count: () => number;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @param fail called when the listener throws */
export function refusals(
  listener: ((refused: RefusedMessage) => void) | undefined,
  fail: (error: unknown) => void,
): Refusals {
  let count = 0;
  return {
    add: (subject, reason) => {
      count++;
      try {
        listener?.({ subject, reason: messageOf(reason), count });
      } catch (error) {
        fail(error);
      }
    },
    count: () => count,
  };
}
