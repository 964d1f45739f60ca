import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Objm } from '@nats-io/obj';
import * as dl from 'rxtensor';
import { natsStore } from 'rxtensor/nats';
import { firstValueFrom, take, toArray, type Observable } from 'rxjs';
import { startNatsServer } from '../../scripts/nats-server';
import { natsOfSuite } from '../../test/support/nats';

describe('natsStore', () => {
  const nats = natsOfSuite({ connectionOf: 'suite', isPatient: true });

  it('gives null, and then what was saved last, to every connection', async () => {
    const store = natsStore(nats.connection, 'run-1');
    expect(await store.load()).toBeNull();
    const bytes = Uint8Array.from({ length: 700_000 }, (_, i) => i);
    await store.save(bytes);
    await store.save(bytes.map((each) => each ^ 1));
    const elsewhere = await connect({ servers: nats.server.url });
    const found = await natsStore(elsewhere, 'run-1').load();
    expect(found?.length).toBe(bytes.length);
    expect(found?.every((each, i) => each === (bytes[i]! ^ 1))).toBeTrue();
    expect(await natsStore(elsewhere, 'run-2').load()).toBeNull();
    await elsewhere.close();
  });

  it('keeps its checkpoint through a restart of the server', async () => {
    const store = natsStore(nats.connection, 'restart');
    await store.save(new Uint8Array([1, 2, 3]));
    await nats.server.kill();
    await nats.server.start();
    expect([...(await store.load())!]).toEqual([1, 2, 3]);
  });

  it('says what is wrong with a server without JetStream, and a connection that is closed', async () => {
    const without = await startNatsServer({ jetStream: false });
    const elsewhere = await connect({ servers: without.url });
    const store = natsStore(elsewhere, 'run-1');
    const wanted =
      /^natsStore: the server has no JetStream for this user \(.*\); wanted a server that was started with it, as 'nats-server -js'$/;
    await expectAsync(store.load()).toBeRejectedWithError(wanted);
    await expectAsync(store.save(new Uint8Array(1))).toBeRejectedWithError(wanted);
    await elsewhere.close();
    await without.stop();
    await expectAsync(store.load()).toBeRejectedWithError(
      /^natsStore: the connection to NATS is closed; wanted an open one/,
    );
  });

  it('resumes a run with the losses of one that was not interrupted', async () => {
    const losses = async (steps: readonly number[], name: string): Promise<number[]> => {
      const found: number[] = [];
      for (const count of steps) {
        const slope = dl.tidy(() => dl.variable(dl.scalar(0), true, 'slope'));
        const adam = dl.train.adam(0.1);
        const store = natsStore(nats.connection, name);
        const run = (from: number): Observable<number> =>
          dl
            .examples({ x: [1, 2, 3], y: [2, 4, 6] }, { epochs: 4, shuffle: true, seed: 3, startAt: from })
            .pipe(
              dl.batch(1),
              dl.trainStep(adam, ({ x, y }) => dl.losses.meanSquaredError(y, x.mul(slope))),
              dl.checkpoint({ every: 1, store }),
              dl.download(),
            );
        found.push(
          ...(await firstValueFrom(
            dl.resume(store, adam, ({ position }) => run(position)).pipe(take(count), toArray()),
          )),
        );
        dl.dispose(slope);
        adam.dispose();
      }
      return found;
    };
    const whole = await losses([12], 'whole');
    expect(whole).toHaveSize(12);
    const cut = await losses([5, 7], 'cut');
    // The checkpoint of the fifth step may not have been written when the first part ended: then that step is taken once more.
    expect(cut.slice(0, 5)).toEqual(whole.slice(0, 5));
    expect(whole.join()).toContain(cut.slice(5).join());
  });

  it('refuses bytes that are too many, damaged, or no checkpoint', async () => {
    const store = natsStore(nats.connection, 'hostile', { mostBytes: 100 });
    await store.save(new Uint8Array(101));
    await expectAsync(store.load()).toBeRejectedWithError(
      /the object 'hostile' in the bucket 'checkpoints' of NATS has 101 bytes; wanted at most 100/,
    );
    await (
      await new Objm(nats.connection).open('checkpoints')
    ).putBlob({ name: 'hostile' }, new Uint8Array(50));
    const whole = natsStore(nats.connection, 'hostile');
    await whole.save(new Uint8Array(300_000));
    const { nuid } = (await (await new Objm(nats.connection).open('checkpoints')).info('hostile'))!;
    const manager = await jetstreamManager(nats.connection);
    await manager.streams.purge('OBJ_checkpoints', { filter: `$O.checkpoints.C.${nuid}`, keep: 1 });
    await expectAsync(whole.load()).toBeRejectedWithError(
      "the object 'hostile' in the bucket 'checkpoints' of NATS is damaged: 1 of its 3 chunks are there",
    );
    await (
      await new Objm(nats.connection).open('checkpoints')
    ).putBlob({ name: 'hostile' }, new Uint8Array(50));
    const adam = dl.train.adam();
    await expectAsync(firstValueFrom(dl.resume(store, adam, () => []))).toBeRejectedWithError(
      /^resume: the object 'hostile' .* holds no checkpoint/,
    );
    adam.dispose();
    expect(() => natsStore(nats.connection, 'a/b')).toThrowError(
      /^natsStore: argument 'checkpointName' is 'a\/b'; wanted a name/,
    );
    expect(() => natsStore(nats.connection, 'a', { bucket: '' })).toThrowError(/option 'bucket'/);
  });
});
