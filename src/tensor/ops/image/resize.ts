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
 * Where element i of the resized axis lies: i·(old / new); with aligned corners i·(old − 1)/(new − 1), so that both ends meet; with
 * half-pixel centers (i + ½)·(old / new) − ½. The nearest is at the whole part of the place, so that it is moved to make that right:
 * by ½ where corners are aligned (to round), and by the ½ that half-pixel centers take away.
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

/** Resizes one image [height, width, channels], or a batch of them. */
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
 * Images in another size, each pixel interpolated between the four around its place in the original.
 *
 * @param images one image [height, width, channels] or a batch of them; the result is float32
 * @param size [height, width] of the result
 * @param alignCorners the centers of the corner pixels stay where they are, instead of the images' corners
 * @param halfPixelCenters pixels are at the middle of their squares, as modern TensorFlow and most image programs have it
 * @throws when both are asked for, or the size is not two positive integers
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.tensor3d([[[0], [10]]]);
 * dl.image.resizeBilinear(image, [1, 4], false, true).print(); // 0, 2.5, 7.5, 10
 * ```
 */
export const resizeBilinear = resizing('resizeBilinear', 'bilinear');

/**
 * Images in another size, each pixel the one nearest to its place in the original; dtypes stay. See {@link resizeBilinear} for the
 * arguments.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.tensor3d([[[1], [2]]], [1, 2, 1], 'int32');
 * dl.image.resizeNearestNeighbor(image, [1, 4]).print(); // 1, 1, 2, 2
 * ```
 */
export const resizeNearestNeighbor = resizing('resizeNearestNeighbor', 'nearest');
