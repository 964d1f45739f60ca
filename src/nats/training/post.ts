import type { Msg, NatsConnection, Status, Subscription } from '@nats-io/nats-core';
import { closedMessage } from '../connection';
import { decodeMessage, encodeMessage, type Ask, type Standing, type StateNotice } from './asks';
import type { Traffic } from './membership-options';
import { ALL, senderIn, subjectOf, type SubjectKind } from './subjects';

/** What came of a question: an answer; nobody there, at once; or nothing in time. */
export type Reply<T> =
  { readonly kind: 'answer'; readonly answer: T } | { readonly kind: 'nobody' | 'silence' };

/** What a member does with what reaches it. */
export interface Receiver {
  /** A part or a sum. Throws if it is to be refused. */
  readonly piece: (bytes: Uint8Array, sender: string) => void;
  /** A question. Null where it is this member's own. Throws if it is to be refused. */
  readonly ask: (ask: Ask, sender: string) => Standing | null;
  /** A question for the state. Throws if it cannot be had. */
  readonly state: () => StateNotice;
  /** The view has changed. */
  readonly view: () => void;
  /** The connection was lost, or is there again. */
  readonly connected: (isConnected: boolean) => void;
}

/** A member's connection to the others. */
export interface Post {
  readonly send: (kind: 'part' | 'sum', receiver: string, bytes: Uint8Array) => void;
  readonly announceView: () => void;
  readonly ask: (receiver: string, ask: Ask, timeout: number) => Promise<Reply<Standing>>;
  readonly askState: (receiver: string, timeout: number) => Promise<Reply<StateNotice>>;
  readonly traffic: () => Traffic;
  readonly close: () => void;
}

/** Subscribes to what is for this member and for all. */
export function openPost(connection: NatsConnection, run: string, me: string, receiver: Receiver): Post {
  let sent = 0;
  let received = 0;
  let refused = 0;
  let lastRefusal: string | null = null;
  let isOpen = true;
  const refuse = (reason: unknown): void => {
    refused++;
    lastRefusal = reason instanceof Error ? reason.message : String(reason);
  };
  /** Runs `work` for a message of another member; whatever it throws is a refusal, and never an exception in a callback of the client. */
  const heard =
    (work: (message: Msg, sender: string) => void) =>
    (error: Error | null, message: Msg): void => {
      if (!isOpen) return;
      try {
        if (error) throw error;
        const sender = senderIn(message.subject);
        work(message, sender);
      } catch (reason) {
        refuse(reason);
      }
    };
  const subscribe = (
    kind: SubjectKind,
    to: string,
    work: (message: Msg, sender: string) => void,
  ): Subscription => connection.subscribe(subjectOf(run, kind, to, '*'), { callback: heard(work) });
  const piece = ({ data }: Msg, sender: string): void => {
    if (sender !== me) received += data.length;
    if (sender !== me) receiver.piece(data, sender);
  };
  const subscriptions = [
    subscribe('part', me, piece),
    subscribe('sum', ALL, piece),
    subscribe('sum', me, piece),
    subscribe('view', ALL, (_message, sender) => {
      if (sender !== me) receiver.view();
    }),
    subscribe('ask', me, (message, sender) => {
      const standing = receiver.ask(decodeMessage('ask', message.data), sender);
      if (standing) message.respond(encodeMessage('standing', standing));
    }),
    subscribe('state', me, (message) => {
      message.respond(encodeMessage('state', receiver.state()));
    }),
  ];
  // The client keeps who listens, and all that it hears, until that stops.
  const statuses = connection.status() as AsyncIterable<Status> & { readonly stop?: () => void };
  void (async () => {
    for await (const { type } of statuses) {
      if (!isOpen) return;
      if (type === 'disconnect' || type === 'reconnect') receiver.connected(type === 'reconnect');
    }
    // The connection was closed for good: who asks finds out.
    if (isOpen) receiver.connected(true);
  })();
  const publish = (subject: string, data?: Uint8Array): void => {
    // A connection that was closed for good is noticed by whoever asks; here it only means that nobody hears it.
    if (isOpen && !connection.isClosed()) connection.publish(subject, data);
  };
  const request = async (kind: 'ask' | 'state', to: string, data: string, timeout: number) => {
    try {
      const message = await connection.request(subjectOf(run, kind, to, me), data, { timeout });
      return { kind: 'answer', data: message.data } as const;
    } catch (error) {
      if (connection.isClosed()) throw new Error(closedMessage('dataParallel'), { cause: error });
      return { kind: isNobody(error) ? 'nobody' : 'silence' } as const;
    }
  };
  const answered = async <K extends 'standing' | 'state'>(
    kind: K,
    asking: ReturnType<typeof request>,
  ): Promise<Reply<K extends 'standing' ? Standing : StateNotice>> => {
    const reply = await asking;
    if (reply.kind !== 'answer') return reply;
    try {
      return {
        kind: 'answer',
        answer: decodeMessage(kind, reply.data) as K extends 'standing' ? Standing : StateNotice,
      };
    } catch (reason) {
      refuse(reason);
      return { kind: 'silence' };
    }
  };
  return {
    send: (kind, to, bytes) => {
      sent += bytes.length;
      publish(subjectOf(run, kind, to, me), bytes);
    },
    announceView: () => publish(subjectOf(run, 'view', ALL, me)),
    ask: (to, ask, timeout) => answered('standing', request('ask', to, encodeMessage('ask', ask), timeout)),
    askState: (to, timeout) => answered('state', request('state', to, '', timeout)),
    traffic: () => ({ sent, received, refused, lastRefusal }),
    close: () => {
      isOpen = false;
      statuses.stop?.();
      for (const each of subscriptions) each.unsubscribe();
    },
  };
}

/** Whether the server said that nobody is subscribed: status 503. (The error's class may be that of another copy of the client.) */
function isNobody(error: unknown): boolean {
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly name?: string } };
  return name === NO_RESPONDERS || cause?.name === NO_RESPONDERS;
}

/** The name of the client's error. */
const NO_RESPONDERS = 'NoResponders';
