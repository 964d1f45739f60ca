/**
 * Reads objects of JetStream's object store. The client reads through a consumer, waits for ever for chunks that are not there, and needs a permission by which messages
 * can be delivered to any subject. So each chunk is asked for here as a stored message: what is missing is known at once.
 */
import { jetstream, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { Objm, type ObjectInfo, type ObjectStore, type ObjectStoreOptions } from '@nats-io/obj';
import { isIntegerFrom } from '../tensor/argument';
import { joinedBytes } from '../tensor/joined-bytes';
import { assertSize } from './parts';
import { ANSWER_MS, patiently } from './patient';
import { messageOf } from './refusals';

const TRIES = 3;
/** So many chunks are asked for at a time. Those of one object mostly follow each other in the stream. */
const AT_A_TIME = 8;

/** A bucket of the object store. */
export interface Bucket {
  readonly name: string;
  readonly store: ObjectStore;
  readonly manager: JetStreamManager;
}

/** Makes a function that opens a bucket once, and makes it if it is not there. After a failure it tries again at the next call. */
export function bucketIn(
  connection: NatsConnection,
  name: string,
  options: Partial<ObjectStoreOptions> = {},
): () => Promise<Bucket> {
  let opened: Promise<Bucket> | null = null;
  const open = async (): Promise<Bucket> => {
    const client = jetstream(connection, { timeout: ANSWER_MS });
    const store = await new Objm(client).create(name, options);
    return { name, store, manager: await client.jetstreamManager(false) };
  };
  return async () => {
    try {
      return await (opened ??= open());
    } catch (error) {
      opened = null;
      throw error;
    }
  };
}

/** What is wrong with bytes themselves: they stay so however often they are read. Other errors may be those of a server that restarts. */
export class UnreadableError extends Error {}

/** Runs work that judges bytes. @throws an {@link UnreadableError} where it throws */
export function judging<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new UnreadableError(messageOf(cause), { cause });
  }
}

/**
 * The bytes of an object; null if there is none of that name.
 *
 * @param place for messages
 * @param limit for messages: what sets the limit
 * @throws (rejects) with an {@link UnreadableError} when it has more than `mostBytes` bytes, or is damaged; with other errors when the server does not answer
 */
export async function readObject(
  bucket: Bucket,
  object: string,
  mostBytes: number,
  place: string,
  limit?: string,
): Promise<Uint8Array | null> {
  for (let tries = 1; ; tries++) {
    const info = await infoOf(bucket, object, place);
    if (!info) return null;
    judging(() => assertSize(info.size, mostBytes, place, limit));
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of chunksOf(bucket, info, place)) chunks.push(chunk);
      return joinedBytes(chunks);
    } catch (error) {
      // Who saves an object anew removes the chunks of the one before.
      if (tries === TRIES || (await infoOf(bucket, object, place))?.nuid === info.nuid) throw error;
    }
  }
}

/** Copies an object to another store under its name, unless it is there. Nothing where there is none. @throws (rejects) as {@link readObject} */
export async function copyObject(from: Bucket, to: Bucket, object: string, place: string): Promise<void> {
  const info = await infoOf(from, object, place);
  if (!info || (await infoOf(to, object, place))) return;
  const chunks = chunksOf(from, info, place);
  const bytes = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
  });
  await to.store.put({ name: object }, bytes);
}

/** What the store says of an object; null if there is none. */
async function infoOf({ store }: Bucket, object: string, place: string): Promise<ObjectInfo | null> {
  const info = await patiently(() => store.info(object));
  if (!info || info.deleted) return null;
  // A link would lead to another bucket.
  if (
    info.options?.link ||
    !/^\w+$/.test(info.nuid) ||
    !isIntegerFrom(info.size, 0) ||
    !isIntegerFrom(info.chunks, 0)
  )
    throw new UnreadableError(
      `${place} is damaged: it has no size, or is a link; wanted an object with bytes`,
    );
  return info;
}

/** The chunks of an object, of `info.size` bytes together. */
async function* chunksOf(
  { name, manager }: Bucket,
  info: ObjectInfo,
  place: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const damaged = (what: string): UnreadableError => new UnreadableError(`${place} is damaged: ${what}`);
  const from = (seq: number): Promise<StoredMsg | null> => {
    const first = { seq, next_by_subj: `$O.${name}.C.${info.nuid}` };
    return patiently(() => manager.streams.getMessage(`OBJ_${name}`, first));
  };
  let last = 0;
  let left = info.size;
  for (let read = 0; read < info.chunks;) {
    // Where the first one is, nobody knows.
    const count = read === 0 ? 1 : Math.min(AT_A_TIME, info.chunks - read);
    const found = await Promise.all(Array.from({ length: count }, (_, i) => from(last + 1 + i)));
    if (!found[0]) throw damaged(`${read} of its ${info.chunks} chunks are there`);
    for (const chunk of found) {
      // Chunks of two objects that are written at a time lie between each other: then several questions have one answer.
      if (!chunk || chunk.seq <= last) continue;
      last = chunk.seq;
      read++;
      left -= chunk.data.length;
      if (left < 0) throw damaged(`it has more than ${info.size} bytes`);
      yield chunk.data;
    }
  }
  if (left > 0) throw damaged(`${left} of its ${info.size} bytes are missing`);
}
