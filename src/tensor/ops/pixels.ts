/** Converts images, canvases, videos and plain bytes to tensors, and tensors to pixels. */
import { takingNull } from '../op';
import { wrongArgument } from '../argument';
import {
  activeBackend,
  bytesOf,
  canvasWith,
  isPixelData,
  paintedBytes,
  type DrawableSource,
  type PixelData,
  type PixelSource,
} from '../../kernels';
import { readValues } from '../device';
import { dispatchOne } from '../dispatch';
import { assertOptionValues, assertOptions } from '../options';
import { tidy } from '../scope';
import type { Tensor2D, Tensor3D } from '../tensor';
import { Tensor } from '../tensor';
import { asRank, type TensorLike } from '../tensor-like';
import { castTo } from './cast';
import { pictureGeometry, pixelOptions, type PixelOptions } from './pixel-options';
import { assertImage, showingOn } from './show-picture';

export type { PixelData, PixelSource };

function isA<T>(value: unknown, kind: string): value is T & object {
  const constructor = (globalThis as unknown as Record<string, unknown>)[kind];
  return typeof constructor === 'function' && value instanceof constructor;
}

const DRAWABLE = [
  'HTMLImageElement',
  'HTMLCanvasElement',
  'OffscreenCanvas',
  'HTMLVideoElement',
  'ImageBitmap',
  'VideoFrame',
];

/** Whether a canvas can draw it. */
export const isDrawable = (pixels: unknown): pixels is DrawableSource =>
  DRAWABLE.some((kind) => isA(pixels, kind));

/** @throws when an argument is invalid */
function checked(name: string, pixels: unknown, options: number | PixelOptions): PixelOptions {
  const isSource =
    isDrawable(pixels) || (typeof pixels === 'object' && pixels !== null && isPixelData(pixels));
  if (!isSource) {
    throw wrongArgument(
      name,
      'pixels',
      pixels,
      'ImageData, an image, a canvas, a video, an ImageBitmap, a VideoFrame, or {data, width, height} with bytes',
    );
  }
  if (typeof options === 'object') {
    assertOptions<PixelOptions>(
      `${name}: argument 'numChannels', wanted as a number or as options`,
      options,
      pixelOptions,
    );
    assertOptionValues(name, options, pixelOptions);
    return options;
  }
  if (![1, 2, 3, 4].includes(options))
    throw wrongArgument(name, 'numChannels', options, 'an integer from 1 to 4');
  return { channels: options };
}

type Size = readonly [height: number, width: number];

/** The size of a source, and the size at which the page shows it. @throws when it has no pixels */
export function sizesOf(name: string, what: string, source: PixelSource): [own: Size, shown: Size] {
  const { width, height } = source as PixelData;
  const shown: Size = [height, width];
  if (isPixelData(source)) {
    const { length } = source.data;
    if (length === width * height * 4) return [shown, shown];
    throw new Error(`${name}: ${what} has ${length} bytes for ${width} × ${height} pixels; wanted 4 a pixel`);
  }
  if (isA<HTMLVideoElement>(source, 'HTMLVideoElement') && source.readyState < source.HAVE_CURRENT_DATA) {
    throw new Error(
      `${name}: ${what} is a video without a frame yet; wanted one after its 'loadeddata' event`,
    );
  }
  const kind = ['video', 'display', 'natural'].find((each) => `${each}Width` in source);
  const sizes = source as unknown as Record<string, number>;
  const own: Size = kind ? [sizes[`${kind}Height`]!, sizes[`${kind}Width`]!] : shown;
  const result = kind === 'natural' ? shown : own;
  // A closed frame has null.
  if (!(Math.min(...own, ...result) > 0)) {
    throw new Error(
      `${name}: ${what} is ${own[1]} × ${own[0]} pixels; wanted an image that has been loaded, and is not closed`,
    );
  }
  return [own, result];
}

/**
 * Makes a tensor [height, width, channels] of the pixels of an image: int32, with values from 0 to 255, unless the options say otherwise.
 * On WebGL the picture goes to the GPU as it is, and one draw does all that the options ask for. On the CPU they give the same numbers, but
 * for the rounding of float32.
 *
 * @param pixels ImageData, an image, a canvas, a video, an ImageBitmap, a VideoFrame, or bytes {data, width, height}. They are read before
 *   the function returns, so a VideoFrame may be closed then. Colours of pixels that are partly transparent may differ by 1 from those of
 *   `getImageData`; an ImageBitmap with such pixels must not have been made with `premultiplyAlpha: 'none'`
 * @param numChannels the number of channels to take, from 1 to 4, in the order red, green, blue, alpha; 3 by default. Or an object of
 *   {@link PixelOptions}
 * @throws when `pixels` is none of these, has no pixels (a video without a frame, a closed VideoFrame), comes from another site that does not
 *   allow it, or an option is wrong
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const pixel = { data: new Uint8Array([100, 150, 200, 255]), width: 1, height: 1 };
 * dl.fromPixels(pixel).print(); // 100, 150, 200
 * const input = dl.fromPixels(pixel, { size: [2, 2], normalize: '0..1', mirror: true });
 * console.log(input.shape, input.dtype); // [2, 2, 3], float32
 * ```
 */
export const fromPixels = takingNull(function fromPixels(
  pixels: PixelSource,
  numChannels: number | PixelOptions = 3,
): Tensor3D {
  return pixelsOf('fromPixels', pixels, checked('fromPixels', pixels, numChannels));
});

