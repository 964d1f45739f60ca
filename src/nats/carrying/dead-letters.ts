/** Messages that nobody could process. Each is published as it was, with headers that tell where it was and why it was given up. */
import { jetstream, JetStreamApiError, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import { headers as newHeaders, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { header, headerOf, oneLine } from '../connection';
import { UnreadableError } from '../objects';
import { largePayloads, streamOf, type LargePayloads } from './large-payloads';

function headersOf(message: JsMsg, reason: string): MsgHdrs {
  const letter = newHeaders();
  for (const key of [header.object, header.parts]) {
    const text = headerOf(message, key);
    if (text !== '') letter.set(key, text);
  }
  letter.set(header.reason, oneLine(reason));
  letter.set(header.subject, message.subject);
  letter.set(header.deliveries, String(message.info.deliveryCount));
  return letter;
}

/** The payloads beside the stream that takes a subject; null if no stream takes it, or the server does not tell. @throws (rejects) if it may tell later */
async function payloadsFor(
  caller: string,
  connection: NatsConnection,
  manager: JetStreamManager,
  subject: string,
): Promise<LargePayloads | null> {
  try {
    return largePayloads(connection, await streamOf(caller, manager, subject));
  } catch (error) {
    const { cause } = error as Error;
    const isAnswer = cause instanceof JetStreamApiError && cause.status < 500;
    if (!isAnswer) throw error;
    return null;
  }
}

/**
 * Publishes a message on the subject for those that are given up, with its payload if it is large, and removes it from its stream's deliveries.
 *
 * @param large the payloads beside the stream of the message
 * @throws (rejects) when the server does not take it now: then it is to be delivered again
 */
export async function giveUp(
  caller: string,
  connection: NatsConnection,
  manager: JetStreamManager,
  deadLetters: string,
  message: JsMsg,
  reason: string,
  large: LargePayloads,
): Promise<void> {
  const letter = headersOf(message, reason);
  const there = await payloadsFor(caller, connection, manager, deadLetters);
  if (there) {
    try {
      await large.copyTo(there, message);
    } catch (error) {
      // What cannot be read here cannot be read there.
      if (!(error instanceof UnreadableError)) throw error;
    }
    await jetstream(connection).publish(deadLetters, message.data, { headers: letter });
  } else {
    // No stream takes it: whoever listens gets it.
    connection.publish(deadLetters, message.data, { headers: letter });
  }
  message.term();
  // An object that cannot be deleted now is deleted with its age.
  if (there && there.bucket !== large.bucket) await large.done(message).catch(() => undefined);
}
