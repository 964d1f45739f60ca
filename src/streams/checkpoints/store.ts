/**
 * A place that keeps one checkpoint: {@link memoryStore}, `indexedDBStore` of `rxtensor/checkpoints`, `fileStore` of `rxtensor/node`, or a store of your own, for
 * example on a server.
 */
export interface CheckpointStore {
  /** The name of the store in error messages, for example `the file run.ckpt`. */
  readonly name: string;
  /**
   * Replaces the checkpoint. The promise resolves when the new checkpoint is safe even if the program ends, and rejects on failure. Until then the
   * store must keep the old checkpoint intact. The library does not call it again before the promise has settled.
   */
  readonly save: (bytes: Uint8Array) => Promise<void>;
  /** Loads the checkpoint that was saved last. The result is null if there is none. */
  readonly load: () => Promise<Uint8Array | null>;
}

/** @throws unless it has the methods of a store */
export function assertStore(name: string, store: unknown): asserts store is CheckpointStore {
  const { save, load } = (store ?? {}) as Partial<CheckpointStore>;
  if (typeof save === 'function' && typeof load === 'function') return;
  throw new Error(`${name}: 'store' is ${typeof store}; wanted a store, as memoryStore()`);
}
