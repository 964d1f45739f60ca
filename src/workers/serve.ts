import { defer, type Observable, type ObservableInput, type Subject, type Subscription } from 'rxjs';
import { trackedEmission } from '../streams/emission';
import { failureIn } from '../streams/notify';
import { operator } from '../streams/operator';
import { inbox } from './inbox';
import { outOfTurn, readPageMessage } from './messages';
import { isPort, listen, ownPort, type PortLike } from './port';
import { fromPortable, toPortable } from './portable-error';
import { trailCrossing } from './portable-trail';
import type { PageMessage, StreamMessage, WorkerMessage } from './protocol';
import { sending, type Sending } from './sending';
import { parameterStore, type ParameterStore, type ServedParameters } from './served-parameters';
import { readVariables, writeVariables } from './served-variables';
import { pack, unpack, type Parcel } from './transfer';
import { withEngine } from './with-engine';
import { assertOptions } from '../tensor/options';

/** Options of {@link serve}. */
export interface ServeOptions {
  /** The port that connects the worker to the page; the default is the worker's own port. */
  readonly port?: PortLike;
}

const name = 'serve';
const served = new WeakSet<PortLike>();

/**
 * Call this in a worker's file: it runs the pipeline for {@link inWorker} on the page. Each value from the page starts an emission in the
 * worker, and that emission owns the value's tensors. Values that the pipeline emits are sent to the page, and the pipeline's emission
 * finishes when the page has finished its own emission of the value.
 *
 * ```text
 *  on the page      --a-----b---|
 *  input$           ---a-----b---|
 *  the pipeline     ----A-----B---|
 *  on the page      -----A-----B---|
 * ```
 *
 * @param pipeline gets the page's values and parameters and returns the stream. Values wait while nobody is subscribed to them. Parameters
 *   are observables that replay their latest value
 * @throws outside a worker when no port is given, and when `serve` is called a second time for the same port
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { inWorker, serve } from 'rxtensor/workers';
 * import { of } from 'rxjs';
 * // The file of a worker has the call alone; a channel stands for its port here.
 * const { port1, port2 } = new MessageChannel();
 * serve<dl.Tensor1D, dl.Tensor1D>((input$) => input$.pipe(dl.mapTensor((x) => x.square())), { port: port2 });
 * const page = Object.assign(port1, { terminate: () => port1.close() });
 * of([1, 2, 3])
 *   .pipe(dl.mapTensor((values) => dl.tensor1d(values)), inWorker<dl.Tensor1D, dl.Tensor1D>(() => page), dl.download())
 *   .subscribe((squares) => console.log(squares)); // Float32Array [1, 4, 9]
 * ```
 */
