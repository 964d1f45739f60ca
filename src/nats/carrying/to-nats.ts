import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { nuid, TimeoutError, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import type { OperatorFunction } from 'rxjs';
import { described, isIntegerFrom } from '../../tensor/argument';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import { waitFor, type Waiter } from '../../streams/emission';
import { operator } from '../../streams/operator';
import { inOrderFor } from '../../streams/operators/parts/in-order';
import { encodeEmission, precisions, type Precision } from '../codec';
import { assertConnection, assertSubject, mostPayload } from '../connection';
import { explained } from '../jetstream-errors';
import { offer } from '../parts';
import { payloadCache, type PayloadCache } from '../payload-cache';
import { DEFAULT_MOST_BYTES } from './listener';
import { largePayloads, streamOf, type LargePayloads } from './large-payloads';

/** Options of {@link toNats}. */
export interface ToNatsOptions<T> {
  /**
   * Whether a stream of JetStream must acknowledge each message; true by default. With false messages go to whoever listens now (core NATS):
   * nothing keeps them, and nobody may get them. The parts of large ones are held here for listeners, at most 128 MB for a connection: then the oldest
   * are forgotten, and who still reads one refuses it.
   */
  readonly acknowledged?: boolean;
  /** How float32 numbers travel: `'float32'` (the default), or rounded to 16 bits as `'float16'` or `'bfloat16'`. */
  readonly precision?: Precision;
  /**
   * A message's id. A stream stores one message of each id within its `duplicate_window` (two minutes by default), so that a value that is sent
   * twice is stored once. By default each emission has an id of its own: then only this operator's own retries are told.
   */
  readonly id?: (value: T) => string;
  /** How many ms an acknowledgement may take; the default is 5000. Then the message is sent again, with the same id, up to four times. */
  readonly timeout?: number;
}

const name = 'toNats';
const TRIES = 5;
const WITHOUT = ", or the option 'acknowledged: false'";
const waiter: Waiter = { by: name, cure: 'the server does not acknowledge a message: it may be down' };

const rules = {
  acknowledged: isOneOf([true, false]),
  precision: isOneOf(precisions),
  id: [(value: unknown) => typeof value === 'function', 'a function that gives a text'],
  timeout: [(value: unknown) => isIntegerFrom(value, 1), 'a positive integer of ms'],
} as const;

/** Publishes the bytes of one emission. Resolves when the server has them. */
type Publish = (bytes: Uint8Array, id: string) => Promise<void>;

/**
 * Publishes each emission on a subject of NATS, and passes it on: tensors, and what else {@link fromNats} can read, in arrays and plain objects.
 * An emission is finished when the server has acknowledged its message, so that sources wait; messages keep the order of emissions. What is larger than the
 * server's `max_payload` travels in parts (through an object store beside the stream).
 *
 * ```text
 *  source                       --a-----b--|
 *  toNats(connection, subject)  --a-----b----|     completes when b is acknowledged
 * ```
 *
 * @param connection as `connect()` of `@nats-io/transport-node` gives, or `wsconnect()` of `@nats-io/nats-core` in pages
 * @throws (as error notifications) when no stream takes the subject, the server does not acknowledge, a value cannot be sent, or a tensor is on
 *   the tape, since gradients do not leave the process
 * @example
 * ```ts nats
 * import { connect } from '@nats-io/transport-node';
 * import { jetstreamManager } from '@nats-io/jetstream';
 * import * as dl from 'rxtensor';
 * import { fromNats, toNats } from 'rxtensor/nats';
 *
 * const connection = await connect({ servers: process.env.NATS_URL });
 * const manager = await jetstreamManager(connection);
 * await manager.streams.add({ name: 'pictures', subjects: ['pictures.*'] });
 * await dl
 *   .examples([1, 2, 3])
 *   .pipe(dl.mapTensor((x) => dl.fill([2, 2], x)), toNats(connection, 'pictures.squares'))
 *   .forEach((picture) => console.log('sent', picture.shape));
 * await fromNats<dl.Tensor>(connection, 'pictures.squares', { durable: 'sums', count: 3 })
 *   .pipe(dl.mapTensor((picture) => picture.sum()), dl.download())
 *   .forEach((sum) => console.log(sum)); // 4, 8, 12
 * await connection.drain();
 * ```
 */
export function toNats<T>(
  connection: NatsConnection,
  subject: string,
  options: ToNatsOptions<T> = {},
): OperatorFunction<T, T> {
  assertConnection(name, connection);
  assertSubject(name, 'subject', subject, 'no wildcards');
  assertOptionValues<ToNatsOptions<T>>(name, options, rules);
  const { acknowledged = true, precision = 'float32', id, timeout = 5000 } = options;
  return operator<T, T>(name, (output) => {
    const publish = acknowledged
      ? publishToStream(connection, subject, timeout)
      : publishToListeners(connection, subject);
    const inOrder = inOrderFor(output);
    const own = nuid.next();
    let sent = 0;
    return {
      next: (value) => {
        const encoding = encodeEmission(name, value, precision);
        encoding.catch(() => undefined);
        const messageId = id ? checkedId(id(value)) : `${own}-${sent++}`;
        waitFor(
          waiter,
          inOrder.add(async () => publish(await encoding, messageId)),
        );
        output.emit(() => value);
      },
      error: (error) => void inOrder.add(() => output.error(error)),
      complete: () => void inOrder.add(output.complete),
    };
  });
}

/** An id travels in a header, which ends at a line break. */
function checkedId(id: unknown): string {
  if (typeof id === 'string' && id !== '' && !/[\r\n]/.test(id)) return id;
  throw new Error(
    `${name}: option 'id' gave ${described(id)}; wanted a text that is not empty, without line breaks`,
  );
}

/** Nobody may ever ask for the parts of large payloads. So a connection keeps two of the largest that `fromNats` reads by default, as a listener that is slow drops messages. */
const MOST_KEPT_BYTES = 2 * DEFAULT_MOST_BYTES;
const caches = new WeakMap<NatsConnection, PayloadCache>();

function publishToListeners(connection: NatsConnection, subject: string): Publish {
  const cache = caches.get(connection) ?? payloadCache(MOST_KEPT_BYTES);
  caches.set(connection, cache);
  return async (bytes) => {
    try {
      const { first, headers } = offer(connection, bytes, undefined, { cache });
      connection.publish(subject, first, headers ? { headers } : undefined);
      // The server has what was sent before its answer to this.
      await connection.flush();
    } catch (error) {
      throw explained(name, connection, error);
    }
  };
}

function publishToStream(connection: NatsConnection, subject: string, timeout: number): Publish {
  const stream = jetstream(connection);
  let large: Promise<LargePayloads> | null = null;
  const openLarge = async (): Promise<LargePayloads> =>
    largePayloads(connection, await streamOf(name, await jetstreamManager(connection), subject));
  const putLarge = async (bytes: Uint8Array): Promise<MsgHdrs> => {
    try {
      return await (await (large ??= openLarge())).put(bytes);
    } catch (error) {
      throw explained(name, connection, error, WITHOUT);
    }
  };
  return async (bytes, msgID) => {
    const isLarge = bytes.length > mostPayload(connection);
    const headers = isLarge ? await putLarge(bytes) : undefined;
    const payload = isLarge ? undefined : bytes;
    for (let tries = 1; ; tries++) {
      try {
        await stream.publish(subject, payload, { msgID, timeout, ...(headers ? { headers } : {}) });
        return;
      } catch (cause) {
        // A message whose acknowledgement was lost is sent again: the stream tells it by its id.
        if (cause instanceof TimeoutError && tries < TRIES) continue;
        if (connection.isClosed()) throw explained(name, connection, cause);
        throw new Error(
          `${name}: no stream has acknowledged a message on '${subject}' (${String(cause)}); wanted a stream that takes this subject, or the ` +
            "option 'acknowledged: false'",
          { cause },
        );
      }
    }
  };
}
