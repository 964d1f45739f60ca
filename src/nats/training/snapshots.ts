import { Objm, type ObjectStore } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/nats-core';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../../streams/checkpoints/format';

/** Snapshots of the state of a run in its object store, for members that join or have fallen behind. */
export interface Snapshots {
  /** Writes a snapshot under a new name, and removes all but the newest few that this member wrote. */
  readonly save: (object: string, checkpoint: Checkpoint) => Promise<void>;
  /** Null when there is none of that name. @throws when it is too large, or no checkpoint */
  readonly load: (object: string) => Promise<Checkpoint | null>;
  /** Removes what this member wrote. */
  readonly clear: () => Promise<void>;
}

/** How many snapshots of a member stay: another may be reading the one before the last. */
const KEPT = 2;

/** @param mostBytes no snapshot is larger; nothing is read of one that says it is */
export async function snapshotsIn(
  connection: NatsConnection,
  bucket: string,
  mostBytes: number,
): Promise<Snapshots> {
  const store: ObjectStore = await new Objm(connection).create(bucket);
  const written: string[] = [];
  const remove = async (keep: number): Promise<void> => {
    while (written.length > keep) await store.delete(written.shift()!);
  };
  return {
    save: async (object, checkpoint) => {
      await store.putBlob({ name: object }, encodeCheckpoint(checkpoint));
      written.push(object);
      await remove(KEPT);
    },
    load: async (object) => {
      const info = await store.info(object);
      if (!info || info.deleted) return null;
      if (info.size > mostBytes)
        throw new Error(
          `dataParallel: the snapshot '${object}' has ${info.size} bytes; wanted at most ${mostBytes}, for the variables here`,
        );
      const bytes = await store.getBlob(object);
      return bytes && decodeCheckpoint(bytes, `dataParallel: the snapshot '${object}'`);
    },
    clear: () => remove(0),
  };
}
