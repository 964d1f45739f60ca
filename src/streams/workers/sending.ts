import { trailNow, waitUntil } from '../emission';
import { inOrderFor } from '../operators/parts/in-order';
import { cannotClone } from './cloneable';
import { toPortable } from './portable-error';
import type { TrailCrossing } from './portable-trail';
import type { StreamMessage } from './protocol';
import { pack } from './transfer';

/** Sends the notifications of a stream to the other side, in order. */
export interface Sending {
  /** Sends a value; the open emission waits until the other side has finished its emission of it. @throws for a value that cannot cross */
  readonly next: (value: unknown) => void;
  readonly error: (error: unknown) => void;
  readonly complete: () => void;
  /** To be called when the other side has finished the value with that number. Returns false when no such value waits. */
  readonly finished: (id: number) => boolean;
  /** Sends nothing more, and ends all waiting. */
  readonly end: () => void;
}

/**
 * @param name the operator that sends, for messages
 * @param trails of the connection
 * @param isReady resolves when the other side receives messages
 * @param fail called, in its turn, with the error of a value that cannot be read or posted
 */
export function sending(
  name: string,
  trails: TrailCrossing,
  isReady: Promise<void>,
  post: (message: StreamMessage, transfer: ArrayBuffer[]) => void,
  fail: (error: unknown) => void,
): Sending {
  let nextId = 0;
  let hasEnded = false;
  const unfinished = new Map<number, () => void>();
  const finished = (id: number): boolean => {
    unfinished.get(id)?.();
    return unfinished.delete(id);
  };
  const inOrder = inOrderFor({ isOpen: () => !hasEnded, error: fail }, isReady);
  return {
    next: (value) => {
      // The reads are issued now, while the tensors live.
      const packing = pack(name, value);
      // A failure is handled in its turn, after the values before it.
      packing.catch(() => undefined);
      const trail = trails.toPortable(trailNow());
      const id = nextId++;
      waitUntil(new Promise<void>((resolve) => unfinished.set(id, resolve)));
      void inOrder.add(async () => {
        try {
          const { packed, transfer } = await packing;
          if (!hasEnded)
            postCloneable(name, packed.value, () => post({ kind: 'next', id, packed, trail }, transfer));
        } catch (error) {
          finished(id);
          throw error;
        }
      });
    },
    error: (error) => void inOrder.add(() => post({ kind: 'error', error: toPortable(error) }, [])),
    complete: () => void inOrder.add(() => post({ kind: 'complete' }, [])),
    finished,
    end: () => {
      hasEnded = true;
      for (const id of [...unfinished.keys()]) finished(id);
    },
  };
}

/** Posts; when the value cannot be cloned, the error names the part at fault. */
export function postCloneable(sender: string, value: unknown, post: () => void): void {
  try {
    post();
  } catch (error) {
    throw (error as Partial<Error> | null)?.name === 'DataCloneError'
      ? cannotClone(sender, value, error)
      : error;
  }
}
