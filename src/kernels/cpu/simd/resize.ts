import type { TensorInfo } from '../../backend';
import { neighboursOf, type Interpolation, type ResizeAttributes, type Sampling } from '../../sampling';
import { offsetOf, withScratch, type CpuBackend } from '../backend';
import type { SimdKernel } from './simd-kernel';
import type { SimdExports } from './simd.wasm';
import { withLost } from './terms';

/** Writes the neighbours of each element of a resized axis: the first and the second as byte offsets, and the second's weight. */
function writeTable(
  backend: CpuBackend,
  offset: number,
  sampling: Sampling,
  interpolation: Interpolation,
  extent: number,
  count: number,
  elementBytes: number,
): void {
  const { first, second, weight } = neighboursOf(sampling, interpolation, extent, count);
  const offsets = new Int32Array(backend.linear.buffer, offset, 2 * count);
  for (let i = 0; i < count; i++) {
    offsets[i] = first[i]! * elementBytes;
    offsets[count + i] = second[i]! * elementBytes;
  }
  new Float32Array(backend.linear.buffer, offset + 8 * count, count).set(weight);
}

/** Runs `walk` over the resized image, with tables that hold the places of each element's neighbours in the original one. */
function run(
  backend: CpuBackend,
  walk: (...places: Parameters<SimdExports['resize']>) => void,
  original: TensorInfo,
  resized: TensorInfo,
  from: TensorInfo,
  to: TensorInfo,
  { interpolation, rows, columns }: ResizeAttributes,
): void {
  const [batch, height, width, channels] = original.shape as [number, number, number, number];
  const [, outHeight, outWidth] = resized.shape as [number, number, number];
  const pixelBytes = channels * 4;
  withScratch(backend, 12 * (outHeight + outWidth), (scratch) => {
    const columnTable = scratch + 12 * outHeight;
    writeTable(backend, scratch, rows, interpolation, height, outHeight, width * pixelBytes);
    writeTable(backend, columnTable, columns, interpolation, width, outWidth, pixelBytes);
    const imageBytes = height * width * pixelBytes;
    walk(
      offsetOf(from),
      offsetOf(to),
      batch,
      imageBytes,
      channels,
      scratch,
      outHeight,
      columnTable,
      outWidth,
    );
  });
}

/** Covers float32. The plain kernel resizes integers, which are only moved. */
export const resize: SimdKernel<'resize'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const [x] = inputs;
  const [y] = outputs;
  if (x!.dtype !== 'float32' || y!.dtype !== 'float32') plain(backend, inputs, outputs, attributes);
  else run(backend, simd.resize, x!, y!, x!, y!, attributes);
};

/** How many elements of a resized axis read one element of the original, at most: those between its neighbours. */
function termsAlong(extent: number, resized: number): number {
  return Math.min(resized, Math.ceil((2 * resized) / extent) + 1);
}

export const resizeGradient: SimdKernel<'resizeGradient'> =
  (simd) =>
  (backend, [dy], [dx], attributes) => {
    const [, height, width] = dx!.shape as [number, number, number];
    const [, dyHeight, dyWidth] = dy!.shape as [number, number, number];
    const terms = termsAlong(height, dyHeight) * termsAlong(width, dyWidth);
    withLost(backend, dx!.size * 4, terms, (lost) => {
      const walk = (...places: Parameters<SimdExports['resize']>): void => {
        simd.resizeGradient(...places, lost);
      };
      run(backend, walk, dx!, dy!, dy!, dx!, attributes);
    });
  };
