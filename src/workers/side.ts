import type { TypedArray } from '../tensor';
import type { HostTensor } from '../streams/data/host-array';
import type { Trail } from '../streams/trail';

/** What a side of a connection does with tensors and emissions: `with-engine.ts` is a side that computes, `rxtensor/page` one that does not. */
export interface Side<T extends Omit<HostTensor, 'values'> = Omit<HostTensor, 'values'>> {
  /** Whether it becomes a tensor on the other side. */
  isTensor(value: unknown): value is T;
  /** @throws when the tensor cannot cross. `path` says where it is, for messages */
  assertCanCross(sender: string, path: string, tensor: T): void;
  /** Reads the values as they are now, into an array of its own. */
  read(tensor: T): Promise<TypedArray>;
  /** Makes what stands here for a tensor that has come. */
  make(receiver: string, tensor: HostTensor): unknown;
  /** The trail of the current value. */
  trailNow(): Trail;
  /** Keeps the current emission unfinished until a promise has settled. */
  waitUntil(promise: Promise<unknown>): void;
}
