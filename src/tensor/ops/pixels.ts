/** Converts images, canvases, videos and plain bytes to tensors, and tensors to pixels. */
import { takingNull } from '../op';
import { kindOf, wrongArgument } from '../argument';
import { readValues } from '../device';
import { drawnPixels, type DrawableSource } from '../scratch-canvas';
import { formatShape } from '../shape';
import { tidy } from '../scope';
import type { Tensor2D, Tensor3D } from '../tensor';
import { Tensor } from '../tensor';
import { asRank, makeTensor, type TensorLike } from '../tensor-like';
import { castTo } from './cast';

/** Pixels as bytes of red, green, blue and alpha, row by row. An `ImageData` has this form. */
export interface PixelData {
  /** Four bytes for each pixel, from 0 to 255. */
  readonly data: Uint8Array | Uint8ClampedArray;
  /** The number of pixels in a row. */
  readonly width: number;
  /** The number of rows. */
  readonly height: number;
}

/** The sources of pixels that {@link fromPixels} accepts. */
export type PixelSource = PixelData | DrawableSource;

const BYTES_PER_PIXEL = 4;

function isPixelData(pixels: object): pixels is PixelData {
  const { data } = pixels as Partial<PixelData>;
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray;
}

function isA<T>(value: object, kind: string): value is T & object {
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

function assertSource(name: string, pixels: unknown, numChannels: number): asserts pixels is PixelSource {
  const isObject = typeof pixels === 'object' && pixels !== null;
  if (!isObject || !(isPixelData(pixels) || DRAWABLE.some((kind) => isA(pixels, kind)))) {
    const found = isObject ? kindOf(pixels) : pixels === null ? 'null' : `a ${typeof pixels}`;
    throw new Error(
      `${name}: argument 'pixels' is ${found}; wanted ImageData, an image, a canvas, a video, an ImageBitmap, a VideoFrame, ` +
        'or {data, width, height} with bytes',
    );
  }
  if (!Number.isInteger(numChannels) || numChannels < 1 || numChannels > BYTES_PER_PIXEL) {
    throw new Error(`${name}: argument 'numChannels' is ${numChannels}; wanted an integer from 1 to 4`);
  }
}

/** The width and height of a source, in pixels. @throws when it is a video without a frame */
function sizeOfSource(name: string, source: DrawableSource): [width: number, height: number] {
  if (isA<HTMLVideoElement>(source, 'HTMLVideoElement')) {
    if (source.readyState < source.HAVE_CURRENT_DATA) {
      throw new Error(
        `${name}: argument 'pixels' is a video without a frame yet; wanted one after its 'loadeddata' event`,
      );
    }
    return [source.videoWidth, source.videoHeight];
  }
  if (isA<VideoFrame>(source, 'VideoFrame')) return [source.displayWidth, source.displayHeight];
  const { width, height } = source as { width: number; height: number };
  return [width, height];
}

function readPixels(name: string, pixels: PixelSource): PixelData {
  if (!isPixelData(pixels)) return drawnPixels(name, pixels, ...sizeOfSource(name, pixels));
  const { data, width, height } = pixels;
  if (data.length !== width * height * BYTES_PER_PIXEL) {
    throw new Error(
      `${name}: argument 'pixels' has ${data.length} bytes for ${width} × ${height} pixels; wanted ${BYTES_PER_PIXEL} a pixel`,
    );
  }
  return pixels;
}

/**
 * Makes an int32 tensor [height, width, numChannels] of the pixels of an image, with values from 0 to 255.
 *
 * @param pixels ImageData, an image, a canvas, a video, an ImageBitmap, a VideoFrame, or bytes {data, width, height}
 * @param numChannels the number of channels to take, from 1 to 4, in the order red, green, blue, alpha; 3 by default
 * @throws when `pixels` is none of these, or is a video that has no frame yet
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const pixel = { data: new Uint8Array([100, 150, 200, 255]), width: 1, height: 1 };
 * dl.fromPixels(pixel).print(); // 100, 150, 200
 * ```
 */
export const fromPixels = takingNull(function fromPixels(pixels: PixelSource, numChannels = 3): Tensor3D {
  assertSource('fromPixels', pixels, numChannels);
  return pixelsOf('fromPixels', pixels, numChannels);
});

function pixelsOf(name: string, pixels: PixelSource, numChannels: number): Tensor3D {
  const { data, width, height } = readPixels(name, pixels);
  const values = new Int32Array(width * height * numChannels);
  for (let pixel = 0, to = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < numChannels; channel++)
      values[to++] = data[pixel * BYTES_PER_PIXEL + channel]!;
  }
  return makeTensor(name, values, [height, width, numChannels], 'int32') as Tensor3D;
}

