import { assertFraction, assertOneOf } from '../../argument';
import { op } from '../../op';
import { formatShape } from '../../shape';
import type { Tensor, Tensor3D } from '../../tensor';
import { asRank, makeTensor, type TensorInput } from '../../tensor-like';
import { divNoNan, greater, lessEqual, mul, sub } from '../arithmetic';
import { bincount } from '../bincount';
import { castTo } from '../cast';
import { cumsum } from '../cumulative';
import { range, scalar } from '../creation';
import { argMax, max, sum } from '../reduction';
import { reshape, tile } from '../reshape';
import { reverse } from '../slice';
import { round, square } from '../unary';
import { where } from '../where';

/** The luminance of the primaries of ITU-R BT.601, section 2.5.1, as TensorFlow rounds them. */
const LUMINANCE = [0.2989, 0.587, 0.114] as const;

function assertChannels(name: string, argument: string, x: Tensor, wanted: readonly number[]): void {
  const channels = x.shape[x.rank - 1];
  if (channels === undefined || !wanted.includes(channels)) {
    throw new Error(
      `${name}: argument '${argument}' has shape ${formatShape(x.shape)}; wanted ${wanted.join(' or ')} channels along the last axis`,
    );
  }
}

/**
 * Images [batch, height, width, channels] with left and right exchanged.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.image.flipLeftRight([[[[1], [2], [3]]]]).print(); // 3, 2, 1
 * ```
 */
export const flipLeftRight = op('flipLeftRight', function flipLeftRight<
  T extends Tensor,
>(image: T | TensorInput): T {
  return reverse<T>(asRank('flipLeftRight', 'image', image, 4), 2);
});

/** Gray images, of one channel along the last axis, with that channel as red, green and blue. @throws for other channels */
export const grayscaleToRGB = op('grayscaleToRGB', function grayscaleToRGB<
  T extends Tensor,
>(image: T | TensorInput): T {
  const value = asRank('grayscaleToRGB', 'image', image, [2, 3, 4, 5, 6]);
  assertChannels('grayscaleToRGB', 'image', value, [1]);
  return tile(value, [...new Array<number>(value.rank - 1).fill(1), 3]) as T;
});

/** The brightness of float32 colours, with one channel along the last axis. */
function luminance(colours: Tensor): Tensor {
  return sum(mul(colours, makeTensor('luminance', [...LUMINANCE])), -1, true);
}

/**
 * The brightness of images with red, green and blue along the last axis, which becomes one of extent 1. dtypes stay: integers are
 * truncated.
 *
 * @throws for other channels
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.image.rgbToGrayscale([[[1, 0, 0], [1, 1, 1]]]).print(); // 0.2989, 0.9999
 * ```
 */
export const rgbToGrayscale = op('rgbToGrayscale', function rgbToGrayscale<
  T extends Tensor,
>(image: T | TensorInput): T {
  const value = asRank('rgbToGrayscale', 'image', image, [2, 3, 4, 5, 6]);
  assertChannels('rgbToGrayscale', 'image', value, [3]);
  return castTo(luminance(castTo(value, 'float32')), value.dtype) as T;
});

/**
 * The threshold that parts the pixels of a histogram into two classes whose variance between each other is greatest (Otsu, "A
 * threshold selection method from gray-level histograms", IEEE Trans. SMC 1979); −1 where all pixels are alike.
 */
function otsu(histogram: Tensor): Tensor {
  const levels = range(0, histogram.size, 1, 'float32');
  const total = sum(histogram);
  const below = cumsum(histogram);
  const above = sub(total, below);
  const weighted = cumsum(mul(histogram, levels));
  const weightedAbove = sub(sum(mul(histogram, levels)), weighted);
  const distance = sub(divNoNan(weighted, below), divNoNan(weightedAbove, above));
  const variance = mul(mul(divNoNan(below, total), divNoNan(above, total)), square(distance));
  return where(greater(max(variance), 0), castTo(argMax(variance), 'float32'), scalar(-1));
}

/**
 * An image in two shades: 255 where its brightness (of three channels, or the one it has) is above the threshold, 0 elsewhere.
 *
 * @param image [height, width, 1 or 3], with values from 0 to 255
 * @param method 'binary' takes `threshValue`, 'otsu' finds the threshold that separates the two shades best
 * @param inverted exchanges 255 and 0
 * @param threshValue a fraction of 255
 * @returns int32, [height, width, 1]
 * @throws when an argument is out of its range
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.image.threshold(dl.tensor3d([10, 200], [1, 2, 1])).print(); // 0, 255
 * ```
 */
export const threshold = op(
  'threshold',
  function threshold(
    image: Tensor3D | TensorInput,
    method: 'binary' | 'otsu' = 'binary',
    inverted = false,
    threshValue = 0.5,
  ): Tensor3D {
    const given = asRank('threshold', 'image', image, 3);
    assertChannels('threshold', 'image', given, [1, 3]);
    assertOneOf('threshold', 'method', method, ['binary', 'otsu']);
    assertFraction('threshold', 'threshValue', threshValue);
    const value = castTo(given, 'float32');
    const gray = value.shape[2] === 3 ? luminance(value) : value;
    const limit =
      method === 'binary'
        ? scalar(threshValue * 255)
        : otsu(bincount(reshape(castTo(round(gray), 'int32'), [gray.size]), [], 256));
    const chosen = inverted ? lessEqual(gray, limit) : greater(gray, limit);
    return mul<Tensor3D>(castTo(chosen, 'int32'), scalar(255, 'int32'));
  },
);
