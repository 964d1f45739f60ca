/** Real workers for specs: worker threads in Node, web workers in a page. */
import { getBackend } from 'rxtensor';
import { inWorker, type InWorkerOptions, type WorkerLike } from 'rxtensor/workers';
import type { OperatorFunction } from 'rxjs';
import type { PipelineName } from './far-side.worker';

type NodeWorker = new (source: string | URL, options?: { eval?: boolean }) => WorkerLike;

/** The worker class of Node; null in a page. It is not imported, since the same bundle runs in pages. */
function nodeWorker(): NodeWorker | null {
  if (typeof process === 'undefined') return null;
  return process.getBuiltinModule('node:worker_threads').Worker;
}

/** Starts a worker with the pipelines of `far-side.worker.ts`, which scripts/bundle-specs.ts has bundled. */
export function farSide(): WorkerLike {
  const Thread = nodeWorker();
  if (Thread) return new Thread('./.cache/specs/node-workers/far-side.worker.js');
  return new Worker('/base/.cache/specs/browser-workers/far-side.worker.js');
}

/** Starts a worker that runs the given JavaScript. */
export function workerOf(code: string): WorkerLike {
  const Thread = nodeWorker();
  if (Thread) return new Thread(code, { eval: true });
  return new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
}

/** Starts a worker whose file is missing. */
export function missingWorker(): WorkerLike {
  const Thread = nodeWorker();
  return Thread ? new Thread('./is-not-there.js') : new Worker('/base/is-not-there.js');
}

/** An operator that runs a pipeline in such a worker, on the backend of this run. */
export function far<T, R>(pipeline: PipelineName, options: InWorkerOptions = {}): OperatorFunction<T, R> {
  const parameters = { pipeline, backend: getBackend(), ...options.parameters };
  return inWorker<T, R>(farSide, { ...options, parameters });
}
