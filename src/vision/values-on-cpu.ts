import { CpuBackend, valuesOf } from '../kernels/cpu/backend';
import type { Tensor } from '../tensor/tensor';

/**
 * A view of the values of a tensor that lies in the memory of the CPU; null for a tensor on another backend. Read it at once, and do not write to it: the next
 * allocation may detach it.
 *
 * Reading in place is safe at any time between two ops. Every kernel on the CPU has run when its call returns, so no work is left that would change the values. A
 * pending `data()` holds a copy of its own. Other views of the storage see no change, because nothing is written here.
 */
export function valuesOnCpu(tensor: Tensor): Float32Array | Int32Array | null {
  const { backend } = tensor.storage;
  return backend instanceof CpuBackend ? valuesOf(backend, tensor) : null;
}
