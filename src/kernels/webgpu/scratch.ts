import type { TensorInfo } from '../backend';
import type { DataType } from '../dtype';
import { sizeOf } from '../strides';
import type { WebGPUBackend } from './backend';

/** Lends a tensor for partial results to `use`. It is free for later work when `use` returns: the device keeps the order. */
export function withScratch(
  backend: WebGPUBackend,
  shape: readonly number[],
  dtype: DataType,
  use: (scratch: TensorInfo) => void,
): void {
  const size = sizeOf(shape);
  const handle = backend.allocate(size, dtype);
  try {
    use({ shape, dtype, size, handle });
  } finally {
    backend.free(handle);
  }
}
