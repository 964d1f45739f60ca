/**
 * The messages between page and worker. Values flow both ways in the same four messages. Each side numbers its values 0, 1, 2, …; the
 * receiver answers `finished` with that number when its emission of the value is finished, and the sender's emission waits for the answer:
 * so back-pressure crosses the border. messages.ts has the schema of each message.
 */
import type { Packed } from './transfer';
import type { PortableError } from './portable-error';
import type { PortableTrail } from './portable-trail';

/** A notification of a stream, or the answer to one. */
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

/** The messages of the page. */
export type PageMessage =
  | StreamMessage
  /** Begins the run: the names of the parameters, and the values of those that have one already. */
  | {
      readonly kind: 'open';
      readonly parameters: readonly string[];
      readonly values: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'parameter'; readonly name: string; readonly value: unknown }
  /** Requests the variables with these names, or all. */
  | { readonly kind: 'get variables'; readonly request: number; readonly names: readonly string[] | null }
  | { readonly kind: 'set variables'; readonly request: number; readonly packed: Packed }
  /** Asks for a sign of life. */
  | { readonly kind: 'ping' }
  /** The subscription has ended: so does the run. */
  | { readonly kind: 'close' };

/** The messages of the worker. */
export type WorkerMessage =
  | StreamMessage
  /** `serve` has been called: from now on the worker receives messages. */
  | { readonly kind: 'ready' }
  /** The answer to a ping. */
  | { readonly kind: 'alive' }
  /** The answer to the request with that number. */
  | { readonly kind: 'answer'; readonly request: number; readonly packed: Packed }
  | { readonly kind: 'refusal'; readonly request: number; readonly error: PortableError };
