/** What range of values a model was trained with. */
import { castTo } from '../tensor/ops/cast';
import { add, mul } from '../tensor/ops/arithmetic';
import { op } from '../tensor/op';
import { wrongArgument } from '../tensor/argument';
import { makeTensor } from '../tensor/tensor-like';
import type { Tensor } from '../tensor/tensor';

/** A mean and a standard deviation for all channels, or one for each, of values from 0 to 1. */
export type MeanAndDeviation = readonly [mean: number | readonly number[], std: number | readonly number[]];

/**
 * The ranges that models take: a name, or (v − mean)/std of values v from 0 to 1. 'imagenet' has the mean and the standard deviation of ImageNet's photos
 * (Krizhevsky et al. 2012 subtract the mean; these numbers are those of torchvision).
 */
export type Normalization = '0..1' | '-1..1' | '0..255' | 'imagenet' | MeanAndDeviation;

const PRESETS: Readonly<Record<string, MeanAndDeviation>> = {
  '0..1': [0, 1],
  '-1..1': [0.5, 0.5],
  '0..255': [0, 1 / 255],
  imagenet: [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ],
};

const numbersOf = (value: unknown): number[] => [value].flat() as number[];

/** The mean and the deviation, one for all channels or one for each. @throws unless it is a normalization that fits */
function meanAndDeviation(name: string, range: Normalization, channels: number): number[][] {
  const found: unknown = typeof range === 'string' && Object.hasOwn(PRESETS, range) ? PRESETS[range] : range;
  const fits = (value: unknown): boolean =>
    (typeof value === 'number' || (Array.isArray(value) && value.length === channels)) &&
    numbersOf(value).every(Number.isFinite);
  if (!(Array.isArray(found) && found.length === 2 && found.every(fits) && !numbersOf(found[1]).includes(0)))
    throw wrongArgument(
      name,
      'range',
      range,
      `${Object.keys(PRESETS)
        .map((each) => `'${each}'`)
        .join(
          ', ',
        )}, or [mean, std], each a finite number or one for each of ${channels} channels, and no std of 0`,
    );
  return found.map(numbersOf);
}

/**
 * Brings pictures into the range that a model takes: (v − mean)/std, where v is from 0 to 1. `fromPixels` and the sources of pictures do the same as they
 * upload, by their option `normalize`; this is for what is cut out of a picture later.
 *
 * @param pictures [..., channels], int32 from 0 to 255 or float32 from 0 to 1
 * @returns float32 of the same shape; gradients flow to float32
 * @throws when the range is unknown, or has numbers for another count of channels
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { normalize } from 'rxtensor/vision';
 * dl.tidy(() => normalize(dl.tensor3d([0, 51, 255], [1, 1, 3], 'int32'), '-1..1').print()); // -1, -0.6, 1
 * ```
 */
export const normalize = op('normalize', function normalize<
  T extends Tensor,
>(pictures: T, range: Normalization): T {
  const name = 'normalize';
  if (typeof (pictures as Partial<T> | undefined)?.assertUsable !== 'function')
    throw wrongArgument(name, 'pictures', pictures, 'a tensor');
  pictures.assertUsable(name, 'pictures');
  const [mean, std] = meanAndDeviation(name, range, pictures.shape.at(-1) ?? 1) as [number[], number[]];
  const unit = pictures.dtype === 'float32' ? 1 : 255;
  const values = castTo(pictures, 'float32');
  const count = Math.max(mean.length, std.length);
  const each = (f: (channel: number) => number): Tensor | number =>
    count === 1
      ? f(0)
      : makeTensor(
          name,
          Array.from({ length: count }, (_, i) => f(i)),
          [count],
          'float32',
        );
  const at = (numbers: number[], channel: number): number => numbers[channel] ?? numbers[0]!;
  const scale = each((channel) => 1 / (unit * at(std, channel)));
  const shift = each((channel) => -at(mean, channel) / at(std, channel));
  const scaled = scale === 1 ? values : mul(values, scale);
  return (shift === 0 ? scaled : add(scaled, shift)) as T;
});
