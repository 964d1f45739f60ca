import type { NatsConnection } from '@nats-io/nats-core';
import type { Observable } from 'rxjs';
import { isIntegerFrom } from '../../tensor/argument';
import { assertOptionValues } from '../../tensor/options';
import { pulled, type PullOptions } from '../../streams/pulling/pull';
import { assertConnection, assertSubject, isName, takesSubject, wantedName } from '../connection';
import type { RefusedMessage } from '../refusals';
import { explained } from '../jetstream-errors';
import { supplyOfListener } from './listener';
import { supplyOfConsumer } from './consumer';

/** Options of {@link fromNats}. */
export interface FromNatsOptions extends PullOptions {
  /**
   * The name of a durable consumer: messages come from a stream of JetStream, each until some subscriber with this name has finished it. Without it, messages
   * come from whoever publishes now (core NATS).
   */
  readonly durable?: string;
  /** Without `durable`: the name of a group, one of whose members gets each message. */
  readonly queue?: string;
  /** With `durable`: the stream's name. By default the stream that takes the subject. */
  readonly stream?: string;
  /**
   * With `durable`: after how many ms without a sign of life a message goes to another subscriber; the default is 30,000. An emission that takes longer
   * gives signs of life.
   */
  readonly ackWait?: number;
  /** With `durable`: how often a message may be delivered before it is given up; the default is 5. A delivery counts also when the subscriber unsubscribes. */
  readonly tries?: number;
  /**
   * With `durable`: the subject for messages that are given up; the default is `<durable>.dead`. A stream should take it. It may not be one that `subject`
   * takes too, since what is given up would come again.
   */
  readonly deadLetters?: string;
  /** How many values to emit; then the stream completes when all of them are finished. Endless by default. */
  readonly count?: number;
  /** Without `durable`: how many messages may wait; the default is 16. More are dropped. */
  readonly buffer?: number;
  /** The largest payload that is read, in bytes; the default is 64 MB. */
  readonly mostBytes?: number;
  /** Called for each message that was not taken. */
  readonly onRefused?: (refused: RefusedMessage) => void;
  /** Without `durable`: called for each message that was dropped, with the number dropped so far. */
  readonly onDrop?: (dropped: number) => void;
}

const name = 'fromNats';
const positive = [
  (value: unknown) => isIntegerFrom(value, 1) || value === Infinity,
  'a positive integer',
] as const;
const callback = [(value: unknown) => typeof value === 'function', 'a function'] as const;
const named = [isName, wantedName] as const;
const ofConsumers = ['stream', 'ackWait', 'tries', 'deadLetters'] as const;
const ofListeners = ['queue', 'buffer', 'onDrop'] as const;

/**
 * Emits what {@link toNats} has published on a subject, with back-pressure. Tensors live until their emission ends.
 *
 * With `durable`, delivery is *at least once*: a message is acknowledged when its emission is finished (`next` has returned, and promises given to `waitUntil`
 * and asynchronous operators have settled), and at most `inFlight` are out. What a subscriber has not finished when it ends, fails or dies goes to another
 * one, so an effect may happen twice: give messages an `id` where that matters. A subscription that ends during an emission has not finished it: use `count`
 * rather than `take`. A message that was delivered `tries` times, or that cannot be read, is published on `deadLetters` as it was, with headers that tell its
 * subject (`Rxtensor-Subject`) and the reason (`Rxtensor-Reason`).
 *
 * ```text
 *  fromNats(connection, subject)    ----a---b--------c---
 * ```
 *
 * @param subject the subject, which may have wildcards
 * @throws (as error notifications) when there is no such stream, the consumer exists with other settings, or the connection is closed
 * @example
 * ```ts nats
 * import { connect } from '@nats-io/transport-node';
 * import * as dl from 'rxtensor';
 * import { fromNats, toNats } from 'rxtensor/nats';
 *
 * const connection = await connect({ servers: process.env.NATS_URL });
 * const sums = fromNats<dl.Tensor>(connection, 'frames', { queue: 'summing', count: 2 })
 *   .pipe(dl.mapTensor((frame) => frame.sum()), dl.download())
 *   .forEach((sum) => console.log(sum)); // 3, 7
 * await connection.flush();
 * await dl
 *   .examples([[1, 2], [3, 4]])
 *   .pipe(dl.mapTensor((row) => dl.tensor1d(row)), toNats(connection, 'frames', { acknowledged: false }))
 *   .forEach(() => undefined);
 * await sums;
 * await connection.drain();
 * ```
 */
export function fromNats<T>(
  connection: NatsConnection,
  subject: string,
  options: FromNatsOptions = {},
): Observable<T> {
  assertConnection(name, connection);
  assertSubject(name, 'subject', subject, 'wildcards too');
  assertOptionValues<FromNatsOptions>(name, options, {
    durable: named,
    queue: named,
    stream: named,
    ackWait: [(value) => isIntegerFrom(value, 100), 'an integer of at least 100 ms'],
    tries: positive,
    deadLetters: [(value) => typeof value === 'string' && value !== '', 'a subject'],
    count: positive,
    buffer: positive,
    mostBytes: positive,
    onRefused: callback,
    onDrop: callback,
    inFlight: positive,
    scheduler: [() => true, ''],
  });
  const { durable, inFlight, scheduler } = options;
  const deadLetters = options.deadLetters ?? (durable === undefined ? undefined : `${durable}.dead`);
  if (deadLetters !== undefined) assertSubject(name, 'deadLetters', deadLetters, 'no wildcards');
  const misplaced = (durable === undefined ? ofConsumers : ofListeners).find(
    (each) => options[each] !== undefined,
  );
  if (misplaced !== undefined)
    throw new Error(
      `${name}: option '${misplaced}' is given ${durable === undefined ? 'without' : 'with'} 'durable'; wanted it ${durable === undefined ? 'with' : 'without'}`,
    );
  if (deadLetters !== undefined && takesSubject(subject, deadLetters)) {
    const which = options.deadLetters === undefined ? 'by default ' : '';
    const free = [`dead.${durable}`, `${durable}-dead`].find((each) => !takesSubject(subject, each));
    throw new Error(
      `${name}: option 'deadLetters' is ${which}'${deadLetters}', which the subject '${subject}' takes too, so that what is given up would come again; wanted ` +
        (free === undefined ? "a narrower 'subject', as 'frames.>'" : `another subject, as '${free}'`),
    );
  }
  const pulling = {
    ...(inFlight === undefined ? {} : { inFlight }),
    ...(scheduler === undefined ? {} : { scheduler }),
  };
  const reasons = new Map<number, string>();
  return pulled<T>(
    name,
    (fail) => {
      if (durable !== undefined)
        return supplyOfConsumer<T>(name, connection, subject, { ...options, durable }, reasons);
      try {
        return supplyOfListener<T>(name, connection, subject, options, fail);
      } catch (error) {
        throw explained(name, connection, error);
      }
    },
    pulling,
  );
}
