import { isIntegers, wrongArgument } from '../../tensor/argument';
import { op } from '../../tensor/op';
import { cast, conv2d, conv2dTranspose } from '../../tensor/ops';
import type { KeepsRank } from '../../tensor/ops/keeps-rank';
import { formatShape } from '../../tensor/shape';
import type { Tensor, Tensor4D, Tensor5D } from '../../tensor/tensor';
import { asRank, type TensorInput } from '../../tensor/tensor-like';
import type { RoundingMode } from '../../tensor/window-geometry';
import { asImages, asVolumes, filterPlane, planesOf, planesPut, sumOf, tapsOf } from './taps';
import {
  imagePadding,
  inNDHWC,
  paddingInNDHWC,
  volumeWindows,
  type Triple,
  type VolumeDataFormat,
  type VolumePadding,
} from './window';

/** The height, width and channels of an image. */
type Inner = [number, number, number];

/** A filter in float32. @throws unless it has rank 5 and an element along depth, height and width */
function filterOf(name: string, given: TensorInput): Tensor {
  const filter = asRank(name, 'filter', given, 5, 'float32');
  if (filter.shape.slice(0, 3).includes(0)) {
    throw new Error(
      `${name}: argument 'filter' has shape ${formatShape(filter.shape)}; wanted at least one plane, row and column`,
    );
  }
  return cast(filter, 'float32');
}

const extentsOf = (filter: Tensor): Triple => filter.shape.slice(0, 3) as unknown as Triple;

/**
 * A 3-D convolution (cross-correlation, as usual in deep learning) of volumes or films with a filter, in float32: the sum of the {@link conv2d}s of all planes
 * of the filter. Padding adds nothing to a result or to a gradient, even where the filter is NaN or infinite. As `tf.conv3d` of TensorFlow.js.
 *
 * @param x [batch, depth, height, width, inChannels], or one volume without the batch axis; with 'NCDHW' the channels come before the depth
 * @param filter [depth, height, width, inChannels, outChannels]
 * @param strides the step of the window: one number, or [depth, height, width]
 * @param pad 'same' (output extent = input extent / stride, rounded up), 'valid' (no padding), a number of zeros on each side, or a pair
 *   [before, after] for each of five axes, in the order of x
 * @param dataFormat the order of the axes of x and of the result: 'NDHWC' by default, or 'NCDHW'
 * @param dilations the distance between neighbouring elements of the filter; must be 1 if a stride is greater than 1. 1 by default
 * @param dimRoundingMode how to round an output extent that is not an integer, if `pad` is a number: 'floor' by default
 * @throws when a rank does not fit, the channels of x and the filter differ, or an extent, a stride or the padding is invalid
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { conv3d } from 'rxtensor/ops';
 * dl.tidy(() => {
 *   const films = dl.ones<dl.Rank.R5>([1, 8, 16, 16, 3]);
 *   const filter = dl.ones<dl.Rank.R5>([3, 3, 3, 3, 4]);
 *   console.log(conv3d(films, filter, 1, 'same').shape); // [1, 8, 16, 16, 4]
 * });
 * ```
 */
export const conv3d = op('conv3d', function conv3d<
  T extends Tensor4D | Tensor5D,
>(x: T | TensorInput, filter: Tensor5D | TensorInput, strides: number | Triple, pad: VolumePadding, dataFormat: VolumeDataFormat = 'NDHWC', dilations: number | Triple = 1, dimRoundingMode?: RoundingMode): T {
  const volumes = asRank('conv3d', 'x', x, [4, 5], 'float32');
  const weights = filterOf('conv3d', filter);
  return inNDHWC('conv3d', volumes, dataFormat, (given) => {
    const batch = cast(given, 'float32');
    const [count, depth, height, width, channels] = batch.shape as [number, number, ...number[]];
    if (channels !== weights.shape[3]) {
      throw new Error(
        `conv3d: argument 'x' has ${channels} channels; wanted ${weights.shape[3]}, as the argument 'filter' of shape ${formatShape(weights.shape)}`,
      );
    }
    const windows = volumeWindows({
      op: 'conv3d',
      shape: [depth, height!, width!],
      filter: extentsOf(weights),
      strides,
      dilations,
      pad: paddingInNDHWC(pad, dataFormat),
      dimRoundingMode,
    });
    const { strides: steps, dilations: distances, pads, extents } = windows;
    const parts = tapsOf(depth, windows).map((tap) => {
      const images = conv2d<Tensor4D>(
        asImages(planesOf(batch, tap.first, tap.count, steps[0])),
        filterPlane(weights, tap.plane),
        [steps[1], steps[2]],
        imagePadding(pads[1], pads[2]),
        'NHWC',
        [distances[1], distances[2]],
        dimRoundingMode,
      );
      return planesPut(asVolumes(images, count, tap.count), tap.place, extents[0], 1);
    });
    return sumOf(parts, [count, ...extents, weights.shape[4]!], [batch, weights]);
  }) as T;
}) as KeepsRank<
  Tensor4D | Tensor5D,
  [
    filter: Tensor5D | TensorInput,
    strides: number | Triple,
    pad: VolumePadding,
    dataFormat?: VolumeDataFormat,
    dilations?: number | Triple,
    dimRoundingMode?: RoundingMode,
  ]
