import { activeBackend, type BackendMemory } from '../kernels';
import { storageMemory } from './device';
import { freeEnded } from './extent';
import { releaseUnclaimed } from './new-tensor';
import { living } from './tensor-count';

/** Counts of living tensors, storages and bytes. */
export interface MemoryInfo {
  /** Living tensors, variables included. */
  readonly numTensors: number;
  /** Living storages. Views share one. Values that the tape has saved count here, but not as tensors. */
  readonly numDataBuffers: number;
  /** Bytes of the elements in those storages: 4 for each element, bool too (TensorFlow.js counts 1). */
  readonly numBytes: number;
  /** The memory that the backend in use holds. */
  readonly backend: BackendMemory;
}

/**
 * Counts the living tensors, storages and bytes.
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
  // First frees what an overflow of the engine's stack had kept from being freed.
  freeEnded();
  releaseUnclaimed();
  return { numTensors: living.tensors, ...storageMemory(), backend: activeBackend().memory() };
}
