import { activeBackend, type BackendMemory } from '../kernels';
import { storageMemory } from './device';
import { freeEnded } from './extent';
import { releaseUnclaimed } from './new-tensor';
import { numTensors } from './tensor-count';

/** What is alive at one moment. */
export interface MemoryInfo {
  /** Tensors, variables included. */
  readonly numTensors: number;
  /** Storages: views share one. What the tape remembers counts here, though not as tensors. */
  readonly numDataBuffers: number;
  /** Bytes of the elements in those: 4 for each, of bool tensors too (where TensorFlow.js counts 1). */
  readonly numBytes: number;
  /** What the backend in use holds beside that. */
  readonly backend: BackendMemory;
}

/**
 * What is alive at this moment.
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
  // What could not be freed when it ended, for want of stack.
  freeEnded();
  releaseUnclaimed();
  return { numTensors: numTensors(), ...storageMemory(), backend: activeBackend().memory() };
}
