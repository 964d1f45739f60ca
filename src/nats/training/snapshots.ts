import { nanos, type NatsConnection } from '@nats-io/nats-core';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../../streams/checkpoints/format';
import { bucketIn, judging, readObject } from '../objects';

/** Snapshots of the state of a run in its object store, for members that join or have fallen behind. */
export interface Snapshots {
  /** Writes a snapshot under a new name, and removes all but the newest few that this member wrote. */
  readonly save: (object: string, checkpoint: Checkpoint) => Promise<void>;
  /** Writes a snapshot that stays when this member has left, for {@link KEPT_MS}. */
  readonly keep: (object: string, checkpoint: Checkpoint) => Promise<void>;
  readonly remove: (object: string) => Promise<void>;
  /** Null when there is none of that name. @throws an {@link UnreadableError} when it is too large, damaged, or no checkpoint */
  readonly load: (object: string) => Promise<Checkpoint | null>;
  /** Removes what this member wrote, or is still writing. */
  readonly clear: () => Promise<void>;
}

/** The server removes a snapshot after so many ms: a day. */
export const KEPT_MS = 24 * 60 * 60 * 1000;
/** How many snapshots of a member stay: another may be reading the one before the last. */
const KEPT = 2;

/** @param mostBytes no snapshot is larger; nothing is read of one that says it is */
export async function snapshotsIn(
  connection: NatsConnection,
  name: string,
  mostBytes: number,
): Promise<Snapshots> {
  const bucket = await bucketIn(connection, name, { ttl: nanos(KEPT_MS) })();
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
    keep: async (object, checkpoint) => {
      await store.putBlob({ name: object }, encodeCheckpoint(checkpoint));
    },
    remove: async (object) => {
      await store.delete(object);
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
