/**
 * A place for one checkpoint: {@link memoryStore}, {@link indexedDBStore}, `fileStore` of `rxtensor/node`, or one of your own, for a server,
 * say.
 */
export interface CheckpointStore {
  /** What messages call the store, for example `the file run.ckpt`. */
  readonly name: string;
  /**
   * Replaces the checkpoint. Resolves when the new one would survive the end of the program, and rejects on failure. Until then the store
   * must keep the old one whole. It is not called again before the promise has settled.
   */
  readonly save: (bytes: Uint8Array) => Promise<void>;
  /** The checkpoint that was saved last; null when there is none. */
  readonly load: () => Promise<Uint8Array | null>;
}

/** @throws unless it has the methods of a store */
export function assertStore(name: string, store: unknown): asserts store is CheckpointStore {
  const { save, load } = (store ?? {}) as Partial<CheckpointStore>;
  if (typeof save === 'function' && typeof load === 'function') return;
  throw new Error(`${name}: 'store' is ${typeof store}; wanted a store, as memoryStore()`);
}
