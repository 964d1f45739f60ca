import type { Output } from './operator';

/**
 * For an operator that goes on after `next` has returned: work that is done one piece after the other, in the order in which it was asked
 * for, as long as somebody listens. What it throws becomes an error notification.
 *
 * @returns asks for a piece of work; resolves when that is over
 */
export function inOrderFor(output: Output<never>): (work: () => void | Promise<void>) => Promise<void> {
  let tail: Promise<void> = Promise.resolve();
  return (work) => {
    tail = tail.then(async () => {
      if (!output.isOpen()) return;
      try {
        await work();
      } catch (error) {
        if (output.isOpen()) output.error(error);
      }
    });
    return tail;
  };
}
