import type { Output } from './operator';

/** Work that is done one piece after the other, in the order in which it was added. */
export interface InOrder {
  /** Adds a piece of work; resolves when it is over. What it throws becomes an error notification. */
  readonly add: (work: () => void | Promise<void>) => Promise<void>;
  /** Whether all that was added is over. */
  readonly isIdle: () => boolean;
}

/**
 * A queue for an operator that goes on after `next` has returned. It does nothing more when nobody listens any longer.
 *
 * @param output where errors go, and who says whether somebody listens
 * @param start the first piece of work waits for it
 */
export function inOrderFor(
  { isOpen, error: fail }: Pick<Output<never>, 'isOpen' | 'error'>,
  start: Promise<void> = Promise.resolve(),
): InOrder {
  let tail = start;
  let unfinished = 0;
  const run = async (work: () => void | Promise<void>): Promise<void> => {
    try {
      if (isOpen()) await work();
    } catch (error) {
      if (isOpen()) fail(error);
    } finally {
      unfinished--;
    }
  };
  return {
    add: (work) => {
      unfinished++;
      tail = tail.then(() => run(work));
      return tail;
    },
    isIdle: () => unfinished === 0,
  };
}
