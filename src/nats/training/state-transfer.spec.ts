import { RefusedByServer, type RunStores } from './run-stores';
import type { Snapshots } from './snapshots';
import { StateTransfer } from './state-transfer';

const checkpoint = {
  header: { position: 0, length: null, random: { seed: 1, draws: 0 }, optimizers: [], variables: [] },
  values: [],
} as never;

/** A transfer whose store keeps snapshots by `keep`. */
function transferWith(keep: Snapshots['keep']): StateTransfer {
  const stores = {
    snapshots: <T>(work: (snapshots: Snapshots) => Promise<T>) => work({ keep } as Snapshots),
  } as Partial<RunStores> as RunStores;
  const state = { snapshot: () => Promise.resolve(checkpoint), restore: () => undefined };
  return new StateTransfer('r', state, stores);
}

describe('The state of the end of a run', () => {
  it('is kept under its name', async () => {
    const kept: string[] = [];
    const transfer = transferWith((object) => {
      kept.push(object);
      return Promise.resolve();
    });
    expect(await transfer.keep('a-1-end')).toBe(true);
    expect(kept).toEqual(['a-1-end']);
  });

  it('is not kept where the server refuses it, and the member finishes', async () => {
    const transfer = transferWith(() => Promise.reject(new RefusedByServer('no room')));
    expect(await transfer.keep('a-1-end')).toBe(false);
  });

  it('gives an error that the server did not cause', async () => {
    const transfer = transferWith(() => Promise.reject(new Error('mine')));
    await expectAsync(transfer.keep('a-1-end')).toBeRejectedWithError('mine');
  });
});
