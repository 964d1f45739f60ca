/**
 * Reads objects of JetStream's object store. The client waits for ever for chunks that are not there, so they are counted first, and each may be awaited for
 * some seconds only.
 */
import { deadline, TimeoutError } from '@nats-io/nats-core';
import type { ObjectInfo, ObjectStore } from '@nats-io/obj';
import { isIntegerFrom } from '../tensor/argument';
import { assertSize } from './parts';
import { patiently } from './patient';
import { messageOf } from './refusals';

/** The next chunk of an object comes within so many ms, or is asked for again. */
const STALL_MS = 5000;
const TRIES = 3;

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
 * @throws (rejects) with an {@link UnreadableError} when it has more than `mostBytes` bytes, or is damaged; with other errors when the server does not answer
 */
export async function readObject(
  store: ObjectStore,
  object: string,
  mostBytes: number,
  place: string,
): Promise<Uint8Array | null> {
  for (let tries = 1; ; tries++) {
    const info = await infoOf(store, object, place);
    if (!info) return null;
    judging(() => assertSize(info.size, mostBytes, place));
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of chunksOf(store, info, place)) chunks.push(chunk);
      return joined(chunks, info.size);
    } catch (error) {
      if (tries === TRIES) throw error;
      // A server that has restarted has forgotten who reads; and one that saves the object anew removes the chunks that were read.
      const isLate = error instanceof TimeoutError;
      if (!isLate && (await infoOf(store, object, place))?.nuid === info.nuid) throw error;
    }
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** Copies an object to another store under its name, unless it is there. Nothing where there is none. @throws (rejects) as {@link readObject} */
export async function copyObject(
  from: ObjectStore,
  to: ObjectStore,
  object: string,
  place: string,
): Promise<void> {
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
  await to.put({ name: object }, bytes);
}

/** What the store says of an object; null if there is none. */
async function infoOf(store: ObjectStore, object: string, place: string): Promise<ObjectInfo | null> {
  const info = await patiently(() => store.info(object));
  if (!info || info.deleted) return null;
  // A link would lead to another bucket.
  if (info.options?.link || !isIntegerFrom(info.size, 0) || !isIntegerFrom(info.chunks, 0))
    throw new UnreadableError(
      `${place} is damaged: it has no size, or is a link; wanted an object with bytes`,
    );
  return info;
}

/** The chunks of an object, of `info.size` bytes together. */
async function* chunksOf(
  store: ObjectStore,
  info: ObjectInfo,
  place: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const damaged = (what: string): UnreadableError => new UnreadableError(`${place} is damaged: ${what}`);
  const subject = `$O.${info.bucket}.C.${info.nuid}`;
  const { streamInfo } = await patiently(() => store.status({ subjects_filter: subject }));
  const there = streamInfo.state.subjects?.[subject] ?? 0;
  if (there !== info.chunks) throw damaged(`${there} of its ${info.chunks} chunks are there`);
  const reading = await patiently(() => store.get(info.name));
  if (!reading) throw damaged('it was deleted while it was read');
  reading.error.catch(() => undefined); // `read` tells it too
  const reader = reading.data.getReader();
  let left = info.size;
  try {
    if (reading.info.nuid !== info.nuid) throw damaged('it was replaced while it was read');
    for (;;) {
      const { done, value } = await soon(reader.read(), damaged);
      if (done) break;
      left -= value.length;
      if (left < 0) throw damaged(`it has more than ${info.size} bytes`);
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
  if (left > 0) throw damaged(`${left} of its ${info.size} bytes are missing`);
}

/** Waits for a chunk. @throws (rejects) with a TimeoutError when it does not come; with what `damaged` makes of other errors, which are those of a digest */
async function soon<T>(chunk: Promise<T>, damaged: (what: string) => Error): Promise<T> {
  try {
    return await deadline(chunk, STALL_MS);
  } catch (error) {
    throw error instanceof TimeoutError ? error : damaged(messageOf(error));
  }
}
