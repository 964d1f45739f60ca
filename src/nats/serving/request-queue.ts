/** Reads requests, and keeps them until they are computed. */
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { reportUnhandled } from '../../streams/notify';
import { decodeEmission } from '../codec';
import { headerOf, placeOf } from '../connection';
import { collect } from '../parts';
import { refusals, type RefusedMessage } from '../refusals';
import type { Answers } from './answers';
import { formOf, haveOneForm, rowsOf } from '../../tensor/rows/one-form';
import * as protocol from './protocol';
import type { Counts } from './statistics';
import { hasRoom, takeBatch, type Waiting } from './waiting';

/** Limits of a queue, as {@link ServeModelOptions} have them. */
export interface QueueLimits {
  readonly maxBatch: number;
  readonly maxWait: number;
  readonly queue: number;
  readonly mostBytes: number;
}

export interface RequestQueue {
  /** How many requests wait. */
  readonly length: () => number;
  /** Reads a request, or refuses it. */
  readonly receive: (message: Msg) => void;
  readonly cancel: (request: string) => void;
  /** The requests to be computed next, together; null when the queue has ended and is empty. */
  readonly take: () => Promise<readonly Waiting[] | null>;
  /** No request comes any more; those that are still being read are refused. */
  readonly end: () => void;
}

export function requestQueue(
  caller: string,
  connection: NatsConnection,
  serviceName: string,
  { maxBatch, maxWait, queue, mostBytes }: QueueLimits,
  answers: Answers,
  counts: Counts,
  onRefused: ((refused: RefusedMessage) => void) | undefined,
): RequestQueue {
  const refused = refusals(onRefused, reportUnhandled);
  const waiting: Waiting[] = [];
  const ended = new AbortController();
  const { signal } = ended;
  /** The messages that are being read, but for those that were called off. */
  const wanted = new Set<Msg>();
  let reading = 0;
  /** Called when a request has come, or the queue ends. */
  let wake: () => void = () => undefined;

  const somethingNew = (within: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = within === Infinity ? undefined : setTimeout(resolve, within);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const nameOf = (message: Msg): string => headerOf(message, protocol.serviceHeader.request);

  const read = async (message: Msg, arrived: number): Promise<Waiting> => {
    const place = placeOf(caller, message.subject);
    const patience = Number(headerOf(message, protocol.serviceHeader.patience));
    const deadline = patience > 0 ? arrived + patience : Infinity;
    const input = decodeEmission(
      await collect(connection, message, mostBytes, place, { deadline, signal }),
      place,
    );
    const rows = maxBatch > 1 ? rowsOf(input) : null;
    return { message, input, rows, form: formOf(input), arrived, deadline, request: nameOf(message) };
  };

  /** Requests that can be joined share one form. */
  const add = (request: Waiting): void => {
    const { rows, form } = request;
    const alike = waiting.find((each) => each.rows !== null && rows !== null && haveOneForm(each.form, form));
    waiting.push(alike ? { ...request, form: alike.form } : request);
  };

  const receive = async (message: Msg): Promise<void> => {
    const arrived = performance.now();
    const refuse = (code: number, error: unknown): void => {
      counts.refused++;
      refused.add(message.subject, error);
      answers.error(message, arrived, code, error);
    };
    if (waiting.length + reading >= queue) {
      refuse(
        protocol.code.overloaded,
        `${serviceName} has ${queue} requests already; ask later, or start more instances`,
      );
      return;
    }
    reading++;
    wanted.add(message);
    try {
      const request = await read(message, arrived);
      if (wanted.has(message)) add(request);
    } catch (error) {
      if (wanted.has(message))
        refuse(error === signal.reason ? protocol.code.absent : protocol.code.wrongRequest, error);
    } finally {
      reading--;
      wanted.delete(message);
      wake();
    }
  };

  /** Takes those out whose time is over. */
  const dropLate = (now: number): void => {
    for (let i = waiting.length - 1; i >= 0; i--) {
      if (waiting[i]!.deadline >= now) continue;
      waiting.splice(i, 1);
      counts.cancelled++;
    }
  };

  return {
    length: () => waiting.length,
    receive: (message) => void receive(message),
    cancel: (request) => {
      if (request === '') return;
      const found = waiting.findIndex((each) => each.request === request);
      const read = [...wanted].find((each) => nameOf(each) === request);
      if (found >= 0) waiting.splice(found, 1);
      else if (!read || !wanted.delete(read)) return;
      counts.cancelled++;
    },
    take: async () => {
      for (;;) {
        const now = performance.now();
        dropLate(now);
        const [first] = waiting;
        if (first && (signal.aborted || !hasRoom(waiting, maxBatch) || now >= first.arrived + maxWait))
          return takeBatch(waiting, maxBatch);
        if (!first && signal.aborted && reading === 0) return null;
        await somethingNew(first ? first.arrived + maxWait - now : Infinity);
      }
    },
    end: () => {
      ended.abort(new Error(`this instance of ${serviceName} stops; ask again`));
      wake();
    },
  };
}
