/**
 * The supply of `fromNats` from a stream of JetStream: a durable consumer that several subscribers share. One message is asked for at a time, when there is
 * room for its emission, so that no message waits in a subscriber that is busy.
 */
import {
  jetstream,
  jetstreamManager,
  type Consumer,
  type ConsumerMessages,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { TimeoutError, type NatsConnection } from '@nats-io/nats-core';
import { subscribing, type Wait } from '../../streams/emission';
import type { Supply } from '../../streams/pulling/pull';
import { decodeEmission, toTensors } from '../codec';
import { placeOf, tell } from '../connection';
import { explained } from '../jetstream-errors';
import { judging, UnreadableError } from '../objects';
import { assertSize } from '../parts';
import { messageOf, refusals } from '../refusals';
import { giveUp } from './dead-letters';
import { openDurable } from './durable';
import type { FromNatsOptions } from './from-nats';
import { largePayloads, streamOf, type LargePayloads } from './large-payloads';
import { DEFAULT_MOST_BYTES } from './listener';

type Item<T> = IteratorResult<T, undefined>;
const DONE = { done: true, value: undefined } as const;

/** How long the server keeps a request for a message. After a restart it has forgotten it, so that a subscriber waits this long at most. */
const REQUEST_MS = 2000;
/** After a failure, the next delivery of a message waits so long, doubled for each failure before. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
/** The pause before another request when one has failed, as while the server restarts. */
const PAUSE_MS = 100;
/** Requests that have failed for so long end the stream. */
const LONGEST_FAILURE_MS = 60_000;

const WITHOUT = ", or no option 'durable', to get what is published now";

const isSilence = (error: unknown): boolean =>
  error instanceof TimeoutError || (error as Error).cause instanceof TimeoutError;

interface Opened {
  readonly consumer: Consumer;
  readonly manager: JetStreamManager;
  readonly large: LargePayloads;
}

/** A message whose emission is not finished. */
interface Outstanding {
  readonly message: JsMsg;
  readonly signs: ReturnType<typeof setInterval>;
}

/** @param reasons why messages failed in this process, by their sequence in the stream; it outlives a subscription that fails, for the next one */
export function supplyOfConsumer<T>(
  name: string,
  connection: NatsConnection,
  subject: string,
  options: FromNatsOptions & { readonly durable: string },
  reasons: Map<number, string>,
): Supply<T> {
  const { durable, ackWait = 30_000, tries = 5, count = Infinity, mostBytes = DEFAULT_MOST_BYTES } = options;
  const { deadLetters = `${durable}.dead`, onRefused } = options;
  let failure: { readonly error: unknown } | null = null;
  const refused = refusals(onRefused, (error) => (failure ??= { error }));
  /** By the number of the emission. */
  const outstanding = new Map<number, Outstanding>();
  let emitted = 0;
  let finished = 0;
  let hasOpened = false;
  let isClosed = false;
  let request: ConsumerMessages | null = null;
  let wake: () => void = () => undefined;

  const open = async (): Promise<Opened> => {
    const manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
    const stream = await streamOf(name, manager, subject, options.stream);
    await openDurable(name, manager, stream, { durable, subject, ackWait });
    const consumer = await jetstream(connection).consumers.get(stream.config.name, durable);
    return { consumer, manager, large: largePayloads(connection, stream) };
  };
  let opening: Promise<Opened> | null = null;

  /** The next message; null when the subscription has ended, or none came in time. */
  const receive = async (consumer: Consumer): Promise<JsMsg | null> => {
    request = await consumer.fetch({ max_messages: 1, expires: REQUEST_MS });
    if (isClosed) void request.close();
    for await (const message of request) {
      if (!isClosed) return message;
      message.nak();
    }
    return null;
  };

  const refuse = async (message: JsMsg, reason: string, { manager, large }: Opened): Promise<null> => {
    await giveUp(name, connection, manager, deadLetters, message, reason, large);
    reasons.delete(message.seq);
    refused.add(message.subject, reason);
    return null;
  };

  /** The value of a message; null when it is given up. @throws (rejects) when it may be had at another try */
  const accept = async (message: JsMsg, stores: Opened): Promise<{ readonly value: T } | null> => {
    if (message.info.deliveryCount > tries) {
      const why = reasons.get(message.seq) ?? 'no subscriber has finished its emission';
      return refuse(message, `delivered ${tries} times: ${why}`, stores);
    }
    const place = placeOf(name, message.subject);
    try {
      judging(() => assertSize(message.data.length, mostBytes, place));
      const bytes = (await stores.large.get(message, mostBytes, place)) ?? message.data;
      const decoded = judging(() => decodeEmission(bytes, place));
      return { value: subscribing(() => toTensors(name, decoded)) as T };
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      return refuse(message, error.message, stores);
    }
  };

  const finish = (index: number): JsMsg | undefined => {
    const found = outstanding.get(index);
    clearInterval(found?.signs);
    outstanding.delete(index);
    wake();
    return found?.message;
  };

  const failed = (message: JsMsg, error: unknown): void => {
    reasons.set(message.seq, messageOf(error));
    const delay = Math.min(FIRST_DELAY_MS * 2 ** (message.info.deliveryCount - 1), LONGEST_DELAY_MS);
    tell(() => message.nak(delay));
  };

  /** {@link accept}, and null when the message is left for another try. */
  const acceptNow = async (
    message: JsMsg,
    stores: Opened,
    signs: Outstanding['signs'],
  ): ReturnType<typeof accept> => {
    let accepted: Awaited<ReturnType<typeof accept>> = null;
    try {
      accepted = await accept(message, stores);
    } catch (error) {
      failed(message, reasons.get(message.seq) ?? error);
    } finally {
      if (!accepted) clearInterval(signs);
    }
    return accepted;
  };

  /** Makes or finds the consumer. A refusal at the beginning ends the stream; later failures, and silence, may be those of a server that restarts. */
  const opened = async (): Promise<Opened> => {
    try {
      const found = await (opening ??= open());
      hasOpened = true;
      return found;
    } catch (error) {
      opening = null;
      if (!hasOpened && !isSilence(error)) failure ??= { error: explained(name, connection, error, WITHOUT) };
      throw error;
    }
  };

  const next = async (): Promise<Item<T>> => {
    let failingSince = Infinity;
    while (!isClosed) {
      if (failure) throw failure.error;
      if (finished >= count) return DONE;
      if (finished + outstanding.size >= count) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      try {
        const stores = await opened();
        const message = await receive(stores.consumer);
        failingSince = Infinity;
        if (!message) continue;
        const signs = setInterval(() => tell(() => message.working()), ackWait / 3);
        const accepted = await acceptNow(message, stores, signs);
        if (!accepted) continue;
        // `pulled` emits it at once, so that this number is the number of its emission; or frees it, if the subscription has ended.
        if (isClosed) {
          clearInterval(signs);
          tell(() => message.nak());
        } else outstanding.set(emitted++, { message, signs });
        return { done: false, value: accepted.value };
      } catch (error) {
        // Nobody waits for a message any more: that the connection has been closed too is no error.
        if (isClosed) return DONE;
        failingSince = Math.min(failingSince, Date.now());
        if (failure) continue;
        if (connection.isClosed() || Date.now() - failingSince > LONGEST_FAILURE_MS)
          throw explained(name, connection, error, WITHOUT);
        opening = null;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
    return DONE;
  };

  const ended = (index: number, waits: readonly Wait[], left: boolean): void => {
    const message = outstanding.get(index)?.message;
    if (!message) return;
    if (left) {
      finish(index);
      failed(
        message,
        waits.find(({ error }) => error !== undefined)?.error ?? 'the subscription ended during its emission',
      );
      return;
    }
    void Promise.allSettled(waits.map(({ promise }) => promise)).then(async (outcomes) => {
      if (!finish(index)) return;
      const rejected = outcomes.find(({ status }) => status === 'rejected') as
        PromiseRejectedResult | undefined;
      if (rejected) {
        failed(message, rejected.reason);
        return;
      }
      if (!tell(() => message.ack())) return;
      finished++;
      wake();
      reasons.delete(message.seq);
      // An object that cannot be deleted now is deleted with its age.
      await opening?.then(({ large }) => large.done(message)).catch(() => undefined);
    });
  };

  return {
    when: 'later',
    next,
    ended,
    close: () => {
      isClosed = true;
      void request?.close();
      for (const index of [...outstanding.keys()]) {
        const message = finish(index);
        tell(() => message?.nak());
      }
      wake();
    },
  };
}
