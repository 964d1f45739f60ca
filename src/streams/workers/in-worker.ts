import { asyncScheduler, type Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { assertScheduler, wrongGiven } from '../checks/arguments';
import { operator } from '../operator';
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
import { assertOptions } from '../../tensor/options';

/** What {@link inWorker} gives its worker beside the values of the stream, and how long it waits for it. */
export interface InWorkerOptions {
  /**
   * Parameters that may change while the pipeline runs, such as a learning rate: observables, whose latest value is forwarded, or plain values.
   * In the worker all are observables, under the same names.
   */
  readonly parameters?: Readonly<Record<string, Observable<unknown> | number | string | boolean>>;
  /** A handle that reads and sets the variables in the worker. */
  readonly variables?: RemoteVariables;
  /** A name for the worker in messages. */
  readonly name?: string;
  /**
   * For how many ms the worker may give no sign of life; 300,000 (five minutes) when left out. The time runs until the worker serves, and later
   * whenever it is silent. A worker cannot answer while it computes: raise the timeout if one call may block for longer, as the first
   * inference of a large model may on a phone. With Infinity the stream waits for ever, also for a worker that has ended silently.
   */
  readonly timeout?: number;
  /** The clock of `timeout`; `asyncScheduler` when left out. */
  readonly scheduler?: SchedulerLike;
}

const operatorName = 'inWorker';
/** Long: a page finds out late about a worker that has ended silently, but a slow device does not lose a stream that works. */
const DEFAULT_TIMEOUT = 300_000;

/**
 * Runs a part of a pipeline in a worker: the part that the worker's file passes to {@link serve}. Each subscription has a worker of its
 * own, which ends with it. Tensors, in any nesting of arrays and plain objects, are read once, without blocking, and their values are
 * transferred; other values are cloned. Tensors that come back live until everyone below has seen them.
 *
 * ```text
 *  source                --a-----b-----c--|
 *  inWorker(make)        ----A-----B-----C--|     A, B, C: what the pipeline there emits
 * ```
 *
 * Back-pressure crosses the border, both ways: an emission above is finished when the worker has finished its emission of the value, and sources
 * in the worker wait for emissions here. Values of sources that cannot wait queue up: put `latest()` above. What is known of a value
 * crosses too, so that {@link progress} works on either side.
 *
 * @param make returns a new worker of a page, or of Node's `worker_threads`
 * @throws (as error notifications) what the pipeline throws, with its name, message and stack; when the worker does not load, throws or
 *   exits; when it gives no sign of life for the `timeout`; for messages that {@link serve} does not send; for values that cannot be
 *   cloned; and for a tensor on the tape: gradients do not cross
 * @example
 * ```ts browser
 * // The page:
 * import * as dl from 'rxtensor';
 * import { BehaviorSubject, of } from 'rxjs';
 * const rate$ = new BehaviorSubject(0.001);
 * const make = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
 * of({ epochs: 3 })
 *   .pipe(dl.inWorker<{ epochs: number }, number>(make, { parameters: { rate: rate$ } }))
 *   .subscribe((loss) => console.log(loss));
 * ```
 * @example
 * ```ts browser
 * // Its worker.js:
 * import * as dl from 'rxtensor';
 * import { switchMap } from 'rxjs';
 * const slope = dl.tidy(() => dl.variable(dl.scalar(0)));
 * const data = { x: [1, 2, 3, 4], y: [2, 4, 6, 8] };
 * dl.serve<{ epochs: number }, number, { rate: number }>((input$, { rate }) =>
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
    /** How many values have come. */
    let received = 0;
    let open: () => void = () => undefined;
    const isReady = new Promise<void>((resolve) => {
      open = resolve;
    });
    const trails = trailCrossing();
    const input = sending(operatorName, trails, isReady, post, output.error);
    const requests = openRequests(isReady, post);
    const detach = variables?.attach(requests);
    const life = signsOfLife({
      timeout,
      scheduler,
      ping: () => say({ kind: 'ping' }),
      neverBegan: () =>
        fail(() => workerFailure(called, `has not called serve() within ${timeout} ms; ${LONGER}`)),
      silent: () =>
        fail(() => workerFailure(called, `has given no sign of life for ${timeout} ms; ${LONGER}`)),
    });

    /** Posts a message with a value that may not be cloneable. */
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
    /** @throws unless the message may come now */
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
        // Nobody would catch an error of a listener.
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
    // It is terminated all the same.
  }
  try {
    // Node's gives a promise.
    Promise.resolve(worker.terminate()).catch(() => undefined);
  } catch {
    // It cannot be terminated.
  }
}
