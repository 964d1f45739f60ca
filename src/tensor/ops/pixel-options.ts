/** How a picture becomes a tensor: the options of `fromPixels`, and of all sources of pictures. */
import type { KernelAttributes, PictureSide } from '../../kernels';
import { described, isIntegers } from '../argument';
import { isOneOf, type OptionRules } from '../options';

/** How {@link fromPixels} makes a tensor of a picture. It is cropped first, then turned, mirrored, and scaled. */
export interface PixelOptions {
  /** [height, width] of the tensor, in pixels; the picture's own size, or that of the crop, when left out. */
  readonly size?: readonly [height: number, width: number];
  /** The part of the picture to take, by its upper left corner and its size, in pixels of the picture; all of it when left out. */
  readonly crop?: readonly [top: number, left: number, height: number, width: number];
  /** The number of channels, from 1 to 4, in the order red, green, blue, alpha; 3 when left out. */
  readonly channels?: number;
  /**
   * What the values v from 0 to 255 become: '0..1', '-1..1', or (v/255 − mean)/std, with a mean and a std for all channels or one for each.
   * They stay as they are when left out.
   */
  readonly normalize?:
    '0..1' | '-1..1' | readonly [mean: number | readonly number[], std: number | readonly number[]];
  /** When left out, float32 with `normalize`, and int32 (rounded) without. */
  readonly dtype?: 'float32' | 'int32';
  /** Whether left and right are swapped, as a mirror does; false when left out. */
  readonly mirror?: boolean;
  /** Degrees by which the picture is turned, clockwise; 0 when left out. */
  readonly rotate?: 0 | 90 | 180 | 270;
  /**
   * Whether a picture that is made smaller blends all of its pixels, by weights that fall with the distance. Otherwise each value is
   * interpolated between the four nearest pixels, as `resizeBilinear` does with half-pixel centers. false when left out.
   */
  readonly antialias?: boolean;
}

const isNumbers = (value: unknown, count: number): boolean =>
  [value].flat().every(Number.isFinite) && (!Array.isArray(value) || value.length === count);

export const pixelOptions: OptionRules<PixelOptions> = {
  size: [(value: unknown): boolean => isIntegers(value, 1, 2), '[height, width], positive integers'],
  crop: [
    (value: unknown): boolean => isIntegers(value, 0, 4) && value[2]! * value[3]! > 0,
    '[top, left, height, width], integers, the last two positive',
  ],
  channels: isOneOf([1, 2, 3, 4], 'an integer from 1 to 4'),
  normalize: [
    (value: unknown, { channels = 3 }: PixelOptions): boolean =>
      value === '0..1' ||
      value === '-1..1' ||
      (Array.isArray(value) &&
        value.length === 2 &&
        value.every((each) => isNumbers(each, channels)) &&
        ![value[1]].flat().includes(0)),
    "'0..1', '-1..1', or [mean, std], each a finite number or one for each channel, and no std of 0",
  ],
  dtype: [
    (value: unknown, { normalize }: PixelOptions): boolean =>
      value === 'float32' || (value === 'int32' && !normalize),
    "'float32', or 'int32' without 'normalize'",
  ],
  mirror: isOneOf([true, false]),
  rotate: isOneOf([0, 90, 180, 270]),
  antialias: isOneOf([true, false]),
};

type Size = readonly [height: number, width: number];

/**
 * The attributes of the kernel but for the source, and the shape of its result.
 *
 * @param own the size of the picture
 * @param shown the size of the result, if the options name neither a size nor a crop
 * @throws when the crop lies outside of the picture
 */
export function pictureGeometry(
  name: string,
  { size, crop, normalize, channels = 3, mirror = false, rotate = 0, antialias = false }: PixelOptions,
  [height, width]: Size,
  shown: Size,
): { shape: [number, number, number] } & Omit<KernelAttributes['fromPixels'], 'source'> {
  const [top, left, cropHeight, cropWidth] = crop ?? [0, 0, height, width];
  if (top + cropHeight > height || left + cropWidth > width) {
    throw new Error(
      `${name}: option 'crop' is ${described(crop)}; wanted [top, left, height, width] within the picture of ${height} × ${width} pixels`,
    );
  }
  const turned = rotate % 180 > 0;
  const swapped = ([a, b]: Size): Size => (turned ? [b, a] : [a, b]);
  const result = size ?? swapped(crop ? [cropHeight, cropWidth] : shown);
  const [rows, columns] = swapped(result);
  const side = (low: number, extent: number, count: number, isReversed: boolean): PictureSide => {
    const ratio = extent / count;
    const high = low + extent - 1;
    const first = (ratio - 1) / 2;
    const reach = antialias ? Math.max(1, ratio) : 1;
    return isReversed ? [high - first, -ratio, reach, low, high] : [low + first, ratio, reach, low, high];
  };
  const [mean, std] =
    typeof normalize === 'object'
      ? normalize
      : { '0..1': [0, 1], '-1..1': [0.5, 0.5], none: [0, 1 / 255] }[normalize ?? 'none'];
  const each = (numbers: unknown, f: (v: number) => number): number[] =>
    [0, 1, 2, 3].map((channel) =>
      f(Array.isArray(numbers) ? (numbers as number[])[channel]! : (numbers as number)),
    );
  return {
    shape: [...result, channels],
    width,
    height,
    rows: side(top, cropHeight, rows, turned ? (rotate === 90) !== mirror : rotate === 180),
    columns: side(left, cropWidth, columns, turned ? rotate === 270 : (rotate === 180) !== mirror),
    turned,
    shift: each(mean, (v) => -255 * v),
    scale: each(std, (v) => 1 / (255 * v)),
  };
}
