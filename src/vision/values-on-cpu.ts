import type { CpuBackend } from '../kernels/cpu/backend';
import type { Block } from '../kernels/cpu/memory';
import type { Tensor } from '../tensor/tensor';

/** Whether a tensor's values lie in the memory of the CPU. */
export const isOnCpu = ({ storage }: Tensor): boolean => storage.backend.name === 'cpu';

/** A view of the values of a tensor on the CPU. The next allocation may detach it. */
export function valuesOnCpu({ storage, size, dtype }: Tensor): Float32Array | Int32Array {
  const { buffer } = (storage.backend as CpuBackend).linear;
  const { offset } = storage.handle as Block;
  return dtype === 'float32' ? new Float32Array(buffer, offset, size) : new Int32Array(buffer, offset, size);
}
