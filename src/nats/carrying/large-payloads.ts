/**
 * Payloads of a stream that are larger than the server's `max_payload`: an object in a bucket beside the stream, and a message that names it.
 * The object lives as long as messages of the stream may, or until a message of a work queue is acknowledged.
 */
import { RetentionPolicy, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import { headers, nuid, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { Objm, type ObjectStore } from '@nats-io/obj';
import { header, headerOf } from '../connection';
import { assertSize } from '../parts';

/** The large payloads of one stream. */
export interface LargePayloads {
  /** Stores a payload, and gives the headers that name it. */
  readonly put: (bytes: Uint8Array) => Promise<MsgHdrs>;
  /** The payload that the headers of a message name; null if they name none. */
  readonly get: (
    message: { readonly headers?: MsgHdrs },
    mostBytes: number,
    place: string,
  ) => Promise<Uint8Array | null>;
  /** Call this when a message is acknowledged. */
  readonly done: (message: { readonly headers?: MsgHdrs }) => Promise<void>;
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
  let opened: Promise<ObjectStore> | null = null;
  const store = (): Promise<ObjectStore> => {
    opened ??= new Objm(connection).create(bucket, { ttl: config.max_age, storage: config.storage });
    return opened;
  };
  /** The name of the object; null if there is none. A message may not name another bucket. */
  const named = (message: { readonly headers?: MsgHdrs }, place: string): string | null => {
    const text = headerOf(message, header.object);
    if (text === '') return null;
    const name = /^\w{10,40}$/.exec(text)?.[0];
    if (name === undefined)
      throw new Error(`${place} has the header ${header.object}: ${text}; wanted the name of an object`);
    return name;
  };
  return {
    put: async (bytes) => {
      const name = nuid.next();
      await (await store()).putBlob({ name }, bytes);
      const made = headers();
      made.set(header.object, name);
      return made;
    },
    get: async (message, mostBytes, place) => {
      const name = named(message, place);
      if (name === null) return null;
      const objects = await store();
      const info = await objects.info(name);
      if (info) assertSize(info.size, mostBytes, place);
      const bytes = info && (await objects.getBlob(name));
      if (!bytes)
        throw new Error(`${place} names the object '${name}', which is not in the bucket '${bucket}'`);
      return bytes;
    },
    done: async (message) => {
      if (config.retention !== RetentionPolicy.Workqueue) return;
      const name = named(message, '');
      if (name !== null) await (await store()).delete(name);
    },
  };
}
