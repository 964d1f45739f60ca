import { inOrderFor } from '../streams/operators/parts/in-order';
import { cannotClone } from './cloneable';
import { toPortable } from './portable-error';
import type { TrailCrossing } from './portable-trail';
import type { StreamMessage } from './protocol';
import type { Side } from './side';
import { pack } from './transfer';

/** Sends the notifications of a stream to the other side, in order. */
export interface Sending {
  /**
   * Sends a value. The current emission waits until the other side has finished its emission of this value.
   *
   * @throws when a tensor was disposed or is on the tape
   */
  readonly next: (value: unknown) => void;
  readonly error: (error: unknown) => void;
  readonly complete: () => void;
  /** Call this when the other side has finished the value with this number. Returns false when no such value waits. */
  readonly finished: (id: number) => boolean;
  /** Stops sending, and ends the waits of all emissions. */
  readonly end: () => void;
}

/**
 * Makes the sender for one direction of a connection.
 *
 * @param name the operator that sends, for messages
 * @param side reads the values
 * @param trails converts the trails of this connection
 * @param isReady resolves when the other side can receive messages
 * @param fail called when a value cannot be read or posted, after the values before it were sent
 */
export function sending(
  name: string,
  side: Side,
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
      // The tensors are read now, because they may be freed later.
      const packing = pack(name, side, value);
      // The queue handles a failure later, after the values before it. This catch only prevents an unhandled rejection.
      packing.catch(() => undefined);
      const trail = trails.toPortable(side.trailNow());
      const id = nextId++;
      side.waitUntil(new Promise<void>((resolve) => unfinished.set(id, resolve)));
      void inOrder.add(async () => {
        try {
          const { packed, transfer } = await packing;
          if (!hasEnded)
            postCloneable(name, side, packed.value, () =>
              post({ kind: 'next', id, packed, trail }, transfer),
            );
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

/** Calls `post`. If the value cannot be cloned, throws an error that names the part that cannot. */
export function postCloneable(
  sender: string,
  side: Pick<Side, 'isTensor'>,
  value: unknown,
  post: () => void,
): void {
  try {
    post();
  } catch (error) {
    throw (error as Partial<Error> | null)?.name === 'DataCloneError'
      ? cannotClone(sender, side, value, error)
      : error;
  }
}
