import { fromPortable } from './portable-error';
import type { PageMessage, VariablesRequest, WorkerMessage } from './protocol';
import { postCloneable } from './sending';
import type { Side } from './side';
import type { Packed } from './transfer';

/** Sends a request. Resolves with the answer. Rejects with the worker's error, or when the worker ends before it answers. */
export type Ask = (question: (request: number) => VariablesRequest, given?: Given) => Promise<Packed>;

/** Sends requests to the worker and receives its answers. */
export interface Requests {
  readonly ask: Ask;
  /** Call this with the worker's answer: it settles the request. Returns false when no request with this number waits. */
  readonly answered: (message: Extract<WorkerMessage, { kind: 'answer' | 'refusal' }>) => boolean;
  /** Call this when the worker has ended: it rejects all requests that still wait. */
  readonly end: () => void;
}

/** The values that are sent with a request. */
export interface Given {
  /** The name of the method that makes the request, for messages. */
  readonly name: string;
  readonly value: unknown;
  readonly transfer: ArrayBuffer[];
}

interface Waiting {
  readonly resolve: (answer: Packed) => void;
  readonly reject: (error: unknown) => void;
}

const NOTHING_GIVEN: Given = { name: 'remoteVariables', value: null, transfer: [] };

/** Opens a channel for requests. @param isReady resolves when the worker can receive messages */
export function openRequests(
  side: Side,
  isReady: Promise<void>,
  post: (message: PageMessage, transfer: ArrayBuffer[]) => void,
): Requests {
  const waiting = new Map<number, Waiting>();
  let nextRequest = 0;
  return {
    ask: (question, { name, value, transfer } = NOTHING_GIVEN) => {
      const request = nextRequest++;
      return new Promise((resolve, reject) => {
        waiting.set(request, { resolve, reject });
        const posted = isReady.then(() => {
          if (waiting.has(request)) postCloneable(name, side, value, () => post(question(request), transfer));
        });
        posted.catch((error: unknown) => {
          const asked = waiting.get(request);
          waiting.delete(request);
          asked?.reject(error);
        });
      });
    },
    answered: (message) => {
      const asked = waiting.get(message.request);
      if (message.kind === 'answer') asked?.resolve(message.packed);
      else asked?.reject(fromPortable(message.error));
      return waiting.delete(message.request);
    },
    end: () => {
      for (const { reject } of waiting.values()) {
        reject(new Error('remoteVariables: the worker ended before it answered; its variables are gone'));
      }
      waiting.clear();
    },
  };
}