export function serve<T, R, P = Record<never, never>>(
  pipeline: (input$: Observable<T>, parameters: ServedParameters<P>) => ObservableInput<R>,
  options: ServeOptions = {},
): void {
  if (typeof pipeline !== 'function') {
    throw new Error(
      `${name}: argument 'pipeline' is ${typeof pipeline}; wanted a function that gives an observable`,
    );
  }
  assertOptions<ServeOptions>(name, options, { port: 1 });
  const port = options.port ?? ownPort();
  if (!isPort(port)) throw new Error(`${name}: option 'port' is ${typeof port}; wanted a message port`);
  if (served.has(port)) {
    throw new Error(`${name}: this worker is served already; wanted one call, whose pipeline does it all`);
  }
  served.add(port);
  const post = (message: WorkerMessage, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  const { receive, fail } = receiver(pipeline as Pipeline, post);
  listen(port, {
    message: receive,
    unreadable: () => fail(new Error(`${name}: the page sent a message that cannot be read here`)),
    // Uncaught errors need no listener: in Node they end the worker, and a web worker reports them to the page as an event.
    rejection: fail,
  });
  post({ kind: 'ready' });
}

type Pipeline = (
  input$: Observable<unknown>,
  parameters: ServedParameters<Record<string, unknown>>,
) => ObservableInput<unknown>;

type NextMessage = Extract<StreamMessage, { kind: 'next' }>;

type Post = (message: WorkerMessage, transfer?: ArrayBuffer[]) => void;

/** Makes the listener for the page's messages. The message `open` starts the pipeline. */
function receiver(
  pipeline: Pipeline,
  post: Post,
): { readonly receive: (data: unknown) => void; readonly fail: (error: unknown) => void } {
  const input = inbox<unknown>();
  const trails = trailCrossing();
  let isClosed = false;
  /** Whether an error or completion has been posted. */
  let isOver = false;
  /** How many values have come from the page. */
  let received = 0;
  let parameters: ParameterStore | null = null;
  let output: Sending | null = null;
  let run: Subscription | null = null;

  const close = (): void => {
    isClosed = true;
    run?.unsubscribe();
    output?.end();
    input.close();
  };
  /** Posts a notification from the pipeline, and notes an error or completion. */
  const postOutput: Post = (message, transfer) => {
    if (message.kind === 'error' || message.kind === 'complete') isOver = true;
    post(message, transfer);
  };
  const fail = (error: unknown): void => {
    if (!isOver) postOutput({ kind: 'error', error: toPortable(error) });
    close();
  };
  const open = ({ parameters: names, values }: Extract<PageMessage, { kind: 'open' }>): void => {
    const store = parameterStore(names);
    for (const [each, value] of Object.entries(values))
      expectTurn('open', store.set(each, value), 'values of its parameters');
    parameters = store;
    const toPage = operator<unknown, never>(name, ({ error }) => {
      output = sending(name, withEngine, trails, Promise.resolve(), postOutput, error);
      return output;
    });
    run = defer(() => pipeline(input.values$, store.parameters))
      .pipe(toPage)
      .subscribe({ error: fail });
  };
  const deliver = ({ id, packed, trail }: NextMessage, to: Subject<unknown>): void => {
    let finished: Promise<void> | null = null;
    const failure = failureIn(
      (work) => {
        finished = trackedEmission(name, work, trails.fromPortable(trail));
      },
      () => to.next(unpack(name, withEngine, packed)),
    );
    if (failure) fail(failure.error);
    const credit = (): void => post({ kind: 'finished', id });
    if (finished) void (finished as Promise<void>).then(credit);
    else credit();
  };
  const answer = async (request: number, work: () => Promise<Parcel>): Promise<void> => {
    try {
      const { packed, transfer } = await work();
      post({ kind: 'answer', request, packed }, transfer);
    } catch (error) {
      post({ kind: 'refusal', request, error: toPortable(error) });
    }
  };

  const act = (message: PageMessage): void => {
    const { kind } = message;
    switch (message.kind) {
      case 'open':
        expectTurn(kind, parameters === null, "'open' once");
        open(message);
        break;
      case 'next':
        expectTurn(kind, parameters !== null, "'open' first");
        expectTurn(kind, message.id === received, `the value of number ${received}`);
        received++;
        input.put((to) => deliver(message, to));
        break;
      case 'error':
        expectTurn(kind, parameters !== null, "'open' first");
        input.put((to) => to.error(fromPortable(message.error)));
        break;
      case 'complete':
        expectTurn(kind, parameters !== null, "'open' first");
        input.put((to) => to.complete());
        break;
      case 'finished':
        expectTurn(kind, output?.finished(message.id) ?? false, 'the number of a value that is not finished');
        break;
      case 'parameter':
        expectTurn(kind, parameters?.set(message.name, message.value) ?? false, 'one that was opened with');
        break;
      case 'get variables':
        void answer(message.request, () => readVariables(message.names));
        break;
      case 'set variables':
        void answer(message.request, () => {
          writeVariables(message.packed.value);
          return pack(name, withEngine, null);
        });
        break;
      case 'ping':
        post({ kind: 'alive' });
        break;
      case 'close':
        close();
    }
  };
  const receive = (data: unknown): void => {
    if (isClosed) return;
    // Errors are caught here, because nobody would catch an error that a listener throws.
    try {
      act(readPageMessage(data));
    } catch (error) {
      fail(error);
    }
  };
  return { receive, fail };
}

/** @throws when the message is not allowed now */
function expectTurn(kind: string, may: boolean, wanted: string): void {
  if (!may) throw outOfTurn(`${name}: the page`, kind, wanted);
}
