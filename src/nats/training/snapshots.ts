import type { NatsConnection } from '@nats-io/nats-core';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../../streams/checkpoints/format';
import { bucketIn, judging, readObject } from '../objects';

/** Snapshots of the state of a run in its object store, for members that join or have fallen behind. */
export interface Snapshots {
  /** Writes a snapshot under a new name, and removes all but the newest few that this member wrote. */
  readonly save: (object: string, checkpoint: Checkpoint) => Promise<void>;
  /** Null when there is none of that name. @throws an {@link UnreadableError} when it is too large, damaged, or no checkpoint */
  readonly load: (object: string) => Promise<Checkpoint | null>;
  /** Removes what this member wrote, or is still writing. */
  readonly clear: () => Promise<void>;
}

/** How many snapshots of a member stay: another may be reading the one before the last. */
const KEPT = 2;

/** @param mostBytes no snapshot is larger; nothing is read of one that says it is */
export async function snapshotsIn(
  connection: NatsConnection,
  name: string,
  mostBytes: number,
): Promise<Snapshots> {
  const bucket = await bucketIn(connection, name)();
  const { store } = bucket;
  const written: string[] = [];
  let saving: Promise<unknown> = Promise.resolve();
  const remove = async (keep: number): Promise<void> => {
    while (written.length > keep) await store.delete(written.shift()!);
  };
  return {
    save: async (object, checkpoint) => {
      const putting = store.putBlob({ name: object }, encodeCheckpoint(checkpoint));
      saving = putting.catch(() => undefined);
      await putting;
      if (!written.includes(object)) written.push(object);
      await remove(KEPT);
    },
    load: async (object) => {
      const place = `dataParallel: the snapshot '${object}'`;
      const bytes = await readObject(bucket, object, mostBytes, place, 'for the variables here');
      return bytes && judging(() => decodeCheckpoint(bytes, place));
    },
    clear: async () => {
      await saving;
      await remove(0);
    },
  };
}
