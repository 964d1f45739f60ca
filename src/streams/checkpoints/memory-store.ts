import type { CheckpointStore } from './store';

/**
 * Keeps a checkpoint in memory: for tests, and for a run that is stopped and continued in one page.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const store = dl.memoryStore();
 * const slope = dl.variable(0);
 * dl.examples([1, 2, 3])
 *   .pipe(
 *     dl.batch(1),
 *     dl.trainStep(dl.train.sgd(0.1), (x) => slope.sub(x).square().mean()),
 *     dl.checkpoint({ every: 1, store }),
 *   )
 *   .subscribe({ complete: () => store.load().then((bytes) => console.log(bytes?.length, slope.dispose())) });
 * ```
 */
export function memoryStore(): CheckpointStore {
  let kept: Uint8Array | null = null;
  return {
    name: 'the memory store',
    save: (bytes) => {
      kept = bytes.slice();
      return Promise.resolve();
    },
    load: () => Promise.resolve(kept?.slice() ?? null),
  };
}
