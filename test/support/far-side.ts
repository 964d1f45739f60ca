/** Real workers for specs: threads of Node, or workers of the page, whichever is there. */
import { getBackend, inWorker, type InWorkerOptions, type WorkerLike } from '../../src/index';
import type { OperatorFunction } from 'rxjs';
import type { PipelineName } from './far-side.worker';

type NodeWorker = new (source: string | URL, options?: { eval?: boolean }) => WorkerLike;

/** Node's, which must not be imported where the specs run in a page. */
function nodeWorker(): NodeWorker | null {
  if (typeof process === 'undefined') return null;
  return process.getBuiltinModule('node:worker_threads').Worker;
}

/** A worker with all the pipelines of `far-side.worker.ts`, as scripts/bundle-specs.ts has built it. */
export function farSide(): WorkerLike {
  const Thread = nodeWorker();
  if (Thread) return new Thread('./.cache/specs/node-workers/far-side.worker.js');
  return new Worker('/base/.cache/specs/browser-workers/far-side.worker.js');
}

/** A worker that runs a few lines of JavaScript. */
export function workerOf(code: string): WorkerLike {
  const Thread = nodeWorker();
  if (Thread) return new Thread(code, { eval: true });
  return new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
}

/** A worker whose file is not there. */
export function missingWorker(): WorkerLike {
  const Thread = nodeWorker();
  return Thread ? new Thread('./is-not-there.js') : new Worker('/base/is-not-there.js');
}

/** A pipeline on the far side, on the backend of this run. */
export function far<T, R>(pipeline: PipelineName, options: InWorkerOptions = {}): OperatorFunction<T, R> {
  const parameters = { pipeline, backend: getBackend(), ...options.parameters };
  return inWorker<T, R>(farSide, { ...options, parameters });
}
