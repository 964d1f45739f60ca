import { sizeOf, type KernelAttributes, type PoolAttributes, type WindowGeometry } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { op } from '../op';
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
import { inNHWC } from './conv2d';
import { gather } from './gather';
import { reshape } from './reshape';

type Geometry = KernelAttributes['averagePoolGradient'];

const averageRule: GradientRule<PoolAttributes> = {
  gradients: (c) => [() => averageGradient(c.dy, c.attributes.geometry)],
};

function averageGradient(dy: Tensor, geometry: WindowGeometry): Tensor {
  return dispatchOne(
    'avgPoolGradient',
    'averagePoolGradient',
    [dy],
    inputShapeOf(geometry),
    'float32',
    { geometry },
    averageGradientRule,
  );
}

const averageGradientRule: GradientRule<Geometry> = {
  gradients: (c) => [() => poolKernel(c.dy, 'average', c.attributes.geometry)],
};

/** The gradient goes to the first greatest of each window. */
const maxRule: GradientRule<PoolAttributes> = {
  inputs: [0],
  gradients: (c) => [
    () => {
      const { geometry } = c.attributes;
      const indices = dispatchOne(
        'maxPoolIndices',
        'maxPoolIndices',
        [c.input(0)],
        outputShapeOf(geometry),
        'int32',
        { geometry },
      );
      return dispatchOne(
        'maxPoolGradient',
        'maxPoolGradient',
        [c.dy, indices],
        inputShapeOf(geometry),
        'float32',
        { geometry },
        maxGradientRule,
      );
    },
  ],
};

const maxGradientRule: GradientRule<Geometry> = {
  inputs: [1],
  gradients: (c) => [
    () => {
      const flat = reshape(c.dy, [sizeOf(c.dy.shape)]);
      return gather<Tensor>(flat, c.input(1));
    },
    null,
  ],
};

function poolKernel(x: Tensor, mode: PoolAttributes['mode'], geometry: WindowGeometry): Tensor {
  const name = mode === 'max' ? 'maxPool' : 'avgPool';
  const rule = mode === 'max' ? maxRule : averageRule;
  return dispatchOne(name, 'pool', [x], outputShapeOf(geometry), 'float32', { mode, geometry }, rule);
}

type PoolOp = <T extends Tensor3D | Tensor4D>(
  x: T | TensorInput,
  filterSize: number | [number, number],
  strides: number | [number, number],
  pad: Padding,
  dimRoundingMode?: RoundingMode,
) => T;

function pooling(name: 'maxPool' | 'avgPool', mode: PoolAttributes['mode']): PoolOp {
  return op(
    name,
    <T extends Tensor3D | Tensor4D>(
      x: T | TensorInput,
      filterSize: number | [number, number],
      strides: number | [number, number],
      pad: Padding,
      dimRoundingMode?: RoundingMode,
    ): T => {
      const images = castTo(asRank(name, 'x', x, [3, 4], 'float32'), 'float32');
      const filter: [number, number] = typeof filterSize === 'number' ? [filterSize, filterSize] : filterSize;
      if (!filter.every((each) => Number.isInteger(each) && each > 0)) {
        throw new Error(
          `${name}: argument 'filterSize' is ${JSON.stringify(filterSize)}; wanted positive integers`,
        );
      }
      return inNHWC(name, images, 'NHWC', (batch) => {
        const outChannels = batch.shape[3]!;
        const options = {
          op: name,
          shape: batch.shape,
          filter,
          outChannels,
          strides,
          dilations: 1,
          pad,
          dimRoundingMode,
        };
        return poolKernel(batch, mode, windowGeometry(options));
      }) as T;
    },
  );
}

/**
 * The greatest of each window of an image batch [batch, height, width, channels], or of one image.
 *
 * @param filterSize extent of the window, one number or [height, width]
 * @param strides of the window
 * @param pad see {@link conv2d}
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.range(0, 16).reshape<dl.Rank.R3>([4, 4, 1]);
 * dl.maxPool(image, 2, 2, 'valid').print(); // 5, 7, 13, 15
 * ```
 */
export const maxPool = pooling('maxPool', 'max');
/** The mean of each window's elements inside the image. See {@link maxPool} for the arguments. */
export const avgPool = pooling('avgPool', 'average');
