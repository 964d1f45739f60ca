/**
 * Reads objects of JetStream's object store. The client reads through a consumer, waits for ever for chunks that are not there, and needs a permission by which messages
 * can be delivered to any subject. So each chunk is asked for here as a stored message: what is missing is known at once.
 */
import { jetstream, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { Objm, type ObjectInfo, type ObjectStore, type ObjectStoreOptions } from '@nats-io/obj';
import { isIntegerFrom } from '../tensor/argument';
import { joinedBytes } from '../tensor/joined-bytes';
import { assertSize } from './parts';
import { ANSWER_MS, opener, patiently } from './patient';
import { messageOf } from './refusals';

const TRIES = 3;
/** A bucket of the object store. */
export interface Bucket {
  readonly name: string;
  readonly store: ObjectStore;
  readonly manager: JetStreamManager;
}

/** Makes a function that opens a bucket, and makes it if it is not there. */
export function bucketIn(
  connection: NatsConnection,
  name: string,
  options: Partial<ObjectStoreOptions> = {},
): () => Promise<Bucket> {
  return opener(async () => {
    const client = jetstream(connection, { timeout: ANSWER_MS });
    // The client removes options from what it is given.
    const store = await new Objm(client).create(name, { ...options });
    return { name, store, manager: await client.jetstreamManager(false) };
  });
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
    throw new UnreadableError(`${place} is damaged: it has no size, or is a link`);
  return info;
}

/** The chunks of an object, of `info.size` bytes together. */
async function* chunksOf(
  { name, manager }: Bucket,
  info: ObjectInfo,
  place: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const damaged = (what: string): UnreadableError => new UnreadableError(`${place} is damaged: ${what}`);
  const filter = { next_by_subj: `$O.${name}.C.${info.nuid}` };
  let last = 0;
  let left = info.size;
  const assertSized = (fits: boolean): void => {
    if (!fits) throw damaged(`${info.size - left} of its ${info.size} bytes are there`);
  };
  for (let read = 0; read < info.chunks; read++) {
    const query = { ...filter, seq: last + 1 };
    const chunk = await patiently(() => manager.streams.getMessage(`OBJ_${name}`, query));
    if (!chunk) throw damaged(`${read} of its ${info.chunks} chunks are there`);
    last = chunk.seq;
    left -= chunk.data.length;
    assertSized(left >= 0);
    yield chunk.data;
  }
  assertSized(left === 0);
}
