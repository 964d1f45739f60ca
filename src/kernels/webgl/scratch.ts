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

/**
 * Runs passes one after the other. Each reads the result of the one before, the first reads `from`, and the last writes `to`. Two scratch
 * tensors hold the results between in turn.
 */
export function inPasses<From extends TensorInfo | null>(
  backend: WebGLBackend,
  from: From,
  to: TensorInfo,
  passes: readonly ((from: From | TensorInfo, to: TensorInfo) => void)[],
): void {
  withScratch(backend, to.shape, to.dtype, (even) => {
    withScratch(backend, to.shape, to.dtype, (odd) => {
      passes.reduce<From | TensorInfo>((source, pass, i) => {
        const target = i === passes.length - 1 ? to : i % 2 ? odd : even;
        pass(source, target);
        return target;
      }, from);
    });
  });
}
