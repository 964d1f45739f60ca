import { fromPortable } from './portable-error';
import type { PageMessage, WorkerMessage } from './protocol';
import type { Packed } from './transfer';

/** Questions to the worker that it answers. */
export interface Requests {
  /** Rejected with what the worker refuses it with, and when the worker ends first. */
  readonly ask: (question: (request: number) => PageMessage, transfer?: ArrayBuffer[]) => Promise<Packed>;
  readonly answered: (message: Extract<WorkerMessage, { kind: 'answer' | 'refusal' }>) => void;
  /** The worker has ended: nothing is answered any more. */
  readonly end: () => void;
}

interface Waiting {
  readonly resolve: (answer: Packed) => void;
  readonly reject: (error: unknown) => void;
}

/** @param isReady resolves when the worker hears */
export function openRequests(
  isReady: Promise<void>,
  post: (message: PageMessage, transfer: ArrayBuffer[]) => void,
): Requests {
  const waiting = new Map<number, Waiting>();
  let nextRequest = 0;
  return {
    ask: (question, transfer = []) => {
      const request = nextRequest++;
      return new Promise((resolve, reject) => {
        waiting.set(request, { resolve, reject });
        void isReady.then(() => {
          if (waiting.has(request)) post(question(request), transfer);
        });
      });
    },
    answered: (message) => {
      const asked = waiting.get(message.request);
      waiting.delete(message.request);
      if (message.kind === 'answer') asked?.resolve(message.packed);
      else asked?.reject(fromPortable(message.error));
    },
    end: () => {
      for (const { reject } of waiting.values()) {
        reject(new Error('remoteVariables: the worker ended before it answered; its variables are gone'));
      }
      waiting.clear();
    },
  };
}
