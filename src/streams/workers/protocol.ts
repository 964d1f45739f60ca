/**
 * What page and worker say to each other. Values flow both ways by the same four messages; every value has a number, and whoever
 * receives it answers `finished` with that number when its emission there is over: the sender's emission waits for that, so that
 * back-pressure crosses the border. The numbers of one side's values are 0, 1, 2, …; what a message has to be is in messages.ts.
 */
import type { Packed } from './transfer';
import type { PortableError } from './portable-error';
import type { PortableTrail } from './portable-trail';

/** One notification of a stream on its way to the other side, or the answer to one. */
export type StreamMessage =
  | {
      readonly kind: 'next';
      readonly id: number;
      readonly packed: Packed;
      readonly trail: PortableTrail | null;
    }
  /** The value of that number has been dealt with. */
  | { readonly kind: 'finished'; readonly id: number }
  | { readonly kind: 'error'; readonly error: PortableError }
  | { readonly kind: 'complete' };

/** What the page says. */
export type PageMessage =
  | StreamMessage
  /** Begins the run: the hyper-parameters there are, and the values of those that have one already. */
  | {
      readonly kind: 'open';
      readonly parameters: readonly string[];
      readonly values: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'parameter'; readonly name: string; readonly value: unknown }
  /** Asks for the variables of these names, or for all. */
  | { readonly kind: 'get variables'; readonly request: number; readonly names: readonly string[] | null }
  | { readonly kind: 'set variables'; readonly request: number; readonly packed: Packed }
  /** Asks whether the worker is still there. */
  | { readonly kind: 'ping' }
  /** Nobody listens any more: the run ends. */
  | { readonly kind: 'close' };

/** What the worker says. */
export type WorkerMessage =
  | StreamMessage
  /** `serve` has been called: from now on the worker hears what it is told. */
  | { readonly kind: 'ready' }
  /** The answer to a ping. */
  | { readonly kind: 'alive' }
  /** The answer to a request of that number. */
  | { readonly kind: 'answer'; readonly request: number; readonly packed: Packed }
  | { readonly kind: 'refusal'; readonly request: number; readonly error: PortableError };
