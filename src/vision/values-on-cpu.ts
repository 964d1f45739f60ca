import type { Tensor } from '../tensor/tensor';

/** What is used here of the CPU's backend, and of a tensor's place in its memory. */
interface OnCpu {
  readonly backend: { readonly linear: { readonly buffer: ArrayBuffer } };
  readonly handle: { readonly offset: number };
}

/** Whether a tensor's values lie in the memory of the CPU. */
export const isOnCpu = ({ storage }: Tensor): boolean => storage.backend.name === 'cpu';

/** A view of the values of a tensor on the CPU. The next allocation may detach it. */
export function valuesOnCpu({ storage, size, dtype }: Tensor): Float32Array | Int32Array {
  const { backend, handle } = storage as unknown as OnCpu;
  const values = dtype === 'float32' ? Float32Array : Int32Array;
  return new values(backend.linear.buffer, handle.offset, size);
}
