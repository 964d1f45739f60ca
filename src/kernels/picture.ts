/** Pictures that become tensors, and tensors that become pictures. */
import { drawnPixels } from './scratch-canvas';

/** Pixels as bytes of red, green, blue and alpha, row by row. An `ImageData` has this form. */
export interface PixelData {
  /** Four bytes for each pixel, from 0 to 255. */
  readonly data: Uint8Array | Uint8ClampedArray;
  /** The number of pixels in a row. */
  readonly width: number;
  /** The number of rows. */
  readonly height: number;
}

/** An object that a canvas can draw. */
export type DrawableSource =
  HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | HTMLVideoElement | ImageBitmap | VideoFrame;

/** The sources of pixels that `fromPixels` accepts. */
export type PixelSource = PixelData | DrawableSource;

export function isPixelData(pixels: object): pixels is PixelData {
  const { data } = pixels as Partial<PixelData>;
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray;
}

/**
 * Where the elements of a side of the result lie on a picture: element i at `start + i·step`, in pixels whose centers are whole numbers. It
 * blends the pixels between `low` and `high` that are less than `reach` away, each by 1 − distance/reach, divided by the sum of these
 * weights. With a reach of 1 that is the bilinear interpolation of `resizeBilinear` with half-pixel centers.
 */
export type PictureSide = readonly [start: number, step: number, reach: number, low: number, high: number];

/** How a picture becomes a tensor [height, width, channels]. */
export interface FromPixelsAttributes {
  readonly source: PixelSource;
  /** The source's own size, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly rows: PictureSide;
  readonly columns: PictureSide;
  /** Whether the picture's rows go along the result's columns. */
  readonly turned: boolean;
  /** Channel c is (v + shift[c])·scale[c], of v from 0 to 255; int32 is rounded. */
  readonly shift: readonly number[];
  readonly scale: readonly number[];
}

/** How an image becomes a picture. */
export interface PaintAttributes {
  /** Coefficients of the colour map, see {@link colourMaps}; null: the image has colours, or is gray. */
  readonly map: readonly number[] | null;
  /** Receives a canvas whose lower left corner shows the image, until it returns. */
  readonly show: (picture: HTMLCanvasElement | OffscreenCanvas) => void;
}

/** The bytes of a source. @throws the browser's error, when it cannot be drawn or its pixels may not be read */
export function bytesOf(source: PixelSource, width: number, height: number): PixelData {
  return isPixelData(source) ? source : drawnPixels(source, width, height);
}

/** For each element of a side: the first pixel that it blends, and the weights of this one and the next, which add up to 1. */
function tapsOf(
  [start, step, reach, low, high]: PictureSide,
  count: number,
): { first: number; weights: number[] }[] {
  return Array.from({ length: count }, (_, i) => {
    const place = start + i * step;
    const first = Math.max(low, Math.floor(place - reach) + 1);
    const last = Math.min(high, Math.ceil(place + reach) - 1);
    const weights = Array.from(
      { length: last - first + 1 },
      (_, k) => 1 - Math.abs(first + k - place) / reach,
    );
    const sum = weights.reduce((a, b) => a + b);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** Fills `y`, [height, width, channels], with the elements that {@link FromPixelsAttributes} describe. */
export function samplePicture(
  y: Float32Array | Int32Array,
  [height, width, channels]: readonly [number, number, number],
  { source, width: across, height: down, rows, columns, turned, shift, scale }: FromPixelsAttributes,
): void {
  const { data } = bytesOf(source, across, down);
  const rowTaps = tapsOf(rows, turned ? width : height);
  const columnTaps = tapsOf(columns, turned ? height : width);
  const rounding = y instanceof Int32Array ? Math.round : Math.fround;
  // Every pixel of the picture in its place, as most cameras are read.
  if (!turned && width === across && height === down && rows[1] === 1 && columns[1] === 1) {
    for (let channel = 0; channel < channels; channel++)
      for (let from = channel, to = channel; to < y.length; from += 4, to += channels)
        y[to] = rounding((data[from]! + shift[channel]!) * scale[channel]!);
    return;
  }
  let to = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const vertical = rowTaps[turned ? column : row]!;
      const horizontal = columnTaps[turned ? row : column]!;
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let t = 0; t < vertical.weights.length; t++) {
          let from = ((vertical.first + t) * across + horizontal.first) * 4 + channel;
          let line = 0;
          for (let u = 0; u < horizontal.weights.length; u++, from += 4)
            line += horizontal.weights[u]! * data[from]!;
          sum += vertical.weights[t]! * line;
        }
        y[to++] = rounding((sum + shift[channel]!) * scale[channel]!);
      }
    }
  }
}

/** The bytes of an image [height, width] or [height, width, channels]; values out of range are clamped, NaN is 0. */
export function paintedBytes(
  values: ArrayLike<number>,
  [height, width, channels = 1]: readonly number[],
  greatest: number,
  map: PaintAttributes['map'],
): PixelData {
  const data = new Uint8ClampedArray(height! * width! * 4).fill(255);
  for (let pixel = 0; pixel < height! * width!; pixel++) {
    for (let channel = 0; channel < Math.max(channels, 3); channel++) {
      let value = Math.min(
        Math.max(values[pixel * channels + (channels === 1 ? 0 : channel)]! / greatest, 0),
        1,
      );
      if (map) {
        const t = value || 0;
        value = 0;
        for (let k = channel + 18; k >= 0; k -= 3) value = value * t + map[k]!;
      }
      // The assignment clamps, rounds, and makes NaN 0.
      data[pixel * 4 + channel] = value * 255;
    }
  }
  return { data, width: width!, height: height! };
}
