/** Workers have two interfaces: web workers receive messages as events, and Node's `worker_threads` pass them to listeners. */

/** A web worker, a message port, or the global scope of a web worker. */
export interface WebPortLike {
  /** Sends a message. The buffers in `transfer` move to the other side. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Listens to the events `message`, `messageerror`, `error` and `unhandledrejection`. */
  addEventListener(type: string, listener: (event: Event) => void): void;
  /** Starts a message port, which queues messages until then. */
  start?(): void;
}

/** A `Worker`, a `MessagePort` or the `parentPort` of `node:worker_threads`. */
export interface NodePortLike {
  /** Sends a message. The buffers in `transfer` move to the other side. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Listens to the events `message`, `messageerror`, `error` and `exit`. */
  on(event: string, listener: (value: unknown) => void): unknown;
}

/** Sends and receives messages. */
export type PortLike = WebPortLike | NodePortLike;

/** A web worker, or a worker of Node's `worker_threads`. */
export type WorkerLike = PortLike & { terminate(): unknown };

/** The listeners for events from the other side. */
export interface PortListeners {
  readonly message: (data: unknown) => void;
  /** A message came that cannot be deserialized. */
  readonly unreadable: () => void;
  /** The worker did not load, or threw an error that nobody caught. The cause is that error, or its event. */
  readonly failure?: (cause: unknown) => void;
  /** The worker has exited (in Node only; a page gets no such event). */
  readonly exit?: (code: unknown) => void;
  /** A promise was rejected and nobody caught it (inside a web worker only). */
  readonly rejection?: (reason: unknown) => void;
}

/** Adds the listeners to a port of either kind. */
export function listen(
  port: PortLike,
  { message, unreadable, failure, exit, rejection }: PortListeners,
): void {
  if ('on' in port) {
    port.on('message', message);
    port.on('messageerror', unreadable);
    if (failure) port.on('error', failure);
    if (exit) port.on('exit', exit);
    return;
  }
  port.addEventListener('message', (event) => message((event as MessageEvent).data));
  port.addEventListener('messageerror', unreadable);
  if (failure) port.addEventListener('error', failure);
  if (rejection) {
    port.addEventListener('unhandledrejection', (event) =>
      rejection((event as PromiseRejectionEvent).reason),
    );
  }
  port.start?.();
}

/** True for an object that can send and receive messages. */
export function isPort(value: unknown): value is PortLike {
  if (typeof value !== 'object' || value === null) return false;
  const { postMessage, on, addEventListener } = value as Partial<WebPortLike & NodePortLike>;
  return (
    typeof postMessage === 'function' && (typeof on === 'function' || typeof addEventListener === 'function')
  );
}

interface WorkerGlobals {
  readonly WorkerGlobalScope?: new () => object;
  readonly process?: {
    readonly getBuiltinModule?: (name: string) => { readonly parentPort: NodePortLike | null } | undefined;
  };
}

/**
 * Returns the port of the worker that this code runs in.
 *
 * @throws outside a worker, and in versions of Node without `process.getBuiltinModule` (before 20.16, 21, and 22 before 22.3)
 */
export function ownPort(): PortLike {
  const { WorkerGlobalScope, process } = globalThis as WorkerGlobals;
  if (WorkerGlobalScope !== undefined && globalThis instanceof WorkerGlobalScope) {
    return globalThis as unknown as WebPortLike;
  }
  // The module is looked up by name, because a page cannot load an import of node:worker_threads.
  const parentPort = process?.getBuiltinModule?.('node:worker_threads')?.parentPort;
  if (parentPort) return parentPort;
  const isOldNode = process !== undefined && process.getBuiltinModule === undefined;
  throw new Error(
    isOldNode
      ? "serve: this Node cannot be asked for the worker's port (from 20.16 on it can); wanted serve(pipeline, { port: parentPort }) with " +
          "parentPort of 'node:worker_threads'"
      : 'serve: this is no worker; wanted serve() called in the file that inWorker makes a worker of, or the option port',
  );
}
