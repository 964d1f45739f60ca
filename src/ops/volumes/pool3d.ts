import { op } from '../../tensor/op';
import { avgPool, maxPool, reshape } from '../../tensor/ops';
import type { KeepsRank } from '../../tensor/ops/keeps-rank';
import type { Tensor, Tensor4D, Tensor5D } from '../../tensor/tensor';
import { asRank, type TensorInput } from '../../tensor/tensor-like';
import type { RoundingMode } from '../../tensor/window-geometry';
import {
  imagePadding,
  inNDHWC,
  paddingInNDHWC,
  tripleOf,
  volumeWindows,
  type Triple,
  type VolumeDataFormat,
  type VolumePadding,
} from './window';

type ImagePool = typeof maxPool;

/**
 * A pooling in two passes: over height and width, then over depth. The greatest of the greatest is the greatest of all, and the first of
 * equals stays the first. Each plane of a window has as many elements as the others, so that the mean of their means is the mean of all.
 */
function inTwoPasses(
  name: string,
  pool: ImagePool,
): KeepsRank<
  Tensor4D | Tensor5D,
  [
    filterSize: number | Triple,
    strides: number | Triple,
    pad: VolumePadding,
    dimRoundingMode?: RoundingMode,
    dataFormat?: VolumeDataFormat,
  ]
> {
  return op(
    name,
    <T extends Tensor4D | Tensor5D>(
      x: T | TensorInput,
      filterSize: number | Triple,
      strides: number | Triple,
      pad: VolumePadding,
      dimRoundingMode?: RoundingMode,
      dataFormat: VolumeDataFormat = 'NDHWC',
    ): T => {
      const volumes = asRank(name, 'x', x, [4, 5], 'float32');
      const filter = tripleOf(name, 'filterSize', filterSize);
      return inNDHWC(name, volumes, dataFormat, (batch): Tensor => {
        const [count, depth, height, width, channels] = batch.shape as [number, ...number[]];
        const {
          strides: steps,
          pads,
          extents,
        } = volumeWindows({
          op: name,
          shape: [depth!, height!, width!],
          filter,
          strides,
          pad: paddingInNDHWC(pad, dataFormat),
          dimRoundingMode,
        });
        const [rows, columns] = [extents[1], extents[2]];
        // The paddings are those of the windows; an output extent that was rounded up reaches past them, as in `axisWindow` of the images.
        const planes = pool<Tensor4D>(
          reshape(batch, [count * depth!, height!, width!, channels!]),
          [filter[1], filter[2]],
          [steps[1], steps[2]],
          imagePadding(pads[1], pads[2]),
          dimRoundingMode,
        );
        const pooled = pool<Tensor4D>(
          reshape(planes, [count, depth!, rows * columns, channels!]),
          [filter[0], 1],
          [steps[0], 1],
          imagePadding(pads[0], [0, 0]),
          dimRoundingMode,
        );
        return reshape(pooled, [count, ...extents, channels!]);
      }) as T;
    },
  );
}

/**
 * Max pooling of volumes: the greatest element of each window, in each channel. A window with a NaN gives NaN; a window that lies entirely in the padding gives
 * −∞. The gradient goes to the greatest element, the first of equals. int32 volumes give int32, exact up to ±2²⁴. As `tf.maxPool3d` of TensorFlow.js.
 *
 * @param x [batch, depth, height, width, channels], or one volume without the batch axis; with 'NCDHW' the channels come before the depth
 * @param filterSize the extent of the window: one number, or [depth, height, width]
 * @param strides the step of the window: one number, or [depth, height, width]
 * @param pad 'same' (output extent = input extent / stride, rounded up), 'valid' (no padding), a number of elements on each side, or a pair
 *   [before, after] for each of five axes, in the order of x; the padding itself is never the greatest element
 * @param dimRoundingMode how to round an output extent that is not an integer, if `pad` is a number: 'floor' by default
 * @param dataFormat the order of the axes of x and of the result: 'NDHWC' by default, or 'NCDHW'
 * @throws when an extent, a stride or the padding is invalid
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { maxPool3d } from 'rxtensor/ops';
 * dl.tidy(() => {
 *   const volume = dl.range(0, 8).reshape<dl.Tensor4D>([2, 2, 2, 1]);
 *   maxPool3d(volume, 2, 2, 'valid').print(); // 7
 * });
 * ```
 */
export const maxPool3d = inTwoPasses('maxPool3d', maxPool);

/**
 * Average pooling of volumes: the mean of the elements of each window, without the padding, in float32. As `tf.avgPool3d` of TensorFlow.js; see
 * {@link maxPool3d} for the arguments.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { avgPool3d } from 'rxtensor/ops';
 * dl.tidy(() => {
 *   const volume = dl.range(0, 8).reshape<dl.Tensor4D>([2, 2, 2, 1]);
 *   avgPool3d(volume, 2, 2, 'valid').print(); // 3.5
 * });
 * ```
 */
export const avgPool3d = inTwoPasses('avgPool3d', avgPool);
