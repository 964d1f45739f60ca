import { isIntegers, wrongArgument } from '../argument';
import { op } from '../op';
import { formatShape } from '../shape';
import type { Tensor3D, Tensor4D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import { outputShapeOf, windowGeometry, type Padding, type RoundingMode } from '../window-geometry';
import { castTo } from './cast';
import { convolution, inputGradient, type Convolution2D } from './convolution';
import { inNHWC } from './data-format';
import type { DataFormat } from './method-types';
import type { KeepsRank } from './keeps-rank';

/**
 * A 2-D convolution (cross-correlation, as usual in deep learning) of images with a filter, in float32. Padding adds nothing to a result or to a gradient,
 * even where the filter is NaN or infinite.
 *
 * @param x [batch, height, width, inChannels], or one image without the batch axis; with 'NCHW', [batch, inChannels, height, width]
 * @param filter [height, width, inChannels, outChannels]
 * @param strides the step of the window: one number, or [height, width]
 * @param pad 'same' (output extent = input extent / stride, rounded up), 'valid' (no padding), a number of zeros on each side, or a pair
 *   [before, after] for each axis of x
 * @param dataFormat the order of the axes of x and of the result: 'NHWC' or 'NCHW'
 * @param dilations the distance between neighbouring elements of the filter; must be 1 if a stride is greater than 1
 * @param dimRoundingMode how to round an output extent that is not an integer, if `pad` is a number
 * @throws when a rank does not fit, or the channels of x and the filter differ
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const edges = dl.conv2d(dl.ones([1, 4, 4, 1]), dl.ones([3, 3, 1, 2]), 1, 'valid');
 * console.log(edges.shape); // [1, 2, 2, 2]
 * ```
 */
export const conv2d = op('conv2d', function conv2d<
  T extends Tensor3D | Tensor4D,
>(x: T | TensorInput, filter: Tensor4D | TensorInput, strides: number | [number, number], pad: Padding, dataFormat: DataFormat = 'NHWC', dilations: number | [number, number] = 1, dimRoundingMode?: RoundingMode): T {
  const options = { x, filter, strides, pad, dataFormat, dilations, dimRoundingMode };
  return convolution('conv2d', 'full', options) as T;
}) as Convolution2D;

/**
 * The transposed convolution, for upsampling: the gradient of {@link conv2d} with respect to its input, in float32.
 *
 * @param x [batch, height, width, inChannels], or one image without the batch axis
 * @param filter [height, width, outChannels, inChannels]
 * @param outputShape the shape of the result, of x's rank: [batch, height, width, outChannels]
 * @param strides the factor of the upsampling: one number, or [height, width]
 * @param pad as for the {@link conv2d} that maps `outputShape` to the shape of x
 * @throws unless a conv2d with this filter, these strides and this padding maps `outputShape` to the shape of x
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x = dl.ones([2, 2, 1]);
 * console.log(dl.conv2dTranspose(x, dl.ones([2, 2, 3, 1]), [4, 4, 3], 2, 'valid').shape); // [4, 4, 3]
 * ```
 */
export const conv2dTranspose = op('conv2dTranspose', function conv2dTranspose<
  T extends Tensor3D | Tensor4D,
>(x: T | TensorInput, filter: Tensor4D | TensorInput, outputShape: readonly number[], strides: number | [number, number], pad: Padding, dimRoundingMode?: RoundingMode): T {
  const images = asRank('conv2dTranspose', 'x', x, [3, 4], 'float32');
  const weights = asRank('conv2dTranspose', 'filter', filter, 4, 'float32');
  if (!isIntegers(outputShape, 0) || outputShape.length !== images.rank) {
    throw wrongArgument(
      'conv2dTranspose',
      'outputShape',
      outputShape,
      `a shape of rank ${images.rank}, as x has`,
    );
  }
  const [filterHeight, filterWidth, , inChannels] = weights.shape as [number, number, number, number];
  return inNHWC('conv2dTranspose', images, 'NHWC', (batch) => {
    const shape = outputShape.length === 3 ? [1, ...outputShape] : [...outputShape];
    const geometry = windowGeometry({
      op: 'conv2dTranspose',
      shape,
      filter: [filterHeight, filterWidth],
      outChannels: inChannels,
      strides,
      dilations: 1,
      pad,
      dimRoundingMode,
    });
    const wanted = outputShapeOf(geometry);
    const fits = formatShape(wanted) === formatShape(batch.shape) && shape[3] === weights.shape[2];
    if (!fits) {
      throw new Error(
        `conv2dTranspose: argument 'outputShape' is ${formatShape(outputShape)}, which a 'filter' of shape ` +
          `${formatShape(weights.shape)} maps to ${formatShape(wanted)}; wanted one that it maps to the shape of 'x', ${formatShape(batch.shape)}`,
      );
    }
    return inputGradient(castTo(batch, 'float32'), castTo(weights, 'float32'), geometry);
  }) as T;
}) as KeepsRank<
  Tensor3D | Tensor4D,
  [
    filter: Tensor4D | TensorInput,
    outputShape: readonly number[],
    strides: number | [number, number],
    pad: Padding,
    dimRoundingMode?: RoundingMode,
  ]
>;
