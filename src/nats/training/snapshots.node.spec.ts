import { jetstreamManager } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import { getRandomState } from 'rxtensor';
import { natsOfSuite } from '../../../test/support/nats';
import type { Checkpoint } from '../../streams/checkpoints/format';
import { bucketIn } from '../objects';
import { snapshotsIn } from './snapshots';

/** A state of some numbers. */
const stateOf = (length: number): Checkpoint => ({
  header: {
    ...{ position: 0, length: null, random: getRandomState(), optimizers: [] },
    variables: [{ name: 'value', shape: [length], dtype: 'float32' }],
  },
  values: [Float32Array.from({ length }, (_, i) => i)],
});

describe('Snapshots of a run', () => {
  const nats = natsOfSuite({ connectionOf: 'suite' });
  const bucket = 'rxtensor_snapshots';
  const MOST = 1 << 20;

  it('are read by others as they were, the newest two of each member', async () => {
    const [one, other] = [
      await snapshotsIn(nats.connection, bucket, MOST),
      await snapshotsIn(nats.connection, bucket, MOST),
    ];
    await one.save('a-1', stateOf(100_000));
    expect((await other.load('a-1'))?.values[0]).toEqual(stateOf(100_000).values[0]);
    for (const name of ['a-2', 'a-2', 'a-3']) await one.save(name, stateOf(3));
    expect(await other.load('a-1')).toBeNull();
    for (const name of ['a-2', 'a-3']) expect((await other.load(name))?.values[0]?.length).toBe(3);
    const saving = one.save('a-4', stateOf(200_000));
    await one.clear();
    await saving;
    for (const name of ['a-3', 'a-4']) expect(await other.load(name)).toBeNull();
  });

  it('are in buckets whose options stay as they were given, so that each try has them', async () => {
    const options = { ttl: 60e9 };
    const manager = await jetstreamManager(nats.connection);
    for (const name of ['rxtensor_one', 'rxtensor_two']) {
      await bucketIn(nats.connection, name, options)();
      expect((await manager.streams.info(`OBJ_${name}`)).config.max_age).toBe(60e9);
    }
  });

  it('are refused when chunks are missing, sizes are wrong, or they are too large', async () => {
    const snapshots = await snapshotsIn(nats.connection, bucket, MOST);
    const manager = await jetstreamManager(nats.connection);
    const store = await new Objm(nats.connection).open(bucket);
    const save = async (): Promise<{ nuid: string; size: number }> => {
      await snapshots.save('b', stateOf(100_000));
      return (await store.info('b'))!;
    };
    const chunks = `$O.${bucket}.C`;
    const { nuid } = await save();
    await manager.streams.purge(`OBJ_${bucket}`, { filter: `${chunks}.${nuid}`, keep: 2 });
    await expectAsync(snapshots.load('b')).toBeRejectedWithError(
      "dataParallel: the snapshot 'b' is damaged: 2 of its 4 chunks are there",
    );
    const subject = `$O.${bucket}.M.${Buffer.from('b').toString('base64url')}`;
    const told = async (changed: object): Promise<unknown> => {
      const info = await save();
      const meta = (await manager.streams.getMessage(`OBJ_${bucket}`, { last_by_subj: `$O.${bucket}.M.>` }))!;
      expect(meta.subject.startsWith(subject)).toBeTrue();
      const text = JSON.stringify({ ...meta.json<object>(), ...changed });
      await nats.connection.request(meta.subject, text);
      return snapshots
        .load('b')
        .catch((error: unknown) => (error as Error).message.replace(String(info.size), 'SIZE'));
    };
    expect(await told({ size: 300_000 })).toBe(
      "dataParallel: the snapshot 'b' is damaged: 393216 of its 300000 bytes are there",
    );
    expect(await told({ size: 500_000 })).toMatch(/is damaged: SIZE of its 500000 bytes are there/);
    expect(await told({ chunks: 5 })).toBe(
      "dataParallel: the snapshot 'b' is damaged: 4 of its 5 chunks are there",
    );
    expect(await told({ size: MOST + 1 })).toBe(
      `dataParallel: the snapshot 'b' has ${MOST + 1} bytes; wanted at most ${MOST}, for the variables here`,
    );
    expect(await told({ size: -1 })).toMatch(/has no size, or is a link/);
    expect(await told({ options: { link: { bucket: 'other', name: 'x' } } })).toMatch(/or is a link/);
    // The right number of bytes, which are those of another object.
    await store.putBlob({ name: 'b' }, new Uint8Array(1000));
    await expectAsync(snapshots.load('b')).toBeRejectedWithError(/the snapshot 'b' holds no checkpoint/);
  });
});
