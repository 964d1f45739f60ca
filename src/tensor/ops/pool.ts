import { assertOneOf } from '../argument';
import { sizeOf, type KernelAttributes, type PoolAttributes, type WindowGeometry } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { sumType } from '../dtype';
import { op } from '../op';
import type { GradientRule } from '../tape';
import type { Tensor, Tensor3D, Tensor4D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import {
  inputShapeOf,
  outputShapeOf,
  pairOf,
  windowGeometry,
  type Padding,
  type RoundingMode,
} from '../window-geometry';
import { maximum, neg, sub } from './arithmetic';
import { castTo } from './cast';
import { scalar } from './creation';
import { inNHWC } from './data-format';
import { gather } from './gather';
import { reshape } from './reshape';
import { range } from './sequences';
import type { KeepsRank } from './keeps-rank';

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

/** The gradient of each window goes to its greatest element, the first of equals. */
const maxRule: GradientRule<PoolAttributes> = {
  inputs: [0],
  gradients: (c) => [
    () => {
      const { geometry } = c.attributes;
      const name = 'maxPoolGradient';
      const inputs = [c.dy, c.input(0)];
      return dispatchOne(
        name,
        name,
        inputs,
        inputShapeOf(geometry),
        'float32',
        { geometry },
        maxGradientRule,
      );
    },
  ],
};

function maxPoolIndices(x: Tensor, geometry: WindowGeometry): Tensor {
  return dispatchOne('maxPoolIndices', 'maxPoolIndices', [x], outputShapeOf(geometry), 'int32', { geometry });
}

const maxGradientRule: GradientRule<Geometry> = {
  inputs: [1],
  gradients: (c) => [
    () => {
      const flat = reshape(c.dy, [sizeOf(c.dy.shape)]);
      return gather<Tensor>(flat, maxPoolIndices(c.input(1), c.attributes.geometry));
    },
    null,
  ],
};

function poolKernel(x: Tensor, mode: PoolAttributes['mode'], geometry: WindowGeometry): Tensor {
  const name = mode === 'max' ? 'maxPool' : 'avgPool';
  const rule = mode === 'max' ? maxRule : averageRule;
  return dispatchOne(name, 'pool', [x], outputShapeOf(geometry), 'float32', { mode, geometry }, rule);
}

/** The arguments that all poolings share. */
interface PoolArguments {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: Padding;
  readonly dilations?: number | [number, number] | undefined;
  readonly dimRoundingMode?: RoundingMode | undefined;
}

/** Runs `work` on images as a batch, with the geometry of the windows. */
function overWindows<T extends Tensor>(
  name: string,
  images: Tensor,
  { filterSize, strides, pad, dilations = 1, dimRoundingMode }: PoolArguments,
  work: (batch: Tensor, geometry: WindowGeometry) => Tensor,
): T {
  const filter = pairOf(name, name === 'pool' ? 'windowShape' : 'filterSize', filterSize);
  return inNHWC(name, images, 'NHWC', (batch) => {
    const outChannels = batch.shape[3]!;
    const windows = { shape: batch.shape, filter, outChannels, strides, dilations, pad, dimRoundingMode };
    return work(batch, windowGeometry({ op: name, ...windows }));
  }) as T;
}

function imagesOf(name: string, x: TensorInput, argument = 'x'): Tensor {
  return asRank(name, argument, x, [3, 4], 'float32');
}

/** The kernel computes in float32; int32 images are converted to it and back. */
function greatest(x: Tensor, geometry: WindowGeometry): Tensor {
  return castTo(poolKernel(castTo(x, 'float32'), 'max', geometry), sumType(x.dtype));
}

function average(x: Tensor, geometry: WindowGeometry): Tensor {
  return poolKernel(castTo(x, 'float32'), 'average', geometry);
}

type PoolOp = KeepsRank<
  Tensor3D | Tensor4D,
  [
    filterSize: number | [number, number],
    strides: number | [number, number],
    pad: Padding,
    dimRoundingMode?: RoundingMode,
  ]
>;

function pooling(name: string, kernel: (x: Tensor, geometry: WindowGeometry) => Tensor): PoolOp {
  return op(
    name,
    <T extends Tensor3D | Tensor4D>(
      x: T | TensorInput,
      filterSize: number | [number, number],
      strides: number | [number, number],
      pad: Padding,
      dimRoundingMode?: RoundingMode,
    ): T => overWindows(name, imagesOf(name, x), { filterSize, strides, pad, dimRoundingMode }, kernel),
  );
}

/**
 * Max pooling: the greatest element of each window, in each channel. A window with a NaN gives NaN; a window that lies entirely in the padding
 * gives −∞. The gradient goes to the greatest element, the first of equals. int32 images give int32, exact up to ±2²⁴.
 *
 * @param x [batch, height, width, channels], or one image without the batch axis
 * @param filterSize the extent of the window: one number, or [height, width]
 * @param strides of the window
 * @param pad as for {@link conv2d}; the padding itself is never the greatest element
 * @param dimRoundingMode how to round an output extent that is not an integer, if `pad` is a number
 * @throws when an extent, a stride or the padding is invalid
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.range(0, 16).reshape([4, 4, 1]);
 * dl.maxPool(image, 2, 2, 'valid').print(); // 5, 7, 13, 15
 * ```
 */
export const maxPool = pooling('maxPool', greatest);
/**
 * Average pooling: the mean of the elements of each window, without the padding, in float32. See {@link maxPool} for the arguments.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor3d([1, 2, 3, 4], [2, 2, 1]).avgPool(2, 1, 0).flatten().print()); // 2.5
 * ```
 */
export const avgPool = pooling('avgPool', average);
/**
 * Min pooling: the least element of each window. See {@link maxPool} for the arguments.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.minPool(dl.tensor3d([1, 2, 3, 4], [2, 2, 1]), 2, 1, 0).flatten().print()); // 1
 * ```
 */
export const minPool = pooling('minPool', (x, geometry) => neg(greatest(neg(x), geometry)));

/**
 * {@link maxPool} or {@link avgPool} with windows that may be dilated.
 *
 * @param input [batch, height, width, channels], or one image without the batch axis
 * @param windowShape the extent of the window: one number, or [height, width]
 * @param poolingType 'max' or 'avg'
 * @param pad as for {@link maxPool}
 * @param dilations the distance between neighbouring elements of a window; must be 1 if a stride is greater than 1. 1 by default
 * @param strides the step of the window; 1 by default
 * @throws when an argument is invalid
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const image = dl.range(0, 9).reshape([3, 3, 1]);
 * dl.pool(image, 2, 'avg', 'valid', 2).print(); // 4, the mean of the corners
 * ```
 */
export const pool = op('pool', function pool<
  T extends Tensor3D | Tensor4D,
>(input: T | TensorInput, windowShape: number | [number, number], poolingType: 'avg' | 'max', pad: Padding, dilations: number | [number, number] = 1, strides: number | [number, number] = 1, dimRoundingMode?: RoundingMode): T {
  assertOneOf('pool', 'poolingType', poolingType, ['avg', 'max']);
  const windows = { filterSize: windowShape, strides, pad, dilations, dimRoundingMode };
  const kernel = poolingType === 'max' ? greatest : average;
  return overWindows('pool', imagesOf('pool', input, 'input'), windows, kernel);
});

/**
 * {@link maxPool} that also returns the position of each greatest element: its flat index (y · width + x) · channels + channel in the image.
 * It is −1 for a window that lies entirely in the padding.
 *
 * @param includeBatchInIndex makes the positions flat indices into the whole batch instead
 * @returns `result`, as from maxPool, and `indexes`, int32, of the same shape
 * @throws where maxPool does
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const { result, indexes } = dl.maxPoolWithArgmax([[[3], [1]], [[2], [4]]], 2, 2, 'valid');
 * result.print(); // 4
 * indexes.print(); // 3
 * ```
 */
export const maxPoolWithArgmax = op('maxPoolWithArgmax', function maxPoolWithArgmax<
  T extends Tensor3D | Tensor4D,
>(x: T | TensorInput, filterSize: number | [number, number], strides: number | [number, number], pad: Padding, includeBatchInIndex = false): {
  result: T;
  indexes: T;
} {
  const name = 'maxPoolWithArgmax';
  const images = imagesOf(name, x);
  const windows = { filterSize, strides, pad };
  return {
    result: overWindows(name, images, windows, greatest),
    indexes: overWindows(name, images, windows, (batch, geometry) => {
      const indices = maxPoolIndices(castTo(batch, 'float32'), geometry);
      return includeBatchInIndex || geometry.batch <= 1 ? indices : indicesInImage(indices, geometry);
    }),
  };
});

function indicesInImage(indices: Tensor, { batch, inHeight, inWidth, inChannels }: WindowGeometry): Tensor {
  const size = inHeight * inWidth * inChannels;
  const starts = range(0, batch * size, size, 'int32');
  return maximum(sub(indices, reshape(starts, [batch, 1, 1, 1])), scalar(-1, 'int32'));
}