/**
 * {@link fromPixels} that waits for an image that is still loading, or for the first frame of a video.
 *
 * @throws (rejects the promise) when it cannot be loaded
 */
export const fromPixelsAsync = takingNull(async function fromPixelsAsync(
  pixels: PixelSource,
  numChannels = 3,
): Promise<Tensor3D> {
  assertSource('fromPixelsAsync', pixels, numChannels);
  if (isA<HTMLImageElement>(pixels, 'HTMLImageElement')) await decoded(pixels);
  if (isA<HTMLVideoElement>(pixels, 'HTMLVideoElement')) await firstFrame(pixels);
  return pixelsOf('fromPixelsAsync', pixels, numChannels);
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
 * Converts a tensor to pixels: bytes of red, green, blue and alpha, row by row. If a canvas is given, it also draws them on it.
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
  // Node has no canvas classes to check with `instanceof`.
  if ((canvas ?? null) !== null && typeof (canvas as { getContext?: unknown }).getContext !== 'function') {
    throw wrongArgument('toPixels', 'canvas', canvas, 'a canvas to draw on');
  }
  // The read takes its snapshot now, so the tensor may be disposed right after the call.
  const { shape, dtype, reading } = tidy('toPixels', () => {
    const value = asRank('toPixels', 'img', img, [2, 3]);
    const image = img instanceof Tensor ? value : castTo(value, 'int32');
    return { shape: image.shape as number[], dtype: image.dtype, reading: readValues('toPixels', image) };
  });
  const [height, width, depth = 1] = shape as [number, number, number?];
  if (![1, 3, 4].includes(depth)) {
    throw new Error(`toPixels: argument 'img' has shape ${formatShape(shape)}; wanted 1, 3 or 4 channels`);
  }
  if (dtype === 'bool') throw new Error("toPixels: argument 'img' is bool; wanted float32 or int32");
  const greatest = dtype === 'float32' ? 1 : 255;
  const values = await reading;
  const bytes = new Uint8ClampedArray(height * width * BYTES_PER_PIXEL).fill(255);
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < Math.max(depth, 3); channel++) {
      const value = values[pixel * depth + (depth === 1 ? 0 : channel)]!;
      if (!(value >= 0 && value <= greatest)) {
        throw new Error(`toPixels: argument 'img' holds ${value}; wanted ${dtype} from 0 to ${greatest}`);
      }
      bytes[pixel * BYTES_PER_PIXEL + channel] = Math.round((value * 255) / greatest);
    }
  }
  if (canvas) putPixels('toPixels', canvas, bytes, width);
  return bytes;
}

/**
 * Draws bytes of red, green, blue and alpha on a canvas, and resizes it to them.
 *
 * @param width the number of pixels in a row
 * @throws when the canvas has a context other than '2d', or there are no pixels
 */
export function putPixels(
  name: string,
  canvas: HTMLCanvasElement | OffscreenCanvas,
  bytes: Uint8ClampedArray<ArrayBuffer>,
  width: number,
): void {
  const context = canvas.getContext('2d');
  if (!context || !('putImageData' in context)) {
    throw new Error(
      `${name}: argument 'canvas' has a context other than '2d'; wanted a canvas without a context, or with a '2d' one`,
    );
  }
  if (bytes.length === 0) {
    throw new Error(`${name}: argument 'img' has no pixels; wanted at least one, to draw on the canvas`);
  }
  const image = new ImageData(bytes, width);
  canvas.width = image.width;
  canvas.height = image.height;
  context.putImageData(image, 0, 0);
}
