import { createInbox, headers, nuid, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { Observable, type OperatorFunction } from 'rxjs';
import { isIntegerFrom } from '../../tensor/argument';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import { mapTensorAsync } from '../../streams/operators/map-tensor-async';
import { DEFAULT_MOST_BYTES } from '../carrying/listener';
import { decodeEmission, encodeEmission, precisions, toTensors, type Precision } from '../codec';
import {
  assertConnection,
  assertName,
  closedMessage,
  headerOf,
  inboxPrefix,
  placeOf,
  tell,
} from '../connection';
import { collect, offer } from '../parts';
import * as protocol from './protocol';

/** Options of {@link remoteModel}. */
export interface RemoteModelOptions {
  /** The version that answers; by default any. */
  readonly version?: string;
  /** How many ms an answer may take; the default is 30,000. */
  readonly timeout?: number;
  /** How many requests may be out at a time; the default is 4. Results keep the order of values. */
  readonly concurrency?: number;
  /** How float32 numbers of inputs travel; the default is `'float32'`. */
  readonly precision?: Precision;
  /** The largest answer that is read, in bytes; the default is 64 MB. */
  readonly mostBytes?: number;
}

/**
 * Why a remote model gave no result.
 *
 * @example
 * ```ts
 * import { RemoteModelError } from 'rxtensor/nats';
 * const isAnswer = (error: unknown): boolean => error instanceof RemoteModelError; // in catchError of RxJS
 * console.log(isAnswer(new Error('the connection is closed'))); // false
 * ```
 */
export class RemoteModelError extends Error {
  /** By what it is known where classes are not shared. */
  override readonly name = 'RemoteModelError';

  /**
   * @param code 400: the request was not understood; 429: too many requests wait; 500: the model has thrown, and the message is its own; 503: no instance runs (of that
   *   version), or the connection is closed; 504: no answer came in time
   */
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
  }
}

const operatorName = 'remoteModel';
const rules = {
  version: [protocol.isVersion, protocol.wantedVersion],
  timeout: [(value: unknown) => isIntegerFrom(value, 1), 'a positive integer of ms'],
  concurrency: [
    (value: unknown) => isIntegerFrom(value, 1) || value === Infinity,
    'a positive integer, or Infinity',
  ],
  precision: isOneOf(precisions),
  mostBytes: [(value: unknown) => isIntegerFrom(value, 1), 'a positive integer'],
} as const;

/**
 * Projects each value by a model that {@link serveModel} serves elsewhere. Values and results are tensors, or arrays and plain objects with tensors. Results are freed when all
 * operators and subscribers below are done with them. Sources wait for results, of which `concurrency` are asked for at a time; when the subscription ends, requests are called off.
 *
 * ```text
 *  source                         --a---b-----c--|
 *  remoteModel(connection, name)  ----A---B-----C--|
 * ```
 *
 * @param name the name that the model is served by
 * @throws (as error notifications) {@link RemoteModelError}: when no instance runs, the connection is closed, no answer comes in time, or the instance answers with an error, whose text it has; and when a
 *   value cannot be sent
 * @example
 * ```ts nats
 * import { connect } from '@nats-io/transport-node';
 * import * as dl from 'rxtensor';
 * import { remoteModel, RemoteModelError } from 'rxtensor/nats';
 *
 * const connection = await connect({ servers: process.env.NATS_URL });
 * await dl
 *   .examples([1, 2])
 *   .pipe(remoteModel(connection, 'nobody', { timeout: 1000 }))
 *   .forEach(() => undefined)
 *   .catch((error: RemoteModelError) => console.log(error.code)); // 503
 * await connection.drain();
 * ```
 */
