import { fromPortable } from './portable-error';
import type { PageMessage, WorkerMessage } from './protocol';
import { postCloneable } from './sending';
import type { Packed } from './transfer';

/** Requests to the worker, and its answers. */
export interface Requests {
  /** Resolves with the answer; rejects with the worker's error, and when the worker ends first. */
  readonly ask: (question: (request: number) => PageMessage, given?: Given) => Promise<Packed>;
  /** Settles a request. Returns false when no request with that number waits. */
  readonly answered: (message: Extract<WorkerMessage, { kind: 'answer' | 'refusal' }>) => boolean;
  /** Rejects the requests that wait: the worker has ended. */
  readonly end: () => void;
}

/** The values that a request takes along. */
export interface Given {
  /** Who makes the request, for messages. */
  readonly name: string;
  readonly value: unknown;
  readonly transfer: ArrayBuffer[];
}

interface Waiting {
  readonly resolve: (answer: Packed) => void;
  readonly reject: (error: unknown) => void;
}

const NOTHING_GIVEN: Given = { name: 'remoteVariables', value: null, transfer: [] };

/** @param isReady resolves when the worker receives messages */
export function openRequests(
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
          if (waiting.has(request)) postCloneable(name, value, () => post(question(request), transfer));
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
