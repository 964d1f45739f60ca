import { asyncScheduler, type Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { assertScheduler, wrongGiven } from '../given';
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

/** What {@link inWorker} gives its worker beside the values of the stream. */
export interface InWorkerOptions {
  /**
   * What the pipeline in the worker may follow while it runs, a learning rate for one: observables, whose latest value is forwarded, or
   * plain values. There they are observables of the same names.
   */
  readonly parameters?: Readonly<Record<string, Observable<unknown> | number | string | boolean>>;
  /** A handle by which to read and set the variables in the worker. */
  readonly variables?: RemoteVariables;
  /** What the worker is called in messages. */
  readonly name?: string;
  /**
   * For how many ms the worker may give no sign of life, 60,000 when left out: until it serves, and from then on while it is asked whether it is
   * there. A worker that computes for longer without a pause wants more; with Infinity one that has ended without a word is waited for.
   */
  readonly timeout?: number;
  /** The clock for that: `asyncScheduler` when left out. */
  readonly scheduler?: SchedulerLike;
}

const operatorName = 'inWorker';
const DEFAULT_TIMEOUT = 60_000;

/**
 * Runs a part of a pipeline in a worker: the part that the worker's file gives to {@link serve}. Each subscription has a worker of its
 * own, which ends with it. Tensors, in any nesting of arrays and plain objects, are read once, without blocking, and their values are
 * transferred; other values are cloned. What comes back lives until everyone below has seen it.
 *
 * ```text
 *  source                --a-----b-----c--|
 *  inWorker(make)        ----A-----B-----C--|     A, B, C: what the pipeline there emits
 * ```
 *
 * Back-pressure crosses the border, both ways: an emission above is finished when the worker has dealt with its value, and the sources
 * there wait until what they have sent is dealt with here. Values of sources that do not wait queue: put `latest()` above.
 *
 * @param make gives a new worker of a page, or of Node's `worker_threads`
 * @throws (as error notifications) what the pipeline throws, with its name, message and stack; when the worker does not load, throws or
 *   exits; when it gives no sign of life for the `timeout`; for messages that are none of {@link serve}; for values that cannot be
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
    /** Posts what can be cloned, whatever it is. */
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

    /** Posts what may not be cloneable. */
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
        // Nobody is there to catch what a listener throws.
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

/** Nobody listens any more: what a broken worker does about its end is of no interest. */
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
