import type { Output } from '../../operator';

/** A queue of work: each piece begins when the one before it is over. */
export interface InOrder {
  /** Adds a piece of work; resolves when it is over. An error that it throws becomes an error notification. */
  readonly add: (work: () => void | Promise<void>) => Promise<void>;
  /** Whether all work that was added is over. */
  readonly isIdle: () => boolean;
}

/**
 * Makes a queue for an operator that continues after `next` has returned. Once the subscription has ended, no further work is done.
 *
 * @param output takes errors, and knows whether the subscription is open
 * @param start the first piece of work begins when it has resolved
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
