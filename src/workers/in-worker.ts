import { asyncScheduler, type Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { assertScheduler, wrongGiven } from '../streams/checks/arguments';
import { operator } from '../streams/operator';
import { followParameters } from './forwarded-parameters';
import { outOfTurn, workerMessageReader } from './messages';
import { isPort, listen, type WorkerLike } from './port';
import { fromPortable } from './portable-error';
import { trailCrossing } from './portable-trail';
import type { PageMessage, WorkerMessage } from './protocol';
import type { RemoteVariables } from './remote-variables';
import { openRequests } from './requests';
import { postCloneable, sending } from './sending';
import { signsOfLife } from './signs-of-life';
import { unpack } from './transfer';
import { uncaughtFailure, workerFailure } from './worker-failure';
import { assertOptions } from '../tensor/options';

/** Options of {@link inWorker}: the parameters and variables that it shares with the worker, and how long it waits for the worker. */
export interface InWorkerOptions {
  /**
   * Parameters that may change while the pipeline runs, such as a learning rate. Each is a plain value, or an observable whose values are
   * forwarded. In the worker, all parameters are observables with the same names.
   */
  readonly parameters?: Readonly<Record<string, Observable<unknown> | number | string | boolean>>;
  /** A handle that reads and sets the variables in the worker. */
  readonly variables?: RemoteVariables;
  /** A name for the worker in messages. */
  readonly name?: string;
  /**
   * How many ms the worker has to give a sign of life; the default is 300,000 (five minutes). It has this long to call `serve`. After that,
   * a worker that is silent for half of this time gets a ping, and has the whole time to answer. A worker cannot answer while it computes:
   * raise the timeout if one call may block for longer, such as the first inference of a large model on a phone. With Infinity the stream
   * waits forever, even for a worker that has ended without an event.
   */
  readonly timeout?: number;
  /** The scheduler that measures `timeout`; the default is `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

const operatorName = 'inWorker';
/** A long default: the page notices late that a worker has ended without an event, but a slow device keeps a stream that works. */
const DEFAULT_TIMEOUT = 300_000;

/**
 * Runs a part of a pipeline in a worker: the part that the worker's file passes to {@link serve}. Each subscription makes its own worker
 * and terminates it at the end. Tensors may be nested in arrays and plain objects. Each is read once, without blocking, and its numbers
 * are transferred; other values are cloned. Tensors that come back are freed when all operators and subscribers below are done with them.
 *
 * ```text
 *  source                --a-----b-----c--|
 *  inWorker(make)        ----A-----B-----C--|     A, B, C: the worker's pipeline emits them
 * ```
 *
 * Back-pressure works in both directions. An emission above finishes when the worker has finished its emission of that value, and sources
 * in the worker wait for emissions on the page. If a source cannot wait, its values queue up: put `latest()` above `inWorker`. A value's
 * place in its source and its training steps cross too, so that `progress` works on both sides.
 *
 * @param make returns a new web worker, or a new worker of Node's `worker_threads`
 * @throws (as error notifications) errors of the pipeline, with their name, message and stack; when the worker does not load, throws or
 *   exits; when it gives no sign of life within `timeout`; when it sends a message that {@link serve} would not send; when a value cannot be
 *   cloned; and when a tensor is on the tape, since gradients do not cross
 * @example
 * ```ts browser
 * // The page:
 * import { inWorker } from 'rxtensor/workers';
 * import { BehaviorSubject, of } from 'rxjs';
 * const rate$ = new BehaviorSubject(0.001);
 * const make = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
 * of({ epochs: 3 })
 *   .pipe(inWorker<{ epochs: number }, number>(make, { parameters: { rate: rate$ } }))
 *   .subscribe((loss) => console.log(loss));
 * ```
 * @example
 * ```ts worker.js
 * // Its worker.js:
 * import * as dl from 'rxtensor';
 * import { serve } from 'rxtensor/workers';
 * import { switchMap } from 'rxjs';
 * const slope = dl.variable(0);
 * const data = { x: [1, 2, 3, 4], y: [2, 4, 6, 8] };
 * serve<{ epochs: number }, number, { rate: number }>((input$, { rate }) =>
 *   input$.pipe(
 *     switchMap(({ epochs }) => dl.examples(data, { epochs })),
 *     dl.batch(2),
 *     dl.trainStep(dl.train.adam(), ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x)), { learningRate: rate }),
 *     dl.download(),
 *   ),
 * );
 * ```
 */
export function inWorker<T, R>(
  make: () => WorkerLike,
  options: InWorkerOptions = {},
): OperatorFunction<T, R> {
  if (typeof make !== 'function') {
    throw new Error(
      `${operatorName}: argument 'make' is ${typeof make}; wanted a function that gives a new worker, since each subscription has its own`,
    );
  }
  assertOptions<InWorkerOptions>(operatorName, options, {
    parameters: 1,
    variables: 1,
    name: 1,
    timeout: 1,
    scheduler: 1,
  });
  const { parameters = {}, variables, name, timeout = DEFAULT_TIMEOUT, scheduler = asyncScheduler } = options;
  if (typeof timeout !== 'number' || !(timeout > 0)) {
    throw wrongGiven(operatorName, "option 'timeout'", timeout, 'a positive number of ms, or Infinity');
  }
  assertScheduler(operatorName, scheduler);
  const called = name === undefined ? 'the worker' : `the worker '${name}'`;
  const read = workerMessageReader(called);
  return operator<T, R>(operatorName, (output) => {
    const worker = make();
    if (!isPort(worker) || typeof worker.terminate !== 'function') {
      throw new Error(
        `${operatorName}: argument 'make' gave ${typeof worker}; wanted a Worker of a page, or of node:worker_threads`,
      );
    }
    const post = (message: PageMessage, transfer: ArrayBuffer[] = []): void =>
      worker.postMessage(message, transfer);
    /** Posts a message that can always be cloned. */
    const say = (message: PageMessage): void => {
      try {
        if (output.isOpen()) post(message);
      } catch (error) {
        output.error(error);
      }
    };
    const fail = (failure: () => Error): void => {
      if (output.isOpen()) output.error(failure());
    };
    let isServing = false;
    /** How many values have come from the worker. */
    let received = 0;
    let open: () => void = () => undefined;
    const isReady = new Promise<void>((resolve) => {
      open = resolve;
    });
    const trails = trailCrossing();
    const input = sending(operatorName, trails, isReady, post, output.error);
    const requests = openRequests(isReady, post);
    const detach = variables?.attach(requests.ask);
    const life = signsOfLife({
      timeout,
      scheduler,
      ping: () => say({ kind: 'ping' }),
      neverBegan: () =>
        fail(() => workerFailure(called, `has not called serve() within ${timeout} ms; ${LONGER}`)),
      silent: () =>
        fail(() => workerFailure(called, `has given no sign of life for ${timeout} ms; ${LONGER}`)),
    });

    /** Posts a message whose value may be impossible to clone; then the stream fails. */
    const tell = (value: unknown, message: PageMessage): void => {
      try {
        postCloneable(operatorName, value, () => post(message));
      } catch (error) {
        output.error(error);
      }
    };
    const followed = followParameters(
      parameters,
      (parameter, value) => {
        if (isServing) tell(value, { kind: 'parameter', name: parameter, value });
      },
      output.error,
    );
    /** @throws when the message is not allowed now */
    const expectTurn = (kind: string, may: boolean, wanted: string): void => {
      if (!may) throw outOfTurn(`${operatorName}: ${called}`, kind, wanted);
    };

    const receive = (message: WorkerMessage): void => {
      const { kind } = message;
      expectTurn(kind, isServing !== (kind === 'ready'), isServing ? "'ready' once" : "'ready' first");
      switch (message.kind) {
        case 'ready': {
          const values = followed.latest();
          isServing = true;
          life.begun();
          tell(values, { kind: 'open', parameters: followed.names, values });
          open();
          break;
        }
        case 'next': {
          expectTurn(kind, message.id === received, `the value of number ${received}`);
          received++;
          const credit = (): void => say({ kind: 'finished', id: message.id });
          const finished = output.emitTracked(
            () => unpack(operatorName, message.packed) as R,
            trails.fromPortable(message.trail),
          );
          if (finished) void finished.then(credit);
          else credit();
          break;
        }
        case 'finished':
          expectTurn(kind, input.finished(message.id), 'the number of a value that is not finished');
          break;
        case 'error':
          output.error(fromPortable(message.error));
          break;
        case 'complete':
          output.complete();
          break;
        case 'answer':
        case 'refusal':
          expectTurn(kind, requests.answered(message), 'the number of a request that waits');
          break;
        case 'alive':
      }
    };
    listen(worker, {
      message: (data) => {
        if (!output.isOpen()) return;
        life.heard();
        // Errors are caught here, because nobody would catch an error that a listener throws.
        try {
          receive(read(data));
        } catch (error) {
          output.error(error);
        }
      },
      failure: (cause) => fail(() => uncaughtFailure(called, cause)),
      unreadable: () => fail(() => workerFailure(called, 'sent a message that cannot be read here')),
      exit: (code) =>
        fail(() => workerFailure(called, `exited with code ${String(code)} before its stream had ended`)),
    });

    return {
      next: input.next,
      error: input.error,
      complete: input.complete,
      teardown: () => {
        life.stop();
        followed.unsubscribe();
        detach?.();
        requests.end();
        input.end();
        end(worker);
      },
    };
  });
}

const LONGER =
  "wanted serve(pipeline) in its file, and a longer time in the option 'timeout' where it computes for so long without a pause (Infinity " +
  'waits for ever)';

/** Asks the worker to close, and terminates it. Ignores the errors of both. */
function end(worker: WorkerLike): void {
  try {
    worker.postMessage({ kind: 'close' } satisfies PageMessage, []);
  } catch {
    // The worker is terminated anyway.
  }
  try {
    // In Node, terminate() returns a promise.
    Promise.resolve(worker.terminate()).catch(() => undefined);
  } catch {
    // The worker cannot be terminated.
  }
}
