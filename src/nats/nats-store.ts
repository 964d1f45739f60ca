import type { NatsConnection } from '@nats-io/nats-core';
import { isIntegerFrom } from '../tensor/argument';
import { assertOptionValues } from '../tensor/options';
import type { CheckpointStore } from '../streams/checkpoints/store';
import { assertConnection, assertName, isName, wantedName } from './connection';
import { explained } from './jetstream-errors';
import { bucketIn, readObject, type Bucket } from './objects';
import { patiently } from './patient';

/** Options of {@link natsStore}. */
export interface NatsStoreOptions {
  /** The bucket of the object store; the default is `'checkpoints'`. It is made if there is none. */
  readonly bucket?: string;
  /** The largest checkpoint that is loaded, in bytes; the default is 4 GB, the most that a checkpoint can have. */
  readonly mostBytes?: number;
}

const name = 'natsStore';
const MOST_BYTES = 2 ** 32;

/**
 * A store for {@link checkpoint} in the object store of JetStream, so that {@link resume} continues the run on any machine. A save replaces the checkpoint as a whole: until it is
 * complete, `load` gives the one before. What it loads is checked by `resume` as the bytes of any store are.
 *
 * @param checkpointName the name of the checkpoint in the bucket
 * @throws (rejects, at `load`) when what is there is larger than `mostBytes`, or damaged, as when some of its chunks are gone; and at both when the
 *   server has no JetStream, or the connection is closed
 * @example
 * ```ts nats
 * import { connect } from '@nats-io/transport-node';
 * import * as dl from 'rxtensor';
 * import { natsStore } from 'rxtensor/nats';
 *
 * const connection = await connect({ servers: process.env.NATS_URL });
 * const slope = dl.variable(0, true, 'slope');
 * const sgd = dl.train.sgd(0.1);
 * const store = natsStore(connection, 'line');
 * const run = dl.resume(store, sgd, ({ position }) =>
 *   dl.examples([1, 2, 3], { startAt: position }).pipe(
 *     dl.mapTensor((x) => dl.scalar(x)),
 *     dl.trainStep(sgd, (x) => slope.sub(x).square()),
 *     dl.checkpoint({ every: 1, store }),
 *     dl.download(),
 *   ),
 * );
 * await run.forEach((loss) => console.log(loss));
 * dl.dispose(slope);
 * await connection.drain();
 * ```
 */
export function natsStore(
  connection: NatsConnection,
  checkpointName: string,
  options: NatsStoreOptions = {},
): CheckpointStore {
  assertConnection(name, connection);
  assertName(name, 'checkpointName', checkpointName);
  assertOptionValues<NatsStoreOptions>(name, options, {
    bucket: [isName, wantedName],
    mostBytes: [(value) => isIntegerFrom(value, 1), 'a positive integer'],
  });
  const { bucket = 'checkpoints', mostBytes = MOST_BYTES } = options;
  const place = `the object '${checkpointName}' in the bucket '${bucket}' of NATS`;
  const open = bucketIn(connection, bucket);
  const using = async <T>(work: (bucket: Bucket) => Promise<T>): Promise<T> => {
    try {
      return await work(await patiently(open));
    } catch (error) {
      throw explained(name, connection, error);
    }
  };
  return {
    name: place,
    // A client that dies while it writes leaves the old object: the new one gets its name when all of it is there.
    save: (bytes) =>
      using(async ({ store }) => {
        await patiently(() => store.putBlob({ name: checkpointName }, bytes));
      }),
    load: () => using((from) => readObject(from, checkpointName, mostBytes, place)),
  };
}
