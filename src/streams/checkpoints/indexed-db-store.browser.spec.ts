import * as dl from 'rxtensor';
import { indexedDBStore } from 'rxtensor/checkpoints';
import { take } from 'rxjs';

function deleteDatabase(): Promise<void> {
  return new Promise((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase('rxtensor');
    deleting.onsuccess = () => resolve();
    deleting.onerror = () => reject(deleting.error!);
  });
}

describe('indexedDBStore', () => {
  afterEach(deleteDatabase);

  it('keeps what was saved last, under its key, for every store of that key', async () => {
    const store = indexedDBStore('one');
    expect(await store.load()).toBeNull();
    await store.save(new Uint8Array([1, 2, 3]));
    await store.save(new Uint8Array([9, 4, 5, 9]).subarray(1, 3));
    expect(await indexedDBStore('one').load()).toEqual(new Uint8Array([4, 5]));
    expect(await indexedDBStore('two').load()).toBeNull();
  });

  it('leaves the checkpoint before whole when a write does not come through', async () => {
    const store = indexedDBStore('run');
    await store.save(new Uint8Array([1]));
    const open = IDBDatabase.prototype.transaction;
    spyOn(IDBDatabase.prototype, 'transaction').and.callFake(function (this: IDBDatabase, ...args) {
      const transaction = open.apply(this, args);
      queueMicrotask(() => transaction.abort());
      return transaction;
    });
    await expectAsync(store.save(new Uint8Array([2]))).toBeRejectedWithError();
    (IDBDatabase.prototype.transaction as jasmine.Spy).and.callFake(function (
      this: IDBDatabase,
      ...args: never
    ) {
      return open.apply(this, args);
    });
    expect(await store.load()).toEqual(new Uint8Array([1]));
  });

  it('continues a run', async () => {
    const data = { x: [1, 2, 3], y: [2, 4, 6] };
    const run = async (count: number): Promise<number[]> => {
      const store = indexedDBStore('line');
      const slope = dl.tidy(() => dl.variable(dl.scalar(0), true, 'slope'));
      const adam = dl.train.adam(0.1);
      const losses: number[] = [];
      await dl
        .resume(store, adam, ({ position }) =>
          dl.examples(data, { epochs: 2, shuffle: true, startAt: position }).pipe(
            dl.batch(1),
            dl.trainStep(adam, ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x))),
            dl.checkpoint({ every: 1, store }),
            dl.download(),
          ),
        )
        .pipe(take(count))
        .forEach((loss) => losses.push(loss));
      slope.dispose();
      adam.dispose();
      return losses;
    };
    const whole = await run(Infinity);
    expect(whole).toHaveSize(6);
    await deleteDatabase();
    const first = await run(4);
    const second = await run(Infinity);
    // How far the first had been saved when it was stopped is the database's affair.
    expect(second.length).toBeLessThan(6);
    expect([...first, ...second].slice(-second.length)).toEqual(whole.slice(-second.length));
  });

  it('may hold what another program has put there, which resume refuses', async () => {
    await indexedDBStore('taken').save(new Uint8Array([1]));
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('rxtensor');
      opening.onsuccess = () => resolve(opening.result);
    });
    await new Promise<void>((resolve) => {
      const transaction = database.transaction('checkpoints', 'readwrite');
      transaction.objectStore('checkpoints').put({ position: 1 }, 'taken');
      transaction.oncomplete = () => resolve();
    });
    database.close();
    const adam = dl.train.adam();
    await expectAsync(
      dl.resume(indexedDBStore('taken'), adam, () => [1]).forEach(() => undefined),
    ).toBeRejectedWithError(
      "resume: IndexedDB 'taken' gave an object; wanted a Uint8Array, or null where nothing was saved",
    );
    adam.dispose();
  });

  it('wants a name', () => {
    expect(() => indexedDBStore('')).toThrowError(`indexedDBStore: argument 'key' is ""; wanted a name`);
  });
});
