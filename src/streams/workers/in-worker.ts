import type { Observable, OperatorFunction } from 'rxjs';
import { operator } from '../operator';
import { followParameters } from './forwarded-parameters';
import { isPort, listen, type WorkerLike } from './port';
import { fromPortable } from './portable-error';
import type { PageMessage, WorkerMessage } from './protocol';
import type { RemoteVariables } from './remote-variables';
import { openRequests } from './requests';
import { postCloneable, sending } from './sending';
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
}

const operatorName = 'inWorker';

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
 *   exits; for values that cannot be cloned; and for a tensor on the tape: gradients do not cross
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
  assertOptions<InWorkerOptions>(operatorName, options, { parameters: 1, variables: 1, name: 1 });
  const { parameters = {}, variables, name } = options;
  const called = name === undefined ? 'the worker' : `the worker '${name}'`;
  return operator<T, R>(operatorName, (output) => {
    const worker = make();
    if (!isPort(worker) || typeof worker.terminate !== 'function') {
      throw new Error(
        `${operatorName}: argument 'make' gave ${typeof worker}; wanted a Worker of a page, or of node:worker_threads`,
      );
    }
    const post = (message: PageMessage, transfer: ArrayBuffer[] = []): void =>
      worker.postMessage(message, transfer);
    let isOpen = false;
    let open: () => void = () => undefined;
    const isReady = new Promise<void>((resolve) => {
      open = resolve;
    });
    const input = sending(operatorName, isReady, post, output.error);
    const requests = openRequests(isReady, post);
    const detach = variables?.attach(requests);

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
        if (isOpen) tell(value, { kind: 'parameter', name: parameter, value });
      },
      output.error,
    );

    const receive = (message: WorkerMessage): void => {
      switch (message.kind) {
        case 'ready': {
          const values = followed.latest();
          isOpen = true;
          tell(values, { kind: 'open', parameters: followed.names, values });
          open();
          break;
        }
        case 'next': {
          const credit = (): void => {
            if (output.isOpen()) post({ kind: 'finished', id: message.id });
          };
          const finished = output.emitTracked(() => unpack(operatorName, message.packed) as R);
          if (finished) void finished.then(credit);
          else credit();
          break;
        }
        case 'finished':
          input.finished(message.id);
          break;
        case 'error':
          output.error(fromPortable(message.error));
          break;
        case 'complete':
          output.complete();
          break;
        case 'answer':
        case 'refusal':
          requests.answered(message);
      }
    };
    const fail = (failure: () => Error): void => {
      if (output.isOpen()) output.error(failure());
    };
    listen(worker, {
      message: (data) => {
        if (output.isOpen()) receive(data as WorkerMessage);
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
        followed.unsubscribe();
        detach?.();
        requests.end();
        input.end();
        post({ kind: 'close' });
        // Node's gives a promise, which is of no interest here.
        void worker.terminate();
      },
    };
  });
}
