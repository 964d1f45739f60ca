/**
 * Payloads of a stream that are larger than the server's `max_payload`: an object in a bucket beside the stream, and a message that names it.
 * The object lives as long as messages of the stream may, or until a message of a work queue is acknowledged.
 */
import { RetentionPolicy, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import { headers, nuid, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { header, headerOf } from '../connection';
import { bucketIn, copyObject, readObject, UnreadableError, type Bucket } from '../objects';
import { patiently } from '../patient';

/** The large payloads of one stream. */
export interface LargePayloads {
  /** Stores a payload, and gives the headers that name it. */
  readonly put: (bytes: Uint8Array) => Promise<MsgHdrs>;
  /**
   * The payload that the headers of a message name; null if they name none.
   *
   * @throws (rejects) with an {@link UnreadableError} if it is not there, damaged, or too large; with another error if it cannot be had now
   */
  readonly get: (
    message: { readonly headers?: MsgHdrs },
    mostBytes: number,
    place: string,
  ) => Promise<Uint8Array | null>;
  /** Call this when a message is acknowledged. */
  readonly done: (message: { readonly headers?: MsgHdrs }) => Promise<void>;
  /** Copies the payload of a message, if it has one, to those of another stream, so that a copy of the message is read there. @throws as `get` */
  readonly copyTo: (other: LargePayloads, message: { readonly headers?: MsgHdrs }) => Promise<void>;
  /** The bucket's name. */
  readonly bucket: string;
  /** The bucket, which is made if it is not there. */
  readonly open: () => Promise<Bucket>;
}

/** The bucket beside a stream. */
const bucketOf = (stream: string): string => `${stream.replace(/[^\w-]/g, '_')}_large`;

/** Finds the stream that takes a subject, or looks at the named one. @throws (rejects) when there is none */
export async function streamOf(
  caller: string,
  manager: JetStreamManager,
  subject: string,
  named?: string,
): Promise<StreamInfo> {
  try {
    return await manager.streams.info(named ?? (await manager.streams.find(subject)));
  } catch (cause) {
    const which = named === undefined ? `that takes the subject '${subject}'` : `'${named}'`;
    throw new Error(
      `${caller}: there is no stream ${which} (${String(cause)}); wanted one, as jetstreamManager(connection).streams.add({ name, subjects }) makes`,
      { cause },
    );
  }
}

export function largePayloads(connection: NatsConnection, { config }: StreamInfo): LargePayloads {
  const bucket = bucketOf(config.name);
  const open = bucketIn(connection, bucket, { ttl: config.max_age, storage: config.storage });
  /** The name of the object; null if there is none. A message may not name another bucket. */
  const named = (message: { readonly headers?: MsgHdrs }, place: string): string | null => {
    const text = headerOf(message, header.object);
    if (text === '') return null;
    const name = /^\w{10,40}$/.exec(text)?.[0];
    if (name === undefined)
      throw new UnreadableError(
        `${place} has the header ${header.object}: ${text}; wanted the name of an object`,
      );
    return name;
  };
  return {
    put: async (bytes) => {
      const name = nuid.next();
      const { store } = await patiently(open);
      await patiently(() => store.putBlob({ name }, bytes));
      const made = headers();
      made.set(header.object, name);
      return made;
    },
    get: async (message, mostBytes, place) => {
      const name = named(message, place);
      if (name === null) return null;
      const bytes = await readObject(await patiently(open), name, mostBytes, place);
      if (!bytes)
        throw new UnreadableError(
          `${place} names the object '${name}', which is not in the bucket '${bucket}'`,
        );
      return bytes;
    },
    done: async (message) => {
      if (config.retention !== RetentionPolicy.Workqueue) return;
      const name = named(message, '');
      if (name !== null) await (await open()).store.delete(name);
    },
    copyTo: async (other, message) => {
      const name = named(message, '');
      if (name === null || other.bucket === bucket) return;
      await copyObject(await patiently(open), await patiently(other.open), name, `the object '${name}'`);
    },
    bucket,
    open,
  };
}
