import { isIntegers, wrongArgument } from '../argument';
import { op } from '../op';
import { formatShape } from '../shape';
import type { Tensor3D, Tensor4D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import { outputShapeOf, windowGeometry, type Padding, type RoundingMode } from '../window-geometry';
import { castTo } from './cast';
import { convolution, inputGradient } from './convolution';
import { inNHWC } from './data-format';
import type { DataFormat } from './method-types';

/**
 * The 2-D convolution (cross-correlation) of images with a filter. Padding adds nothing to a result or to a gradient, even where the
 * filter is NaN or infinite.
 *
 * @param x [batch, height, width, inChannels], or one image without the batch; in NCHW the channels come second
 * @param filter [height, width, inChannels, outChannels]
 * @param strides of the window, one number or [height, width]
 * @param pad 'same', 'valid', a number of zeros on each side, or explicit pairs for each axis
 * @param dilations of the filter; 1 where a stride is greater than 1
 * @param dimRoundingMode how an output extent that is no integer is rounded, where pad is a number
 * @throws when ranks or channels do not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const edges = dl.conv2d(dl.ones([1, 4, 4, 1]) as dl.Tensor4D, dl.ones([3, 3, 1, 2]) as dl.Tensor4D, 1, 'valid');
 * console.log(edges.shape); // [1, 2, 2, 2]
 * ```
 */
export const conv2d = op('conv2d', function conv2d<
  T extends Tensor3D | Tensor4D,
>(x: T | TensorInput, filter: Tensor4D | TensorInput, strides: number | [number, number], pad: Padding, dataFormat: DataFormat = 'NHWC', dilations: number | [number, number] = 1, dimRoundingMode?: RoundingMode): T {
  const options = { x, filter, strides, pad, dataFormat, dilations, dimRoundingMode };
  return convolution('conv2d', 'full', options) as T;
});

/**
 * The transpose of {@link conv2d} (its gradient to the input), for upsampling.
 *
 * @param filter [height, width, outChannels, inChannels]
 * @param outputShape [batch, height, width, outChannels], or without the batch as x
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
        `conv2dTranspose: argument 'outputShape' is ${formatShape(outputShape)}, for which 'x' would be ${formatShape(wanted)}; ` +
          `wanted that of x, ${formatShape(batch.shape)}, with a 'filter' of shape ${formatShape(weights.shape)}`,
      );
    }
    return inputGradient(castTo(batch, 'float32'), castTo(weights, 'float32'), geometry);
  }) as T;
});
