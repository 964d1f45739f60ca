/** The two dialects of workers: a page's, where messages are events, and that of Node's `worker_threads`. */

/** A web worker, a message port, or the global scope of a web worker. */
export interface WebPortLike {
  /** Sends a message; what is transferred is gone here. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Hears `message`, `messageerror` and `error`. */
  addEventListener(type: string, listener: (event: Event) => void): void;
  /** Message ports hold what comes until they are started. */
  start?(): void;
}

/** A `Worker`, a `MessagePort` or the `parentPort` of `node:worker_threads`. */
export interface NodePortLike {
  /** Sends a message; what is transferred is gone here. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Hears `message`, `messageerror`, `error` and `exit`. */
  on(event: string, listener: (value: unknown) => void): unknown;
}

/** Where messages go and come from. */
export type PortLike = WebPortLike | NodePortLike;

/** A worker of a page, or of Node. */
export type WorkerLike = PortLike & { terminate(): unknown };

/** What may come from the other side. */
export interface PortListeners {
  readonly message: (data: unknown) => void;
  /** It sent what this side cannot read. */
  readonly unreadable: () => void;
  /** The worker failed to load, or threw what nobody caught: an error, or the event that tells of one. */
  readonly failure?: (cause: unknown) => void;
  /** The worker has ended by itself (in Node; a page is not told). */
  readonly exit?: (code: unknown) => void;
  /** In a web worker, on its own scope: a promise was rejected and nobody caught it. */
  readonly rejection?: (reason: unknown) => void;
}

/** Listens to a port, in whichever dialect it speaks. */
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

/** True for what messages can be posted to and heard from. */
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
 * The port of the worker that this code runs in.
 *
 * @throws where this is no worker, and in a Node too old to be asked (before 20.16)
 */
export function ownPort(): PortLike {
  const { WorkerGlobalScope, process } = globalThis as WorkerGlobals;
  if (WorkerGlobalScope !== undefined && globalThis instanceof WorkerGlobalScope) {
    return globalThis as unknown as WebPortLike;
  }
  // Asked for by name: an import of node:worker_threads would not load in a page.
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
