/** Checks of what the program hands in: connections, subjects, names; and the pieces of text that travel in headers. */
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { described, wrongArgument } from '../tensor/argument';

/** @throws unless it is a connection of a client of NATS */
export function assertConnection(caller: string, connection: unknown): asserts connection is NatsConnection {
  const { publish, subscribe, request } = (connection ?? {}) as Partial<NatsConnection>;
  if (![publish, subscribe, request].every((each) => typeof each === 'function'))
    throw wrongArgument(
      caller,
      'connection',
      connection,
      "a connection to NATS, as connect() of '@nats-io/transport-node' or wsconnect() of '@nats-io/nats-core' gives",
    );
  mostMessage(connection as NatsConnection);
}

/** @throws unless it is a subject: words without spaces, with points between them; with wildcards (`*`, and `>` at the end) only where allowed */
export function assertSubject(
  caller: string,
  argument: string,
  subject: unknown,
  wildcards: 'no wildcards' | 'wildcards too',
): asserts subject is string {
  if (typeof subject === 'string') {
    const words = subject.split('.');
    const fits = words.every((word, i) => {
      if (word === '' || /\s/.test(word)) return false;
      if (word === '*' || word === '>')
        return wildcards === 'wildcards too' && (word === '*' || i === words.length - 1);
      return true;
    });
    if (fits) return;
  }
  const wanted = wildcards === 'no wildcards' ? ', without wildcards' : '';
  throw wrongArgument(caller, argument, subject, `a subject of NATS, as 'camera.frames'${wanted}`);
}

/** Whether a subscription to a subject with wildcards gets what is published on another one, which has none. */
export function takesSubject(filter: string, subject: string): boolean {
  const wanted = filter.split('.');
  const words = subject.split('.');
  const rest = wanted.indexOf('>');
  const fits = rest === -1 ? words.length === wanted.length : words.length > rest;
  return fits && wanted.every((word, i) => word === '*' || word === '>' || word === words[i]);
}

/** Whether a text can be the name of a durable consumer, a service or a bucket. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,128}$/.test(value);
}

export const wantedName = 'a name of letters, digits, - and _';

/** @throws unless it is a name */
export function assertName(caller: string, argument: string, value: unknown): asserts value is string {
  if (!isName(value)) throw wrongArgument(caller, argument, value, wantedName);
}

/** The headers of messages of this library. */
export const header = {
  /** Where the rest of a large payload is: `total part subject`, in bytes. */
  parts: 'Rxtensor-Parts',
  /** Where a large payload is in the object store: `bucket name`. */
  object: 'Rxtensor-Object',
  /** Why a message was given up. */
  reason: 'Rxtensor-Reason',
  /** The subject that a message which was given up had. */
  subject: 'Rxtensor-Subject',
  /** How often it was delivered. */
  deliveries: 'Rxtensor-Deliveries',
} as const;

/** Headers end at a line break. */
export const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 500);

/** What the servers of connections took when they were last looked at: the client forgets it while it connects again. */
const lastLimits = new WeakMap<NatsConnection, number>();

/** The largest message that the server takes. */
export function mostMessage(connection: NatsConnection): number {
  const most = connection.info?.max_payload ?? lastLimits.get(connection) ?? 1 << 20;
  lastLimits.set(connection, most);
  return most;
}

/** The largest payload that the server takes beside headers. */
export function mostPayload(connection: NatsConnection): number {
  const ROOM_FOR_HEADERS = 4096;
  const most = mostMessage(connection);
  return Math.max(Math.floor(most / 2), most - ROOM_FOR_HEADERS);
}

/** The prefix that a user's permissions allow for inboxes, as the client's own requests have it. */
export const inboxPrefix = (connection: NatsConnection): string | undefined =>
  (connection as { readonly options?: { readonly inboxPrefix?: string } }).options?.inboxPrefix;

/** Tells the server something. Returns false on a connection that is closed or drained by now: then there is nobody to be told. */
export function tell(say: () => void): boolean {
  try {
    say();
    return true;
  } catch {
    return false;
  }
}

/** A text in a header of a message; '' where there is none. */
export function headerOf(message: Pick<Msg, 'headers'>, name: string): string {
  return message.headers?.get(name) ?? '';
}

/** The place of a message's bytes, for messages of errors. */
export const placeOf = (caller: string, subject: string): string =>
  `${caller}: a message on ${described(subject)}`;

/** What is said of a connection that the program has closed, or that has given up its server. */
export const closedMessage = (caller: string): string =>
  `${caller}: the connection to NATS is closed; wanted an open one (connect() tries again for ever with the option 'maxReconnectAttempts: -1')`;

/**
 * Resolves when the server has what was sent before, after a reconnection if it takes one. (The client's own `flush()` rejects at each try to reconnect, and waits for
 * ever when the connection is closed.)
 *
 * @throws (rejects) when the connection is closed
 */
export async function flushed(caller: string, connection: NatsConnection): Promise<void> {
  for (let has = false; !has;) {
    if (connection.isClosed()) throw new Error(closedMessage(caller));
    has = await Promise.race([
      connection.flush().then(
        () => true,
        () => false,
      ),
      connection.closed().then(() => false),
    ]);
  }
}
