import type { ConvolutionAttributes, WindowGeometry } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { op } from '../op';
import { formatShape } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor, Tensor3D, Tensor4D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import {
  inputShapeOf,
  outputShapeOf,
  windowGeometry,
  type Padding,
  type RoundingMode,
} from '../window-geometry';
import { castTo } from './cast';
import { reshape } from './reshape';
import { transpose } from './transpose';

export type DataFormat = 'NHWC' | 'NCHW';

interface Geometry {
  readonly geometry: WindowGeometry;
}

/** The three products of a convolution are each other's gradients. */
const convolutionRule: GradientRule<ConvolutionAttributes> = {
  inputs: [0, 1],
  gradients: (c) => [
    () => inputGradient(c.dy, c.input(1), c.attributes.geometry),
    () => filterGradient(c.input(0), c.dy, c.attributes.geometry),
  ],
};

const inputGradientRule: GradientRule<Geometry> = {
  inputs: [0, 1],
  gradients: (c) => [
    () => convolve(c.dy, c.input(1), c.attributes.geometry),
    () => filterGradient(c.dy, c.input(0), c.attributes.geometry),
  ],
};

const filterGradientRule: GradientRule<Geometry> = {
  inputs: [0, 1],
  gradients: (c) => [
    () => inputGradient(c.input(1), c.dy, c.attributes.geometry),
    () => convolve(c.input(0), c.dy, c.attributes.geometry),
  ],
};

function convolve(x: Tensor, filter: Tensor, geometry: WindowGeometry): Tensor {
  const attributes = { geometry, activation: 'linear', alpha: 0 } as const;
  return dispatchOne(
    'conv2d',
    'conv2d',
    [x, filter],
    outputShapeOf(geometry),
    'float32',
    attributes,
    convolutionRule,
  );
}

function inputGradient(dy: Tensor, filter: Tensor, geometry: WindowGeometry): Tensor {
  return dispatchOne(
    'conv2dInputGradient',
    'conv2dInputGradient',
    [dy, filter],
    inputShapeOf(geometry),
    'float32',
    { geometry },
    inputGradientRule,
  );
}

function filterGradient(x: Tensor, dy: Tensor, geometry: WindowGeometry): Tensor {
  const shape = [geometry.filterHeight, geometry.filterWidth, geometry.inChannels, geometry.outChannels];
  return dispatchOne(
    'conv2dFilterGradient',
    'conv2dFilterGradient',
    [x, dy],
    shape,
    'float32',
    { geometry },
    filterGradientRule,
  );
}

/**
 * Works on an image batch as NHWC: a single image [h, w, c] becomes a batch of one, NCHW is transposed, and the result is
 * brought back to the form that came in.
 */
export function inNHWC(name: string, x: Tensor, dataFormat: DataFormat, work: (x: Tensor) => Tensor): Tensor {
  if (dataFormat !== 'NHWC' && dataFormat !== 'NCHW') {
    throw new Error(`${name}: argument 'dataFormat' is '${String(dataFormat)}'; wanted 'NHWC' or 'NCHW'`);
  }
  const batched = x.rank === 3 ? reshape(x, [1, ...x.shape]) : x;
  const result =
    dataFormat === 'NHWC' ? work(batched) : transpose(work(transpose(batched, [0, 2, 3, 1])), [0, 3, 1, 2]);
  return x.rank === 3 ? reshape(result, result.shape.slice(1)) : result;
}

/**
 * The 2-D convolution (cross-correlation) of images with a filter.
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
  const images = castTo(asRank('conv2d', 'x', x, [3, 4], 'float32'), 'float32');
  const weights = castTo(asRank('conv2d', 'filter', filter, 4, 'float32'), 'float32');
  const [filterHeight, filterWidth, inChannels, outChannels] = weights.shape as [
    number,
    number,
    number,
    number,
  ];
  return inNHWC('conv2d', images, dataFormat, (batch) => {
    if (batch.shape[3] !== inChannels) {
      throw new Error(
        `conv2d: argument 'x' has ${batch.shape[3]} channels; wanted ${inChannels}, as the filter of shape ${formatShape(weights.shape)}`,
      );
    }
    const geometry = windowGeometry({
      op: 'conv2d',
      shape: batch.shape,
      filter: [filterHeight, filterWidth],
      outChannels,
      strides,
      dilations,
      pad,
      dimRoundingMode,
    });
    return convolve(batch, weights, geometry);
  }) as T;
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
  const images = castTo(asRank('conv2dTranspose', 'x', x, [3, 4], 'float32'), 'float32');
  const weights = castTo(asRank('conv2dTranspose', 'filter', filter, 4, 'float32'), 'float32');
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
        `conv2dTranspose: argument 'outputShape' is ${formatShape(outputShape)}, for which x would be ${formatShape(wanted)}; ` +
          `found ${formatShape(batch.shape)}, with a filter of shape ${formatShape(weights.shape)}`,
      );
    }
    return inputGradient(batch, weights, geometry);
  }) as T;
});
