import type { TensorInfo } from '../backend';
import type { DataType } from '../dtype';
import { sizeOf, type Shape } from '../strides';
import type { WebGLBackend } from './backend';
import type { TextureLayout } from './texture-layout';

/**
 * A tensor for the time of one kernel: `use` fills and reads it, then its texture returns to the pool.
 *
 * @param layout of its texture; null: the one that suits its shape
 */
export function withScratch<T>(
  backend: WebGLBackend,
  shape: Shape,
  dtype: DataType,
  use: (scratch: TensorInfo) => T,
  layout: TextureLayout | null = null,
): T {
  const size = sizeOf(shape);
  const handle = backend.allocate(size, dtype);
  try {
    const scratch = { shape, dtype, size, handle };
    backend.allocateTexture(scratch, layout);
    return use(scratch);
  } finally {
    // Freed at once though the draws that use it are only queued: whoever gets the texture next is queued behind them.
    backend.free(handle);
  }
}
