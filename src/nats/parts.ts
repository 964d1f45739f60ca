/**
 * Payloads that are larger than the server's `max_payload`, without JetStream. The first part travels in the message itself, with a header that
 * names a subject; the receiver asks there for each further part. So the receiver sets the pace, and members of a queue group, of whom one gets the
 * message, get the whole of it.
 */
import { headers, nuid, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { header, headerOf, mostPayload } from './connection';

/** All parts are asked for below this subject, so that no message makes its receiver ask anywhere else. */
const PARTS = 'rxtensor.parts';
/** The sender keeps a payload for so many ms after the last request for a part of it. */
const KEEP_MS = 30_000;
const PART_TIMEOUT_MS = 10_000;

/** A payload that is ready to be published. */
export interface Offered {
  readonly first: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  /** Forgets the other parts. */
  readonly release: () => void;
}

/** Keeps the parts of a payload for receivers, if one message is not enough. */
export function offer(connection: NatsConnection, bytes: Uint8Array, given?: MsgHdrs): Offered {
  const size = mostPayload(connection);
  if (bytes.length <= size) return { first: bytes, headers: given, release: () => undefined };
  const subject = `${PARTS}.${nuid.next()}`;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const subscription = connection.subscribe(subject, {
    callback: (error, request) => {
      if (error) return;
      const index = Number(request.string());
      const isPart = Number.isInteger(index) && index > 0 && index * size < bytes.length;
      request.respond(isPart ? bytes.subarray(index * size, (index + 1) * size) : new Uint8Array());
      keep();
    },
  });
  const release = (): void => {
    clearTimeout(timer);
    if (!subscription.isClosed()) subscription.unsubscribe();
  };
  const keep = (): void => {
    clearTimeout(timer);
    timer = setTimeout(release, KEEP_MS);
    // A payload that nobody asks for must not keep the program alive. (Timers of pages are numbers.)
    (timer as { unref?: () => void }).unref?.();
  };
  keep();
  const all = given ?? headers();
  all.set(header.parts, `${bytes.length} ${size} ${subject}`);
  return { first: bytes.subarray(0, size), headers: all, release };
}

/**
 * The whole payload of a message.
 *
 * @param place for messages: where it comes from
 * @throws (rejects) when the header is wrong, the payload would be larger than `mostBytes`, or the sender has gone
 */
export async function collect(
  connection: NatsConnection,
  message: Pick<Msg, 'data' | 'headers'>,
  mostBytes: number,
  place: string,
): Promise<Uint8Array> {
  const described = headerOf(message, header.parts);
  assertSize(described === '' ? message.data.length : Number(described.split(' ')[0]), mostBytes, place);
  if (described === '') return message.data;
  const [, total, size, subject] =
    /^(\d{1,15}) (\d{1,15}) (rxtensor\.parts\.\w{10,40})$/.exec(described) ?? [];
  const wanted = Number(total);
  if (
    !subject ||
    message.data.length !== Number(size) ||
    message.data.length === 0 ||
    wanted <= message.data.length
  )
    throw new Error(
      `${place} has the header ${header.parts}: ${described}; wanted 'total part subject' that fits its ${message.data.length} bytes`,
    );
  const parts = [message.data];
  for (let found = message.data.length; found < wanted;) {
    const answer = await connection.request(subject, String(parts.length), { timeout: PART_TIMEOUT_MS });
    const expected = Math.min(message.data.length, wanted - found);
    if (answer.data.length !== expected)
      throw new Error(`${place} has a part of ${answer.data.length} bytes; wanted ${expected}`);
    parts.push(answer.data);
    found += expected;
  }
  const bytes = new Uint8Array(wanted);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** @throws when it is not a size up to the limit */
export function assertSize(bytes: number, mostBytes: number, place: string): void {
  if (bytes <= mostBytes) return;
  throw new Error(`${place} has ${bytes} bytes; wanted at most ${mostBytes}, the option 'mostBytes'`);
}
