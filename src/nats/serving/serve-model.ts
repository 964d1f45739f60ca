import {
  headers,
  nuid,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type Subscription,
} from '@nats-io/nats-core';
import { isIntegerFrom } from '../../tensor/argument';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import { reportUnhandled } from '../../streams/notify';
import { DEFAULT_MOST_BYTES } from '../carrying/listener';
import { decodeEmission, encodeDecoded, precisions, type Decoded, type Precision } from '../codec';
import {
  assertConnection,
  assertName,
  closedMessage,
  flushed,
  headerOf,
  oneLine,
  placeOf,
} from '../connection';
import { collect, Kept, offer, type Offered } from '../parts';
import { messageOf, refusals, type RefusedMessage } from '../refusals';
import { formed, haveOneForm, joined, rowsOf } from './batching';
import { discoverable } from './discovery';
import { parted } from './parting';
import * as protocol from './protocol';
import { runnerOf, type ServableModel } from './run-model';
import { noCounts, type ServiceStatistics } from './statistics';
import { hasRoom, takeBatch, type Waiting } from './waiting';

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
  readonly name: string;
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
const FAILURES_UNTIL_UNWELL = 3;
/** Answers that nobody has fetched take no more memory than this. */
const MOST_KEPT_BYTES = 4 * DEFAULT_MOST_BYTES;
const MOST_KEEP_MS = 30_000;
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
  const refused = refusals(onRefused, reportUnhandled);
  const id = nuid.next();
  const waiting: Waiting[] = [];
  const kept = new Kept(MOST_KEPT_BYTES);
  const stopped = new AbortController();
  let failures = 0;
  let isStopping = false;
  let reading = 0;
  /** Called when a request has come, or the instance stops. */
  let wake: () => void = () => undefined;

  const answered = (arrived: number): void => {
    counts.requests++;
    counts.seconds += (performance.now() - arrived) / 1000;
  };

  /** Who asks on a connection that is closed by now finds out by itself. */
  const respond = (message: Msg, bytes: Uint8Array, sent?: MsgHdrs): void => {
    try {
      message.respond(bytes, sent ? { headers: sent } : undefined);
    } catch (error) {
      if (!connection.isClosed() && !connection.isDraining()) reportUnhandled(error);
    }
  };

  const answerError = (message: Msg, arrived: number, code: number, error: unknown): void => {
    counts.errors++;
    counts.lastError = oneLine(messageOf(error));
    answered(arrived);
    const sent = headers();
    sent.set(protocol.serviceHeader.errorCode, String(code));
    sent.set(protocol.serviceHeader.error, counts.lastError);
    respond(message, new Uint8Array(), sent);
  };

  /** A result that cannot be sent is the error of this request. */
  const answer = ({ message, arrived, deadline, request }: Waiting, part: Decoded): void => {
    let offered: Offered;
    try {
      // Nobody fetches an answer when the time to wait for it is over.
      const ms = Math.min(MOST_KEEP_MS, Math.max(0, deadline - performance.now()));
      const keeping = { ms, isForOne: true, kept, name: request };
      offered = offer(connection, encodeDecoded(name, part, precision), undefined, keeping);
    } catch (error) {
      answerError(message, arrived, protocol.code.model, error);
      return;
    }
    answered(arrived);
    respond(message, offered.first, offered.headers);
  };

  const receive = async (message: Msg): Promise<void> => {
    const arrived = performance.now();
    const refuse = (code: number, error: unknown): void => {
      counts.refused++;
      refused.add(message.subject, error);
      answerError(message, arrived, code, error);
    };
    if (waiting.length + reading >= queue) {
      refuse(
        protocol.code.overloaded,
        `${serviceName} has ${queue} requests already; ask later, or start more instances`,
      );
      return;
    }
    reading++;
    try {
      const place = placeOf(name, message.subject);
      const patience = Number(headerOf(message, protocol.serviceHeader.patience));
      const deadline = patience > 0 ? arrived + patience : Infinity;
      const { signal } = stopped;
      const bytes = await collect(connection, message, mostBytes, place, { deadline, signal });
      const input = decodeEmission(bytes, place);
      const form = formed(input);
      const rows = maxBatch > 1 ? rowsOf(input) : null;
      const alike =
        rows === null ? null : waiting.find((each) => each.rows !== null && haveOneForm(each.form, form));
      waiting.push({
        message,
        input,
        rows,
        form: alike?.form ?? form,
        arrived,
        deadline,
        request: headerOf(message, protocol.serviceHeader.request),
      });
    } catch (error) {
      refuse(error === stopped.signal.reason ? protocol.code.absent : protocol.code.wrongRequest, error);
    } finally {
      reading--;
      wake();
    }
  };

  const compute = async (batch: readonly Waiting[]): Promise<void> => {
    const start = performance.now();
    let result: Decoded | null = null;
    let fault: unknown;
    try {
      result = await run(joined(batch.map(({ input }) => input)));
    } catch (error) {
      fault = error;
    }
    counts.batches++;
    counts.modelSeconds += (performance.now() - start) / 1000;
    if (!result && batch.length > 1) {
      // One request may have made it fail: the others must not fail with it, nor read of it in an error.
      const middle = Math.ceil(batch.length / 2);
      await compute(batch.slice(0, middle));
      await compute(batch.slice(middle));
      return;
    }
    try {
      if (!result) throw fault;
      const rows = batch.map((each) => each.rows ?? 1);
      parted(result, rows).forEach((part, i) => answer(batch[i]!, part));
      failures = 0;
    } catch (error) {
      failures++;
      for (const { message, arrived } of batch) answerError(message, arrived, protocol.code.model, error);
    }
  };

  const somethingNew = (within: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = within === Infinity ? undefined : setTimeout(resolve, within);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const work = async (): Promise<void> => {
    while (!(isStopping && waiting.length === 0 && reading === 0)) {
      const now = performance.now();
      const late = waiting.findIndex(({ deadline }) => deadline < now);
      if (late >= 0) {
        waiting.splice(late, 1);
        counts.cancelled++;
        continue;
      }
      const [first] = waiting;
      if (!first) await somethingNew(Infinity);
      else if (!isStopping && hasRoom(waiting, maxBatch) && now < first.arrived + maxWait)
        await somethingNew(first.arrived + maxWait - now);
      else await compute(takeBatch(waiting, maxBatch));
    }
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
  const isHealthy = (): boolean => failures < FAILURES_UNTIL_UNWELL && !isStopping && !connection.isClosed();
  const statistics = (): ServiceStatistics => ({ ...counts, waiting: waiting.length });
  const requests = endpoints.slice(0, 2).map(({ subject }) =>
    connection.subscribe(subject, {
      queue: protocol.QUEUE,
      callback: (error, message) => {
        if (!error) void receive(message);
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
        const request = message.string();
        if (request !== '') kept.forget(request);
        const found = waiting.findIndex((each) => each.request !== '' && each.request === request);
        if (found < 0) return;
        waiting.splice(found, 1);
        counts.cancelled++;
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
  const briefly = (waiting: Promise<unknown>): Promise<unknown> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_MS)));
    return Promise.race([waiting.catch(() => undefined), connection.closed(), enough]).finally(() =>
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
    stopped.abort(new Error(`this instance of ${serviceName} stops; ask again`));
    wake();
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
