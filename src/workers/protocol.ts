/**
 * The messages between page and worker. Both sides use the same four messages for their streams. Each side numbers its values 0, 1, 2, …
 * When the receiver has finished its emission of a value, it answers `finished` with the value's number. The sender's emission waits for
 * this answer, which gives back-pressure between the threads. messages.ts has the schema of each message.
 */
import type { Packed } from './transfer';
import type { PortableError } from './portable-error';
import type { PortableTrail } from './portable-trail';

/** A notification from a stream, or the answer to one. */
export type StreamMessage =
  | {
      readonly kind: 'next';
      readonly id: number;
      readonly packed: Packed;
      readonly trail: PortableTrail | null;
    }
  /** The emission of the value with that number is finished. */
  | { readonly kind: 'finished'; readonly id: number }
  | { readonly kind: 'error'; readonly error: PortableError }
  | { readonly kind: 'complete' };

/** What the page asks of the worker's variables. */
export type VariablesRequest =
  /** Requests the variables with these names; with null, all variables. */
  | { readonly kind: 'get variables'; readonly request: number; readonly names: readonly string[] | null }
  | { readonly kind: 'set variables'; readonly request: number; readonly packed: Packed };

/** The messages that the page sends. */
export type PageMessage =
  | StreamMessage
  | VariablesRequest
  /** Starts the pipeline. It brings the names of all parameters, and the values of parameters that already have one. */
  | {
      readonly kind: 'open';
      readonly parameters: readonly string[];
      readonly values: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'parameter'; readonly name: string; readonly value: unknown }
  /** Asks for a sign of life. */
  | { readonly kind: 'ping' }
  /** Stops the pipeline, because the subscription on the page has ended. */
  | { readonly kind: 'close' };

/** The messages that the worker sends. */
export type WorkerMessage =
  | StreamMessage
  /** The worker has called `serve` and receives messages from now on. */
  | { readonly kind: 'ready' }
  /** The answer to a ping. */
  | { readonly kind: 'alive' }
  /** The answer to the request with that number. */
  | { readonly kind: 'answer'; readonly request: number; readonly packed: Packed }
  | { readonly kind: 'refusal'; readonly request: number; readonly error: PortableError };
