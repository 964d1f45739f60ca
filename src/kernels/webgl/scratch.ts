import type { TensorInfo } from '../backend';
import type { DataType } from '../dtype';
import { sizeOf, type Shape } from '../strides';
import type { WebGLBackend } from './backend';
import type { TextureLayout } from './texture-layout';

/**
 * Lends a tensor with undefined values to `use`, and frees it when that returns.
 *
 * @param layout the layout of its texture; null: the one that `chooseLayout` gives; 'own': no texture yet, `use` makes it
 */
export function withScratch<T>(
  backend: WebGLBackend,
  shape: Shape,
  dtype: DataType,
  use: (scratch: TensorInfo) => T,
  layout: TextureLayout | null | 'own' = null,
): T {
  const size = sizeOf(shape);
  const handle = backend.allocate(size, dtype);
  try {
    const scratch = { shape, dtype, size, handle };
    if (layout !== 'own') backend.allocateTexture(scratch, layout);
    return use(scratch);
  } finally {
    // Draws that use it may still be queued. That is safe: the next user's draws are queued behind them.
    backend.free(handle);
  }
}
