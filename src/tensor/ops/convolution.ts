/** The kernel calls that all convolutions share (the convolution and its two gradients, each differentiable by the others), and the check of arguments. */
import type { ConvolutionAttributes, WindowGeometry } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { lazy } from '../lazy';
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
import { inNHWC, paddingInNHWC } from './data-format';
import { gradientBeforeActivation, plain, type Finish } from './fusion';
import type { KeepsRank } from './keeps-rank';
import type { DataFormat } from './method-types';
import { sum } from './reduction';

/** The form of `conv2d` and `depthwiseConv2d`, of one image or of many. */
export type Convolution2D = KeepsRank<
  Tensor3D | Tensor4D,
  [
    filter: Tensor4D | TensorInput,
    strides: number | [number, number],
    pad: Padding,
    dataFormat?: DataFormat,
    dilations?: number | [number, number],
    dimRoundingMode?: RoundingMode,
  ]
>;

interface Geometry {
  readonly geometry: WindowGeometry;
}

const convolutionRule: GradientRule<ConvolutionAttributes> = {
  inputs: [0, 1],
  gradients: (c) => {
    const { geometry } = c.attributes;
    const dy = lazy(() => gradientBeforeActivation(c));
    return [
      () => inputGradient(dy(), c.input(1), geometry),
      () => filterGradient(c.input(0), dy(), geometry, c.inputShape(1)),
      () => sum(dy(), [0, 1, 2]),
    ];
  },
};

const activatedRule: GradientRule<ConvolutionAttributes> = { ...convolutionRule, outputs: [0] };

const inputGradientRule: GradientRule<Geometry> = {
  inputs: [0, 1],
  gradients: (c) => [
    () => convolve('conv2d', c.dy, c.input(1), c.attributes.geometry),
    () => filterGradient(c.dy, c.input(0), c.attributes.geometry, c.inputShape(1)),
  ],
};

const filterGradientRule: GradientRule<Geometry> = {
  inputs: [0, 1],
  gradients: (c) => [
    () => inputGradient(c.input(1), c.dy, c.attributes.geometry),
    () => convolve('conv2d', c.input(0), c.dy, c.attributes.geometry),
  ],
};

/** Convolves NHWC images. The geometry says whether it is depthwise. */
function convolve(
  name: string,
  x: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
  { bias, activation, alpha } = plain.fusion,
): Tensor {
  const inputs = bias ? [x, filter, bias] : [x, filter];
  const rule = activation === 'linear' ? convolutionRule : activatedRule;
  const attributes = { geometry, activation, alpha };
  return dispatchOne(name, 'conv2d', inputs, outputShapeOf(geometry), 'float32', attributes, rule);
}

/** The gradient of a convolution with respect to its images. */
export function inputGradient(dy: Tensor, filter: Tensor, geometry: WindowGeometry): Tensor {
  const name = 'conv2dInputGradient';
  return dispatchOne(
    name,
    name,
    [dy, filter],
    inputShapeOf(geometry),
    'float32',
    { geometry },
    inputGradientRule,
  );
}

/** The gradient of a convolution with respect to its filter, which has the given shape. */
function filterGradient(x: Tensor, dy: Tensor, geometry: WindowGeometry, shape: readonly number[]): Tensor {
  const name = 'conv2dFilterGradient';
  return dispatchOne(name, name, [x, dy], shape, 'float32', { geometry }, filterGradientRule);
}

/** The arguments that all 2-D convolutions share; {@link conv2d} describes them. */
export interface ConvolutionArguments {
  /** The images, [batch, height, width, channels], or one without the first axis. */
  readonly x: TensorInput;
  /** The filter, [height, width, channels in, channels out]. */
  readonly filter: TensorInput;
  /** How far the filter moves from one element of the result to the next, down and to the right. */
  readonly strides: number | readonly [number, number];
  /** What is added around the image. */
  readonly pad: Padding;
  /** Where the channels are: `'NHWC'`, last, when left out. */
  readonly dataFormat?: DataFormat | undefined;
  /** The distance of the elements of the filter that is applied; 1 when left out. */
  readonly dilations?: number | readonly [number, number] | undefined;
  /** How the result is rounded to whole elements, where `pad` is a number. */
  readonly dimRoundingMode?: RoundingMode | undefined;
}

/**
 * Checks the arguments of a convolution and runs it.
 *
 * @param kind how to read the filter's last two axes: 'full' is [inChannels, outChannels], 'depthwise' is [inChannels, multiplier]
 * @param finish gives the bias and the activation to apply to a result of this shape (NHWC)
 * @throws when a rank does not fit, or the channels of x and the filter differ
 */
export function convolution(
  name: string,
  kind: 'full' | 'depthwise',
  { x, filter, strides, pad, dataFormat = 'NHWC', dilations = 1, dimRoundingMode }: ConvolutionArguments,
  finish: (shape: readonly number[]) => Finish = () => plain,
): Tensor {
  const images = asRank(name, 'x', x, [3, 4], 'float32');
  const weights = asRank(name, 'filter', filter, 4, 'float32');
  const [filterHeight, filterWidth, inChannels, last] = weights.shape as [number, number, number, number];
  return inNHWC(name, images, dataFormat, (batch) => {
    if (batch.shape[3] !== inChannels) {
      throw new Error(
        `${name}: argument 'x' has ${batch.shape[3]} channels; wanted ${inChannels}, as the argument 'filter' of shape ${formatShape(weights.shape)}`,
      );
    }
    if (filterHeight * filterWidth === 0) {
      throw new Error(
        `${name}: argument 'filter' has shape ${formatShape(weights.shape)}; wanted at least one row and column`,
      );
    }
    const geometry = windowGeometry({
      op: name,
      shape: batch.shape,
      filter: [filterHeight, filterWidth],
      outChannels: kind === 'full' ? last : inChannels * last,
      strides,
      dilations,
      pad: paddingInNHWC(pad, dataFormat),
      dimRoundingMode,
    });
    const { fusion, then } = finish(outputShapeOf(geometry));
    return then(convolve(name, castTo(batch, 'float32'), castTo(weights, 'float32'), geometry, fusion));
  });
}
