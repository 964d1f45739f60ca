import { nuid, type NatsConnection, type Subscription } from '@nats-io/nats-core';
import { isIntegerFrom } from '../../tensor/argument';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import { DEFAULT_MOST_BYTES } from '../carrying/listener';
import { precisions, type Precision } from '../codec';
import { assertConnection, assertName, closedMessage, flushed } from '../connection';
import type { RefusedMessage } from '../refusals';
import { answersOn } from './answers';
import { batchRunner } from './batch-runner';
import { discoverable } from './discovery';
import * as protocol from './protocol';
import { requestQueue } from './request-queue';
import { runnerOf, type ServableModel } from './run-model';
import { noCounts, type ServiceStatistics } from './statistics';

/** Options of {@link serveModel}. */
export interface ServeModelOptions {
  /** The version of the model; the default is `'1.0.0'`. Instances of several versions run side by side, and requests may name one. */
  readonly version?: string;
  /**
   * How many rows the inputs of several requests may have together, to be computed at once; the default is 1: each request by itself. The model must give a row for each
   * row: tensors with as many rows (their first axis), or arrays of as many numbers, texts or objects, in arrays and plain objects. When it throws, the requests are
   * computed in smaller batches, so that one that it cannot take fails alone.
   */
  readonly maxBatch?: number;
  /** How many ms the first request of a batch waits for others; the default is 0: only what has come already is joined. */
  readonly maxWait?: number;
  /** How many requests may wait; the default is 256. More are answered with an error at once. */
  readonly queue?: number;
  /** The largest request that is read, in bytes; the default is 64 MB. */
  readonly mostBytes?: number;
  /** How float32 numbers of results travel; the default is `'float32'`. */
  readonly precision?: Precision;
  /** A sentence for the tools that list services. */
  readonly description?: string;
  /** Called for each request that was not taken. */
  readonly onRefused?: (refused: RefusedMessage) => void;
}

/** A running instance of a served model. */
export interface ServedModel {
  /** The name under which it is asked. */
  readonly name: string;
  /** The version that answers now. */
  readonly version: string;
  /** The identity of this instance. */
  readonly id: string;
  /** What it has done so far. */
  readonly statistics: () => ServiceStatistics;
  /** False after three calls of the model on end have failed, until one succeeds; and when it has stopped, or its connection is closed. */
  readonly isHealthy: () => boolean;
  /** Takes no more requests, answers those that wait (one that is still coming in parts, with error 503), and resolves then; it does not wait for a server that is away. */
  readonly stop: () => Promise<void>;
}

const name = 'serveModel';
/** How long `stop()` waits for a server that may be away. */
const STOP_MS = 5000;

const positive = [(value: unknown) => isIntegerFrom(value, 1), 'a positive integer'] as const;
const rules = {
  version: [protocol.isVersion, protocol.wantedVersion],
  maxBatch: positive,
  maxWait: [(value: unknown) => Number.isFinite(value) && (value as number) >= 0, 'a number of ms from 0 on'],
  queue: positive,
  mostBytes: positive,
  precision: isOneOf(precisions),
  description: [(value: unknown) => typeof value === 'string', 'a text'],
  onRefused: [(value: unknown) => typeof value === 'function', 'a function'],
} as const;

/**
 * Serves a model to {@link remoteModel} in other processes and pages. Start more instances, here or elsewhere, to answer more: they share the requests. The tools of
 * NATS see them (`nats micro ls`), with their statistics.
 *
 * @param name the name of the service
 * @param model a function of tensors (or of arrays and plain objects with tensors), synchronous or not, or a model of `rxtensor/models`. Nothing is taped, and what it makes is freed.
 * @returns when the server knows of the instance
 * @example
 * ```ts nats
 * import { connect } from '@nats-io/transport-node';
 * import * as dl from 'rxtensor';
 * import { remoteModel, serveModel } from 'rxtensor/nats';
 *
 * const connection = await connect({ servers: process.env.NATS_URL });
 * const weights = dl.ones([2, 1]);
 * const served = await serveModel(connection, 'sums', (rows: dl.Tensor) => rows.matMul(weights), {
 *   maxBatch: 32,
 *   maxWait: 2,
 * });
 * await dl
 *   .examples([[1, 2], [3, 4]])
 *   .pipe(dl.batch(1), remoteModel<dl.Tensor, dl.Tensor>(connection, 'sums'), dl.download())
 *   .forEach((sum) => console.log(sum)); // 3, 7
 * await served.stop();
 * weights.dispose();
 * await connection.drain();
 * ```
 */
