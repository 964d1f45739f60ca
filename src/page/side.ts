import { faultMessage } from '../streams/checks/schema';
import { isHostArray, type HostTensor } from '../streams/data/host-array';
import { noTrail } from '../streams/trail';
import { faultInTensor } from '../workers/messages';
import type { Side } from '../workers/side';
import { compact } from '../workers/transfer';

/** A side without an engine: tensors are numbers in main memory, with their shape and data type. */
export const withoutEngine: Side<HostTensor> = {
  isTensor: (value): value is HostTensor => isHostArray(value) && 'dtype' in value,
  assertCanCross: (sender, path, tensor) => {
    const fault = faultInTensor(tensor, path);
    if (fault) throw new Error(`${sender}: ${faultMessage(fault)}`);
  },
  read: ({ values }) => Promise.resolve(compact(values)),
  make: (_receiver, tensor) => tensor,
  trailNow: () => noTrail,
  // Sources of a page without the engine cannot wait.
  waitUntil: () => undefined,
};
