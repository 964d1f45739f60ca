import { op } from '../op';
import { formatShape } from '../shape';
import type { Tensor3D, Tensor4D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import { pairOf, type Padding, type RoundingMode } from '../window-geometry';
import { convolution, type Convolution2D } from './convolution';
import type { DataFormat } from './method-types';
import type { KeepsRank } from './keeps-rank';

/**
 * A 2-D convolution that applies its own filters to each channel and does not mix channels, in float32.
 *
 * @param x [batch, height, width, inChannels], or one image without the batch axis; with 'NCHW', [batch, inChannels, height, width]
 * @param filter [height, width, inChannels, multiplier]. The result has inChannels · multiplier channels; the `multiplier` results of
 *   one input channel are neighbours
 * @param strides the step of the window: one number, or [height, width]
 * @param pad as for {@link conv2d}
 * @param dataFormat the order of the axes of x and of the result: 'NHWC' or 'NCHW'
 * @param dilations the distance between neighbouring elements of the filter; must be 1 if a stride is greater than 1
 * @param dimRoundingMode how to round an output extent that is not an integer, if `pad` is a number
 * @throws when a rank does not fit, or the channels of x and the filter differ
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.ones([4, 4, 2]);
 * const smoothed = dl.depthwiseConv2d(image, dl.fill([3, 3, 2, 1], 1 / 9), 1, 'same');
 * console.log(smoothed.shape); // [4, 4, 2]
 * ```
 */
export const depthwiseConv2d = op('depthwiseConv2d', function depthwiseConv2d<
  T extends Tensor3D | Tensor4D,
>(x: T | TensorInput, filter: Tensor4D | TensorInput, strides: number | [number, number], pad: Padding, dataFormat: DataFormat = 'NHWC', dilations: number | [number, number] = 1, dimRoundingMode?: RoundingMode): T {
  const options = { x, filter, strides, pad, dataFormat, dilations, dimRoundingMode };
  return convolution('depthwiseConv2d', 'depthwise', options) as T;
}) as Convolution2D;

/**
 * A depthwise convolution followed by a 1 × 1 convolution that mixes the channels. It has far fewer weights than {@link conv2d}.
 *
 * @param x [batch, height, width, inChannels], or one image without the batch axis; with 'NCHW', [batch, inChannels, height, width]
 * @param depthwiseFilter [height, width, inChannels, multiplier]
 * @param pointwiseFilter [1, 1, inChannels · multiplier, outChannels]
 * @throws when a rank does not fit, or the channels of x and the filter differ
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.ones([4, 4, 2]);
 * const y = dl.separableConv2d(image, dl.ones([3, 3, 2, 1]), dl.ones([1, 1, 2, 5]), 1, 'valid');
 * console.log(y.shape); // [2, 2, 5]
 * ```
 */
export const separableConv2d = op('separableConv2d', function separableConv2d<
  T extends Tensor3D | Tensor4D,
>(x: T | TensorInput, depthwiseFilter: Tensor4D | TensorInput, pointwiseFilter: Tensor4D | TensorInput, strides: number | [number, number], pad: Padding, dilation: number | [number, number] = 1, dataFormat: DataFormat = 'NHWC'): T {
  const name = 'separableConv2d';
  const images = asRank(name, 'x', x, [3, 4], 'float32');
  const own = asRank(name, 'depthwiseFilter', depthwiseFilter, 4, 'float32');
  const mixing = asRank(name, 'pointwiseFilter', pointwiseFilter, 4, 'float32');
  const [, , inChannels, multiplier] = own.shape as number[];
  const [height, width, channels] = mixing.shape as number[];
  if (height !== 1 || width !== 1 || channels !== inChannels! * multiplier!) {
    throw new Error(
      `${name}: argument 'pointwiseFilter' has shape ${formatShape(mixing.shape)}; wanted [1,1,${inChannels! * multiplier!},…], ` +
        `for an argument 'depthwiseFilter' of shape ${formatShape(own.shape)}`,
    );
  }
  const options = { strides, pad, dataFormat, dilations: pairOf(name, 'dilation', dilation) };
  const depthwise = convolution(name, 'depthwise', { ...options, x: images, filter: own });
  return convolution(name, 'full', {
    x: depthwise,
    filter: mixing,
    strides: 1,
    pad: 'valid',
    dataFormat,
  }) as T;
}) as KeepsRank<
  Tensor3D | Tensor4D,
  [
    depthwiseFilter: Tensor4D | TensorInput,
    pointwiseFilter: Tensor4D | TensorInput,
    strides: number | [number, number],
    pad: Padding,
    dilation?: number | [number, number],
    dataFormat?: DataFormat,
  ]
>;