>;

/**
 * The transposed convolution of volumes, for upsampling: the gradient of {@link conv3d} with respect to its input, in float32. As `tf.conv3dTranspose` of
 * TensorFlow.js.
 *
 * @param x [batch, depth, height, width, inChannels], or one volume without the batch axis
 * @param filter [depth, height, width, outChannels, inChannels]
 * @param outputShape the shape of the result, of x's rank: [batch, depth, height, width, outChannels]
 * @param strides the factor of the upsampling: one number, or [depth, height, width]
 * @param pad as for the {@link conv3d} that maps `outputShape` to the shape of x
 * @param dimRoundingMode as for that conv3d
 * @throws unless a conv3d with this filter, these strides and this padding maps `outputShape` to the shape of x
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { conv3dTranspose } from 'rxtensor/ops';
 * dl.tidy(() => {
 *   const x = dl.ones<dl.Rank.R4>([2, 2, 2, 1]);
 *   const filter = dl.ones<dl.Rank.R5>([2, 2, 2, 3, 1]);
 *   console.log(conv3dTranspose(x, filter, [4, 4, 4, 3], 2, 'valid').shape); // [4, 4, 4, 3]
 * });
 * ```
 */
export const conv3dTranspose = op('conv3dTranspose', function conv3dTranspose<
  T extends Tensor4D | Tensor5D,
>(x: T | TensorInput, filter: Tensor5D | TensorInput, outputShape: readonly number[], strides: number | Triple, pad: VolumePadding, dimRoundingMode?: RoundingMode): T {
  const name = 'conv3dTranspose';
  const volumes = asRank(name, 'x', x, [4, 5], 'float32');
  const weights = filterOf(name, filter);
  if (!isIntegers(outputShape, 0, volumes.rank))
    throw wrongArgument(name, 'outputShape', outputShape, `a shape of rank ${volumes.rank}, as x has`);
  const shape = volumes.rank === 4 ? [1, ...outputShape] : outputShape;
  const [count, depth, ...image] = shape as [number, number, ...number[]];
  const windows = volumeWindows({
    op: name,
    shape: [depth, image[0]!, image[1]!],
    filter: extentsOf(weights),
    strides,
    pad,
    dimRoundingMode,
  });
  const { strides: steps, pads, extents } = windows;
  return inNDHWC(name, volumes, 'NDHWC', (given) => {
    const batch = cast(given, 'float32');
    const mapped = [count, ...extents, weights.shape[4]!];
    if (formatShape(mapped) !== formatShape(batch.shape) || image[2] !== weights.shape[3]) {
      throw new Error(
        `${name}: argument 'outputShape' is ${formatShape(outputShape)}, which a 'filter' of shape ${formatShape(weights.shape)} maps to ` +
          `${formatShape(mapped)}; wanted one that it maps to the shape of 'x', ${formatShape(batch.shape)}`,
      );
    }
    const parts = tapsOf(depth, windows).map((tap) => {
      const images = conv2dTranspose<Tensor4D>(
        asImages(planesOf(batch, tap.place, tap.count, 1)),
        filterPlane(weights, tap.plane),
        [count * tap.count, ...(image as Inner)],
        [steps[1], steps[2]],
        imagePadding(pads[1], pads[2]),
        dimRoundingMode,
      );
      return planesPut(asVolumes(images, count, tap.count), tap.first, depth, steps[0]);
    });
    return sumOf(parts, [count, depth, ...image], [batch, weights]);
  }) as T;
}) as KeepsRank<
  Tensor4D | Tensor5D,
  [
    filter: Tensor5D | TensorInput,
    outputShape: readonly number[],
    strides: number | Triple,
    pad: VolumePadding,
    dimRoundingMode?: RoundingMode,
  ]
>;
