import type { TensorInfo } from '../backend';
import type { DataType } from '../dtype';
import { sizeOf, type Shape } from '../layout';
import type { WebGLBackend } from './backend';

/** A tensor for the time of one kernel: `use` fills and reads it, then its texture returns to the pool. */
export function withScratch<T>(
  backend: WebGLBackend,
  shape: Shape,
  dtype: DataType,
  use: (scratch: TensorInfo) => T,
): T {
  const size = sizeOf(shape);
  const handle = backend.allocate(size, dtype);
  try {
    return use({ shape, dtype, storage: { handle, size } });
  } finally {
    // Freed at once though the draws that use it are only queued: whoever gets the texture next is queued behind them.
    backend.free(handle);
  }
}
