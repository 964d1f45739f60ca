import { op } from '../../tensor/op';
import { add, cast, maxPool, neg, pad as padded, reshape, reverse, slice, stack, stridedSlice } from '../../tensor/ops'; // prettier-ignore
import { inNHWC } from '../../tensor/ops/data-format';
import type { KeepsRank } from '../../tensor/ops/keeps-rank';
import { assertOneOf } from '../../tensor/argument';
import { formatShape } from '../../tensor/shape';
import type { Tensor, Tensor3D, Tensor4D } from '../../tensor/tensor';
import { asRank, type TensorInput } from '../../tensor/tensor-like';
import { windowGeometry, type Padding } from '../../tensor/window-geometry';

type Pair = number | readonly [number, number];

type Morphology = KeepsRank<
  Tensor3D | Tensor4D,
  [filter: Tensor3D | TensorInput, strides: Pair, pad: Padding, dilations?: Pair, dataFormat?: 'NHWC']
>;

/** Every element of the window, plus the filter there, side by side; their greatest is found as that of a pooling, with its gradient. */
function dilated(
  name: string,
  images: Tensor,
  filter: Tensor,
  strides: Pair,
  pad: Padding,
  dilations: Pair,
): Tensor {
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const [filterHeight, filterWidth] = filter.shape as [number, number, number];
  const g = windowGeometry({
    op: name,
    shape: images.shape as number[],
    filter: [filterHeight, filterWidth],
    outChannels: channels,
    strides,
    dilations,
    pad,
  });
  const behind = (
    out: number,
    stride: number,
    size: number,
    dilation: number,
    before: number,
    extent: number,
  ): number => Math.max(0, (out - 1) * stride + (size - 1) * dilation + 1 - extent - before);
  const below = behind(g.outHeight, g.strideHeight, filterHeight, g.dilationHeight, g.padTop, height);
  const right = behind(g.outWidth, g.strideWidth, filterWidth, g.dilationWidth, g.padLeft, width);
  const isPadded = Math.max(g.padTop, below, g.padLeft, right) > 0;
  const x = isPadded
    ? padded(images, [[0, 0], [g.padTop, below], [g.padLeft, right], [0, 0]], -Infinity) // prettier-ignore
    : images;
  const taps = Array.from({ length: filterHeight * filterWidth }, (_, tap) => {
    const [row, column] = [Math.floor(tap / filterWidth), tap % filterWidth];
    const [top, left] = [row * g.dilationHeight, column * g.dilationWidth];
    const seen = stridedSlice(
      x,
      [0, top, left, 0],
      [
        batch,
        top + (g.outHeight - 1) * g.strideHeight + 1,
        left + (g.outWidth - 1) * g.strideWidth + 1,
        channels,
      ],
      [1, g.strideHeight, g.strideWidth, 1],
    );
    const own = reshape(slice(filter, [row, column, 0], [1, 1, channels]), [channels]);
    return reshape(add(seen, own), [batch * g.outHeight, g.outWidth, channels]);
  });
  const greatest = maxPool<Tensor4D>(stack(taps, 1), [taps.length, 1], 1, 'valid');
  return reshape(greatest, [batch, g.outHeight, g.outWidth, channels]);
}

function morphology(name: string, work: typeof dilated): Morphology {
  return op(
    name,
    <T extends Tensor3D | Tensor4D>(
      x: T | TensorInput,
      filter: Tensor3D | TensorInput,
      strides: Pair,
      pad: Padding,
      dilations: Pair = 1,
      dataFormat: 'NHWC' = 'NHWC' as const,
    ): T => {
      assertOneOf(name, 'dataFormat', dataFormat, ['NHWC']);
      const images = asRank(name, 'x', x, [3, 4], 'float32');
      const element = cast(asRank(name, 'filter', filter, 3, 'float32'), 'float32');
      return inNHWC(name, images, 'NHWC', (given): Tensor => {
        const channels = given.shape[3];
        if (channels !== element.shape[2] || element.shape.slice(0, 2).includes(0)) {
          throw new Error(
            `${name}: argument 'filter' has shape ${formatShape(element.shape)}; wanted [height, width, ${channels}], with at least one row and column and the channels of 'x'`,
          );
        }
        return work(name, cast(given, 'float32'), element, strides, pad, dilations);
      }) as T;
    },
  );
}

/**
 * Greyscale dilation: the greatest of the elements of each window, each plus the element of the filter there, in each channel, in float32. A window with a NaN
 * gives NaN. The gradient goes to the greatest element and to its place in the filter, the first of equals. As `tf.nn.dilation2d` and `tf.dilation2d`.
 *
 * @param x [batch, height, width, channels], or one image without the batch axis
 * @param filter the structuring element, finite, [height, width, channels]
 * @param strides the step of the window: one number, or [height, width]
 * @param pad as for `conv2d`; the padding itself is never the greatest element
 * @param dilations the distance between neighbouring elements of the filter; must be 1 if a stride is greater than 1. 1 by default
 * @param dataFormat only 'NHWC' is supported
 * @throws when a rank or the channels do not fit, or a stride, a dilation or the padding is invalid
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { dilation2d } from 'rxtensor/ops';
 * dl.tidy(() => {
 *   const image = dl.tensor3d([0, 0, 0, 5, 0, 0], [2, 3, 1]);
 *   dilation2d(image, dl.zeros([2, 2, 1]), 1, 'same').print(); // 5, 0, 0, 5, 0, 0
 * });
 * ```
 */
export const dilation2d = morphology('dilation2d', dilated);

/**
 * Greyscale erosion: the least of the elements of each window, each less the element of the filter, which is turned by half a turn as in `tf.nn.erosion2d`. It is
 * −{@link dilation2d} of −x by the turned filter.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { erosion2d } from 'rxtensor/ops';
 * dl.tidy(() => {
 *   const image = dl.tensor3d([3, 4, 5, 5, 7, 8], [2, 3, 1]);
 *   erosion2d(image, dl.zeros([2, 2, 1]), 1, 'valid').print(); // 3, 4
 * });
 * ```
 */
export const erosion2d = morphology('erosion2d', (name, images, filter, ...windows) =>
  neg(dilated(name, neg(images), reverse(filter, [0, 1]), ...windows)),
);
