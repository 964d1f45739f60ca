import { trailNow, waitUntil } from '../emission';
import { inOrderFor } from '../in-order';
import { cannotClone } from './cloneable';
import { toPortable } from './portable-error';
import type { TrailCrossing } from './portable-trail';
import type { StreamMessage } from './protocol';
import { pack } from './transfer';

/** The half of a stream that goes to the other side, in order. */
export interface Sending {
  /** The emission that is open waits until the other side has dealt with the value. @throws for what cannot cross */
  readonly next: (value: unknown) => void;
  readonly error: (error: unknown) => void;
  readonly complete: () => void;
  /** The other side has dealt with the value of that number. False where none of that number waits. */
  readonly finished: (id: number) => boolean;
  /** Sends nothing more; nobody waits for an answer any longer. */
  readonly end: () => void;
}

/**
 * @param name of the operator that sends, for messages
 * @param trails of the connection
 * @param isReady resolves when the other side hears
 * @param fail is told, in its turn, of a value that cannot be read or posted
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
      // One that fails while those before it are awaited is dealt with in its turn.
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

/** Posts, and says what it is in the value where that cannot be cloned. */
export function postCloneable(sender: string, value: unknown, post: () => void): void {
  try {
    post();
  } catch (error) {
    throw (error as Partial<Error> | null)?.name === 'DataCloneError'
      ? cannotClone(sender, value, error)
      : error;
  }
}
