/**
 * Payloads that are larger than the server's `max_payload`, without JetStream. The first part travels in the message itself, with a header that
 * names a subject; the receiver asks there for each further part. So the receiver sets the pace, and members of a queue group, of whom one gets the
 * message, get the whole of it.
 */
import { createInbox, headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { joinedBytes } from '../tensor/joined-bytes';
import { header, headerOf, inboxPrefix, mostPayload } from './connection';
import type { PayloadCache } from './payload-cache';

/**
 * Parts are asked for below the sender's inbox, where nobody else may listen, and who answers it may publish. This word in the subject makes sure that no message
 * makes its receiver ask anywhere else.
 */
const PARTS = 'rxtensor-parts';
const HEADER = /^(\d{1,15}) (\d{1,15}) ((?:[^\s.*>]+\.)+rxtensor-parts\.\w{10,40})$/;
/** The sender keeps a payload for so many ms after the last request for a part of it. */
const KEEP_MS = 30_000;
const PART_TIMEOUT_MS = 10_000;
/** Parts must come at this rate, in bytes per ms, after the time for one: 250 KB/s. */
const LEAST_RATE = 250;
/** Servers between sender and receiver may take smaller messages than the receiver's, but not this many times. */
const SMALLER_SERVERS = 16;

/** A payload that is ready to be published. */
export interface Offered {
  readonly first: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  /** Forgets the other parts. */
  readonly release: () => void;
}

/** How long the parts of a payload are kept. */
export interface Keeping {
  /** For how many ms after the last request for a part; the default is 30,000. */
  readonly ms?: number;
  /** Whether one receiver gets them: they are forgotten when it has asked for the last. */
  readonly isForOne?: boolean;
  /** Bounds what is kept. */
  readonly cache?: PayloadCache;
  /** A name to forget them by. */
  readonly name?: string;
}

/** Keeps the parts of a payload for receivers, if one message is not enough. */
export function offer(
  connection: NatsConnection,
  bytes: Uint8Array,
  given?: MsgHdrs,
  { ms = KEEP_MS, isForOne = false, cache, name = '' }: Keeping = {},
): Offered {
  const size = mostPayload(connection);
  if (bytes.length <= size) return { first: bytes, headers: given, release: () => undefined };
  const subject = createInbox(`${inboxPrefix(connection) ?? '_INBOX'}.${PARTS}`);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const subscription = connection.subscribe(subject, {
    callback: (error, request) => {
      if (error) return;
      const index = Number(request.string());
      const isPart = Number.isInteger(index) && index > 0 && index * size < bytes.length;
      request.respond(isPart ? bytes.subarray(index * size, (index + 1) * size) : new Uint8Array());
      if (isForOne && isPart && (index + 1) * size >= bytes.length) release();
      else keep();
    },
  });
  const release = (): void => {
    clearTimeout(timer);
    cache?.remove(release);
    if (!subscription.isClosed()) subscription.unsubscribe();
  };
  const keep = (): void => {
    clearTimeout(timer);
    timer = setTimeout(release, ms);
    // A payload that nobody asks for must not keep the program alive. (Timers of pages are numbers.)
    (timer as { unref?: () => void }).unref?.();
  };
  keep();
  void subscription.closed.then(release);
  cache?.add(release, bytes.length, name);
  const all = given ?? headers();
  all.set(header.parts, `${bytes.length} ${size} ${subject}`);
  return { first: bytes.subarray(0, size), headers: all, release };
}

/** When a receiver gives up. */
export interface Patience {
  /** At this time of `performance.now()`. */
  readonly deadline?: number;
  /** When this is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * The whole payload of a message. However it is parted, that ends within a time that its size sets.
 *
 * @param place for messages: where it comes from
 * @throws (rejects) when the header is wrong, the payload would be larger than `mostBytes`, its parts are small, or the sender has gone or is slow
 */
export async function collect(
  connection: NatsConnection,
  message: Pick<Msg, 'data' | 'headers'>,
  mostBytes: number,
  place: string,
  { deadline = Infinity, signal }: Patience = {},
): Promise<Uint8Array> {
  const described = headerOf(message, header.parts);
  assertSize(described === '' ? message.data.length : Number(described.split(' ')[0]), mostBytes, place);
  if (described === '') return message.data;
  const { length } = message.data;
  const [, total, size, subject] = HEADER.exec(described) ?? [];
  const wanted = Number(total);
  if (!subject || length !== Number(size) || length === 0 || wanted <= length)
    throw new Error(
      `${place} has the header ${header.parts}: ${described}; wanted 'total part subject' that fits its ${length} bytes`,
    );
  // A connection that is away from its server does not know what that takes.
  const least = connection.info ? Math.ceil(mostPayload(connection) / SMALLER_SERVERS) : 1;
  if (length < least)
    throw new Error(
      `${place} comes in parts of ${length} bytes; wanted at least ${least}: parts are as large as the server takes`,
    );
  const start = performance.now();
  const parts = [message.data];
  let found = length;
  let leave: (reason: unknown) => void = () => undefined;
  const left = new Promise<never>((_, reject) => (leave = reject));
  left.catch(() => undefined);
  const abort = (): void => leave(signal!.reason);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  try {
    while (found < wanted) {
      const now = performance.now();
      const timeout = Math.ceil(
        Math.min(PART_TIMEOUT_MS, start + PART_TIMEOUT_MS + found / LEAST_RATE - now, deadline - now),
      );
      const answer = await Promise.race([part(subject, timeout), left]);
      const expected = Math.min(length, wanted - found);
      if (answer.length !== expected)
        throw new Error(`${place} has a part of ${answer.length} bytes; wanted ${expected}`);
      parts.push(answer);
      found += expected;
    }
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return joinedBytes(parts);

  async function part(from: string, timeout: number): Promise<Uint8Array> {
    try {
      // A timeout of 0 would be refused.
      if (timeout <= 0) throw new Error('the time is over');
      return (await connection.request(from, String(parts.length), { timeout })).data;
    } catch (cause) {
      throw new Error(
        `${place} comes in parts, and the sender has gone or is slow (${String(cause)}): found ${found} bytes; wanted ${wanted}`,
        { cause },
      );
    }
  }
}

/** @param limit what sets the limit @throws when it is not a size up to the limit */
export function assertSize(
  bytes: number,
  mostBytes: number,
  place: string,
  limit = "the option 'mostBytes'",
): void {
  if (bytes <= mostBytes) return;
  throw new Error(`${place} has ${bytes} bytes; wanted at most ${mostBytes}, ${limit}`);
}