export function remoteModel<T, R>(
  connection: NatsConnection,
  name: string,
  options: RemoteModelOptions = {},
): OperatorFunction<T, R> {
  assertConnection(operatorName, connection);
  assertName(operatorName, 'name', name);
  assertOptionValues<RemoteModelOptions>(operatorName, options, rules);
  const { concurrency = 4 } = options;
  return (source) =>
    new Observable<R>((subscriber) => {
      // One for each request: Node warns of a leak where many listen to one signal.
      const requests = new Set<AbortController>();
      const asking = mapTensorAsync<T, R>(
        (value) => {
          const request = new AbortController();
          requests.add(request);
          return ask<R>(connection, name, value, options, request.signal).finally(() =>
            requests.delete(request),
          );
        },
        { concurrency },
      );
      subscriber.add(() => {
        const ended = new Error(`${operatorName}: the subscription has ended`);
        for (const request of requests) request.abort(ended);
      });
      subscriber.add(source.pipe(asking).subscribe(subscriber));
    });
}

/** Asks for one result. Tensors are read at the call. @param ended when it is aborted, the request is called off */
async function ask<R>(
  connection: NatsConnection,
  name: string,
  value: unknown,
  options: RemoteModelOptions,
  ended: AbortSignal,
): Promise<R> {
  const { version, timeout = 30_000, precision = 'float32', mostBytes = DEFAULT_MOST_BYTES } = options;
  const bytes = await encodeEmission(operatorName, value, precision);
  if (ended.aborted) throw ended.reason;
  const called = version === undefined ? `'${name}'` : `'${name}' of version ${version}`;
  const closed = (): Error => new RemoteModelError(closedMessage(operatorName), protocol.code.absent);
  if (connection.isClosed() || connection.isDraining()) throw closed();
  const late = (): Error =>
    new RemoteModelError(
      `${operatorName}: ${called} has not answered within ${timeout} ms`,
      protocol.code.late,
    );
  const deadline = performance.now() + timeout;
  const request = nuid.next();
  const given = headers();
  given.set(protocol.serviceHeader.request, request);
  given.set(protocol.serviceHeader.patience, String(timeout));
  const { first, headers: sent, release } = offer(connection, bytes, given);
  const subject = protocol.requestSubject(name, version);
  let cancel: () => void = () => undefined;
  try {
    const answer = await new Promise<Msg>((resolve, reject) => {
      const inbox = createInbox(inboxPrefix(connection));
      const subscription = connection.subscribe(inbox, {
        max: 1,
        callback: (error, message) => {
          clearTimeout(timer);
          if (error) reject(error);
          else resolve(message);
        },
      });
      const leave = (error: Error): void => {
        clearTimeout(timer);
        if (!subscription.isClosed()) subscription.unsubscribe();
        reject(error);
      };
      const timer = setTimeout(() => leave(late()), timeout);
      // It is closed after the answer too, which comes first then.
      void subscription.closed.then(() => leave(closed()));
      cancel = () => {
        tell(() => connection.publish(protocol.cancelSubject(name), request));
        leave(ended.reason as Error);
      };
      ended.addEventListener('abort', cancel);
      connection.publish(subject, first, { reply: inbox, ...(sent ? { headers: sent } : {}) });
    });
    assertAnswer(answer, called);
    const place = placeOf(operatorName, subject);
    const whole = await collect(connection, answer, mostBytes, place, { deadline, signal: ended });
    return toTensors(operatorName, decodeEmission(whole, place)) as R;
  } catch (error) {
    if (error instanceof RemoteModelError || ended.aborted) throw error;
    if (connection.isClosed() || connection.isDraining()) throw closed();
    throw performance.now() >= deadline ? late() : error;
  } finally {
    ended.removeEventListener('abort', cancel);
    release();
  }
}

/** @throws when the answer is an error */
function assertAnswer(answer: Msg, called: string): void {
  if (answer.headers?.code === protocol.code.absent && answer.data.length === 0)
    throw new RemoteModelError(
      `${operatorName}: nobody serves ${called}; wanted an instance, as serveModel(connection, …) starts`,
      protocol.code.absent,
    );
  const code = headerOf(answer, protocol.serviceHeader.errorCode);
  if (code === '') return;
  const text = headerOf(answer, protocol.serviceHeader.error);
  throw new RemoteModelError(`${operatorName}: ${called} answers: ${text}`, Number(code));
}
