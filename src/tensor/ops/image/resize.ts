import { assertImageSize } from './image-ranks';
import { sizeOf, type KernelAttributes } from '../../../kernels';
import { dispatchOne } from '../../dispatch';
import { op } from '../../op';
import { formatShape } from '../../shape';
import type { GradientRule } from '../../tape';
import type { Tensor, Tensor3D, Tensor4D } from '../../tensor';
import { asRank, type TensorInput } from '../../tensor-like';
import { castTo } from '../cast';
import { reshape } from '../reshape';

type ResizeAttributes = KernelAttributes['resize'];
type Interpolation = ResizeAttributes['interpolation'];
type Sampling = ResizeAttributes['rows'];

const resizeRule: GradientRule<ResizeAttributes> = {
  gradients: (c) => [
    () =>
      dispatchOne(
        'resizeGradient',
        'resizeGradient',
        [c.dy],
        c.inputShape(0),
        'float32',
        c.attributes,
        resizeGradientRule,
      ),
  ],
};

const resizeGradientRule: GradientRule<ResizeAttributes> = {
  gradients: (c) => [() => resized('resize', c.dy, c.inputShape(0), c.attributes)],
};

function resized(name: string, x: Tensor, shape: readonly number[], attributes: ResizeAttributes): Tensor {
  return dispatchOne(name, 'resize', [x], shape, x.dtype, attributes, resizeRule);
}

/**
 * Where pixel i of the resized axis is sampled in the original, as the fraction (start + i·step) / divisor. It is i·old/new by default,
 * i·(old − 1)/(new − 1) with aligned corners, and (i + ½)·old/new − ½ with half-pixel centers. The kernel of 'nearest' takes the whole part
 * of it, so ½ is added here: with aligned corners to round to the nearest pixel, with half-pixel centers to cancel the − ½.
 */
function samplingOf(
  interpolation: Interpolation,
  extent: number,
  count: number,
  alignCorners: boolean,
  halfPixelCenters: boolean,
): Sampling {
  const isNearest = interpolation === 'nearest';
  if (halfPixelCenters) {
    return { start: isNearest ? extent : extent - count, step: 2 * extent, divisor: 2 * count };
  }
  const align = alignCorners && count > 1;
  const step = align ? extent - 1 : extent;
  const divisor = align ? count - 1 : count;
  return alignCorners && isNearest
    ? { start: divisor, step: 2 * step, divisor: 2 * divisor }
    : { start: 0, step, divisor };
}

/** An op that resizes one image [height, width, channels], or a batch [batch, height, width, channels]. */
export type ResizeOp = <T extends Tensor3D | Tensor4D>(
  images: T | TensorInput,
  size: [number, number],
  alignCorners?: boolean,
  halfPixelCenters?: boolean,
) => T;

function resizing(name: string, interpolation: Interpolation): ResizeOp {
  return op(
    name,
    <T extends Tensor3D | Tensor4D>(
      images: T | TensorInput,
      size: [number, number],
      alignCorners = false,
      halfPixelCenters = false,
    ): T => {
      const given = asRank(name, 'images', images, [3, 4]);
      assertImageSize(name, 'size', size);
      if (alignCorners && halfPixelCenters) {
        throw new Error(
          `${name}: arguments 'alignCorners' and 'halfPixelCenters' are both true; wanted one of them at most`,
        );
      }
      const shape = given.shape as number[];
      const [height, width, channels] = shape.slice(-3) as [number, number, number];
      const batch = sizeOf(shape.slice(0, -3));
      if (height * width === 0 && batch * channels > 0) {
        throw new Error(
          `${name}: argument 'images' has shape ${formatShape(shape)}; wanted at least one pixel to resize`,
        );
      }
      const sampling = (extent: number, count: number): Sampling =>
        samplingOf(interpolation, extent, count, alignCorners, halfPixelCenters);
      const attributes = {
        interpolation,
        rows: sampling(height, size[0]),
        columns: sampling(width, size[1]),
      };
      const value = interpolation === 'bilinear' ? castTo(given, 'float32') : given;
      const batched = reshape(value, [batch, height, width, channels]);
      const result = resized(name, batched, [batch, ...size, channels], attributes);
      return (shape.length === 4 ? result : reshape(result, [...size, channels])) as T;
    },
  );
}

/**
 * Resizes images by bilinear interpolation between the four nearest pixels. The result is float32.
 *
 * @param images [height, width, channels] or [batch, height, width, channels]
 * @param size [height, width] of the result
 * @param alignCorners aligns the centers of the corner pixels of both images, instead of the outer corners
 * @param halfPixelCenters takes the center of pixel i at i + ½, as TensorFlow 2 and most image programs do
 * @throws when both flags are true, the size is not two positive integers, or the images have no pixels
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.tensor3d([[[0], [10]]]);
 * dl.image.resizeBilinear(image, [1, 4], false, true).print(); // 0, 2.5, 7.5, 10
 * ```
 */
export const resizeBilinear = resizing('resizeBilinear', 'bilinear');

/**
 * Resizes images by taking the nearest pixel. The dtype stays the same. See {@link resizeBilinear} for the arguments.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.tensor3d([[[1], [2]]], [1, 2, 1], 'int32');
 * dl.image.resizeNearestNeighbor(image, [1, 4]).print(); // 1, 1, 2, 2
 * ```
 */
export const resizeNearestNeighbor = resizing('resizeNearestNeighbor', 'nearest');