export async function serveModel<T, R>(
  connection: NatsConnection,
  serviceName: string,
  model: ServableModel<T, R>,
  options: ServeModelOptions = {},
): Promise<ServedModel> {
  assertConnection(name, connection);
  assertName(name, 'serviceName', serviceName);
  assertOptionValues<ServeModelOptions>(name, options, rules);
  const { version = '1.0.0', maxBatch = 1, maxWait = 0, queue = 256, precision = 'float32' } = options;
  const { mostBytes = DEFAULT_MOST_BYTES, description = '', onRefused } = options;
  const run = runnerOf(name, model);
  if (connection.isClosed()) throw new Error(closedMessage(name));
  const counts = noCounts();
  const id = nuid.next();
  const answers = answersOn(name, connection, precision, counts);
  const limits = { maxBatch, maxWait, queue, mostBytes };
  const waiting = requestQueue(name, connection, serviceName, limits, answers, counts, onRefused);
  const runner = batchRunner(run, answers, counts);
  let isStopping = false;

  const work = async (): Promise<void> => {
    for (let batch = await waiting.take(); batch; batch = await waiting.take()) await runner.compute(batch);
  };

  const endpoints = [
    { name: 'predict', subject: protocol.requestSubject(serviceName), queue: protocol.QUEUE },
    {
      name: 'predict-version',
      subject: protocol.requestSubject(serviceName, version),
      queue: protocol.QUEUE,
    },
    { name: 'health', subject: protocol.healthSubject(serviceName), queue: protocol.QUEUE },
  ];
  const isHealthy = (): boolean => runner.isWell() && !isStopping && !connection.isClosed();
  const statistics = (): ServiceStatistics => ({ ...counts, waiting: waiting.length() });
  const requests = endpoints.slice(0, 2).map(({ subject }) =>
    connection.subscribe(subject, {
      queue: protocol.QUEUE,
      callback: (error, message) => {
        if (!error) waiting.receive(message);
      },
    }),
  );
  const others = [
    connection.subscribe(protocol.healthSubject(serviceName), {
      queue: protocol.QUEUE,
      callback: (error, message) => {
        if (!error) message.respond(JSON.stringify({ healthy: isHealthy(), id, version, ...statistics() }));
      },
    }),
    connection.subscribe(protocol.cancelSubject(serviceName), {
      callback: (error, message) => {
        if (error) return;
        answers.forget(message.string());
        waiting.cancel(message.string());
      },
    }),
    ...discoverable(connection, {
      name: serviceName,
      id,
      version,
      description,
      started: new Date().toISOString(),
      metadata: {},
      endpoints,
      statistics,
    }),
  ];
  const working = work();

  /** Waits for the server, but not for one that is away. */
  const briefly = (work: Promise<unknown>): Promise<unknown> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_MS)));
    return Promise.race([work.catch(() => undefined), connection.closed(), enough]).finally(() =>
      clearTimeout(timer),
    );
  };
  const end = (subscriptions: readonly Subscription[]): void => {
    for (const each of subscriptions) if (!each.isClosed()) each.unsubscribe();
  };
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    // The server sends no more requests, and those that it has sent have come.
    await briefly(Promise.all(requests.map((each) => each.drain())));
    end(requests);
    isStopping = true;
    waiting.end();
    await working;
    end(others);
    if (!connection.isClosed()) await briefly(connection.flush());
  };
  const stopOnce = (): Promise<void> => (stopping ??= stop());
  try {
    await flushed(name, connection);
  } catch (error) {
    await stopOnce();
    throw error;
  }
  return { name: serviceName, version, id, statistics, isHealthy, stop: stopOnce };
}