/**
 * {@link fromPixels} without checks of its arguments, for callers that have checked them.
 *
 * @param what the picture, in messages
 */
export function pixelsOf(
  name: string,
  pixels: PixelSource,
  options: PixelOptions,
  what = "argument 'pixels'",
): Tensor3D {
  const { normalize, dtype = normalize === undefined ? 'int32' : 'float32' } = options;
  const { shape, ...geometry } = pictureGeometry(name, options, ...sizesOf(name, what, pixels));
  try {
    // The CPU may run a kernel that the device lacks later than now, when the page may show another picture. Images are drawn first: browsers
    // decode them anew for each upload, and upload nothing of an SVG image without a size of its own.
    const source =
      activeBackend().has?.('fromPixels') === false || 'naturalWidth' in pixels
        ? bytesOf(pixels, geometry.width, geometry.height)
        : pixels;
    return dispatchOne(name, 'fromPixels', [], shape, dtype, { source, ...geometry }) as Tensor3D;
  } catch (cause) {
    if (!(typeof DOMException === 'function' && cause instanceof DOMException)) throw cause;
    const problem =
      cause.name === 'SecurityError'
        ? 'shows something from another site, whose pixels may not be read; wanted what that site allows: its header ' +
          "Access-Control-Allow-Origin, and here the attribute crossorigin='anonymous', set before 'src'"
        : `cannot be drawn (${String(cause)}); wanted an image that has been loaded`;
    throw new Error(`${name}: ${what} ${problem}`, { cause });
  }
}

/**
 * {@link fromPixels} that waits for an image that is still loading, or for the first frame of a video.
 *
 * @throws (rejects the promise) when it cannot be loaded
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const pixels = { width: 1, height: 1, data: new Uint8ClampedArray([255, 128, 0, 255]) };
 * const image = await dl.browser.fromPixelsAsync(pixels);
 * image.print(); // [[[255, 128, 0]]]
 * image.dispose();
 * ```
 */
export const fromPixelsAsync = takingNull(async function fromPixelsAsync(
  pixels: PixelSource,
  numChannels: number | PixelOptions = 3,
): Promise<Tensor3D> {
  const name = 'fromPixelsAsync';
  const options = checked(name, pixels, numChannels);
  if (isA<HTMLImageElement>(pixels, 'HTMLImageElement')) await decoded(pixels);
  if (isA<HTMLVideoElement>(pixels, 'HTMLVideoElement')) await firstFrame(pixels);
  return pixelsOf(name, pixels, options);
});

async function decoded(image: HTMLImageElement): Promise<void> {
  try {
    await image.decode();
  } catch (error) {
    throw new Error(
      `fromPixelsAsync: argument 'pixels' is an image that cannot be loaded (${String(error)}); wanted one whose 'src' is an image`,
      { cause: error },
    );
  }
}

function firstFrame(video: HTMLVideoElement): Promise<void> {
  if (video.readyState >= video.HAVE_CURRENT_DATA) return Promise.resolve();
  return new Promise((resolve, reject) => {
    video.addEventListener('loadeddata', () => resolve(), { once: true });
    video.addEventListener(
      'error',
      () => reject(new Error('fromPixelsAsync: the video could not be loaded')),
      { once: true },
    );
  });
}

/**
 * Converts a tensor to pixels: bytes of red, green, blue and alpha, row by row. If a canvas is given, it also draws them on it. It reads
 * the tensor and looks at every value, which takes longer than drawing; `paint` draws a stream of images without reading them.
 *
 * @param img [height, width], or [height, width, channels] with 1 (gray), 3 (red, green, blue) or 4 channels (and alpha). float32 values
 *   range from 0 to 1, int32 values from 0 to 255; plain arrays count as int32
 * @param canvas is resized to the image
 * @throws (rejects the promise) for another shape, for bool, and for values out of range
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * console.log(await dl.toPixels(dl.tensor2d([[0, 1]]))); // 0, 0, 0, 255, 255, 255, 255, 255
 * ```
 */
export async function toPixels(
  img: Tensor2D | Tensor3D | TensorLike,
  canvas?: HTMLCanvasElement | OffscreenCanvas,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const name = 'toPixels';
  // Node has no canvas classes to check with `instanceof`.
  if ((canvas ?? null) !== null && typeof (canvas as { getContext?: unknown }).getContext !== 'function') {
    throw wrongArgument(name, 'canvas', canvas, 'a canvas to draw on');
  }
  // The read takes its snapshot now, so the tensor may be disposed right after the call.
  const { shape, dtype, reading } = tidy(name, () => {
    const value = asRank(name, 'img', img, [2, 3]);
    const image = img instanceof Tensor ? value : castTo(value, 'int32');
    return { shape: image.shape as number[], dtype: image.dtype, reading: readValues(name, image) };
  });
  assertImage(name, shape, dtype);
  const greatest = dtype === 'float32' ? 1 : 255;
  const values = await reading;
  const wrong = values.find((value) => !(value >= 0 && value <= greatest));
  if (wrong !== undefined) {
    throw new Error(`${name}: argument 'img' holds ${wrong}; wanted ${dtype} from 0 to ${greatest}`);
  }
  const pixels = paintedBytes(values, shape, greatest, null);
  if (canvas) showingOn(name, canvas, shape)(canvasWith(pixels));
  return pixels.data as Uint8ClampedArray<ArrayBuffer>;
}
