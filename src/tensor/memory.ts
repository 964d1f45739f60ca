import { activeBackend, type BackendMemory } from '../kernels';
import { storageMemory } from './device';
import { freeEnded } from './extent';
import { releaseUnclaimed } from './new-tensor';
import { living } from './tensor-count';

/** Counts of what is alive at one moment. */
export interface MemoryInfo {
  /** Living tensors, variables included. */
  readonly numTensors: number;
  /** Living storages. Views share one. Values that the tape remembers count here, and not as tensors. */
  readonly numDataBuffers: number;
  /** Bytes of the elements in those storages: 4 for each element, bool too (TensorFlow.js counts 1). */
  readonly numBytes: number;
  /** Memory that the backend in use has reserved from the system. */
  readonly backend: BackendMemory;
}

/**
 * Counts the tensors, storages and bytes that are alive now.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const before = dl.memory().numTensors;
 * dl.tidy(() => {
 *   dl.ones([2, 2]).square();
 * });
 * console.log(dl.memory().numTensors === before); // true
 * ```
 */
export function memory(): MemoryInfo {
  // Frees first what could not be freed earlier because the engine's stack had run over.
  freeEnded();
  releaseUnclaimed();
  return { numTensors: living.tensors, ...storageMemory(), backend: activeBackend().memory() };
}
