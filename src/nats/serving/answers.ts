/** Answers requests, and counts the answers. */
import { headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { DEFAULT_MOST_BYTES } from '../carrying/listener';
import { encodeDecoded, type Decoded, type Precision } from '../codec';
import { oneLine, tell } from '../connection';
import { offer, type Offered } from '../parts';
import { payloadCache } from '../payload-cache';
import { messageOf } from '../refusals';
import * as protocol from './protocol';
import type { Counts } from './statistics';
import type { Waiting } from './waiting';

/** Answers that nobody has fetched take no more memory than this. */
const MOST_KEPT_BYTES = 4 * DEFAULT_MOST_BYTES;
const MOST_KEEP_MS = 30_000;

export interface Answers {
  readonly result: (request: Waiting, result: Decoded) => void;
  /** @param arrived when the request came, in ms of `performance.now()` */
  readonly error: (message: Msg, arrived: number, code: number, error: unknown) => void;
  /** Forgets a large result that its request does not fetch any more. */
  readonly forget: (request: string) => void;
}

export function answersOn(
  caller: string,
  connection: NatsConnection,
  precision: Precision,
  counts: Counts,
): Answers {
  const cache = payloadCache(MOST_KEPT_BYTES);

  const answered = (arrived: number): void => {
    counts.requests++;
    counts.seconds += (performance.now() - arrived) / 1000;
  };

  /** Who asks on a connection that is closed by now finds out by itself. */
  const respond = (message: Msg, bytes: Uint8Array, sent?: MsgHdrs): void => {
    tell(() => message.respond(bytes, sent ? { headers: sent } : undefined));
  };

  const answerError: Answers['error'] = (message, arrived, code, error) => {
    counts.errors++;
    counts.lastError = oneLine(messageOf(error));
    answered(arrived);
    const sent = headers();
    sent.set(protocol.serviceHeader.errorCode, String(code));
    sent.set(protocol.serviceHeader.error, counts.lastError);
    respond(message, new Uint8Array(), sent);
  };

  return {
    error: answerError,
    result: ({ message, arrived, deadline, request }, result) => {
      let offered: Offered;
      try {
        // Nobody fetches an answer when the time to wait for it is over.
        const ms = Math.min(MOST_KEEP_MS, Math.max(0, deadline - performance.now()));
        const keeping = { ms, isForOne: true, cache, name: request };
        offered = offer(connection, encodeDecoded(caller, result, precision), undefined, keeping);
      } catch (error) {
        // A result that cannot be sent is the error of this request.
        answerError(message, arrived, protocol.code.model, error);
        return;
      }
      answered(arrived);
      respond(message, offered.first, offered.headers);
    },
    forget: (request) => {
      if (request !== '') cache.forget(request);
    },
  };
}
