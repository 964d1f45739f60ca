import { assertFraction, assertOneOf } from '../../argument';
import { op } from '../../op';
import { formatShape } from '../../shape';
import type { Tensor, Tensor3D } from '../../tensor';
import { asRank, makeTensor, type TensorInput } from '../../tensor-like';
import { divNoNan, greater, lessEqual, mul, sub } from '../arithmetic';
import { bincount } from '../bincount';
import { castTo } from '../cast';
import { cumsum } from '../cumulative';
import { scalar } from '../creation';
import { range } from '../sequences';
import { argMax, max, sum } from '../reduction';
import { reshape, tile } from '../reshape';
import { reverse } from '../slice';
import { round, square } from '../unary';
import { where } from '../where';

/** The weights of red, green and blue in the luminance of ITU-R BT.601, section 2.5.1, rounded as in TensorFlow. */
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
 * Mirrors images [batch, height, width, channels] horizontally. Shape and dtype stay the same.
 *
 * @throws unless the rank is 4
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

/**
 * Repeats the single channel of gray images three times, as red, green and blue. The dtype stays the same.
 *
 * @param image [..., 1], of rank 2 to 6
 * @returns [..., 3]
 * @throws unless the last axis has extent 1
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.image.grayscaleToRGB([[[5], [7]]]).print(); // [5, 5, 5], [7, 7, 7]
 * ```
 */
export const grayscaleToRGB = op('grayscaleToRGB', function grayscaleToRGB<
  T extends Tensor,
>(image: T | TensorInput): T {
  const value = asRank('grayscaleToRGB', 'image', image, [2, 3, 4, 5, 6]);
  assertChannels('grayscaleToRGB', 'image', value, [1]);
  return tile(value, [...new Array<number>(value.rank - 1).fill(1), 3]) as T;
});

/** The luminance of float32 colours [..., 3], as [..., 1]. */
function luminance(colours: Tensor): Tensor {
  return sum(mul(colours, makeTensor('luminance', [...LUMINANCE])), -1, true);
}

/**
 * Computes the luminance of colour images. The dtype stays the same; for int32 the result is truncated.
 *
 * @param image [..., 3]: red, green and blue along the last axis, of rank 2 to 6
 * @returns [..., 1]
 * @throws unless the last axis has extent 3
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
 * The threshold that splits a histogram into two classes with the greatest between-class variance (Otsu, "A threshold selection method
 * from gray-level histograms", IEEE Trans. SMC 1979); −1 if all pixels are equal.
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
 * Turns an image into black and white: 255 where its brightness is above a threshold, 0 elsewhere. A colour image is converted to gray
 * first.
 *
 * @param image [height, width, 1] or [height, width, 3], with values from 0 to 255
 * @param method 'binary' uses `threshValue`; 'otsu' computes the threshold from the histogram (Otsu, IEEE Trans. SMC 1979)
 * @param inverted swaps 255 and 0
 * @param threshValue the threshold of 'binary' as a fraction of 255, in [0, 1]; 0.5 by default
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
