/**
 * Where a checkpoint is kept, one at a time: {@link memoryStore}, {@link indexedDBStore}, or `fileStore` of `rxtensor/node`; or one of your
 * own, for a server, say.
 */
export interface CheckpointStore {
  /** For messages, as `the file run.ckpt`. */
  readonly name: string;
  /**
   * Replaces what it keeps; resolves when that would outlive the program, and rejects when it fails. Until then it must keep what it
   * had, whole. It is never called again before that.
   */
  readonly save: (bytes: Uint8Array) => Promise<void>;
  /** What it keeps; null where nothing was saved. */
  readonly load: () => Promise<Uint8Array | null>;
}

/** @throws unless it is a store */
export function assertStore(name: string, store: unknown): asserts store is CheckpointStore {
  const { save, load } = (store ?? {}) as Partial<CheckpointStore>;
  if (typeof save === 'function' && typeof load === 'function') return;
  throw new Error(`${name}: 'store' is ${typeof store}; wanted a store, as memoryStore()`);
}
