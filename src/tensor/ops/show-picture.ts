/** Shows images on a canvas of the page. */
import { colourMaps } from '../../kernels';
import { runKernel } from '../device';
import { isOneOf, type OptionRules } from '../options';
import { formatShape } from '../shape';
import type { Tensor } from '../tensor';

export type Canvas = HTMLCanvasElement | OffscreenCanvas;

/** How `paint` shows an image on a canvas. */
export interface PaintOptions {
  /** The colours of an image with one channel, by its values; 'gray' when left out. */
  readonly colormap?: keyof typeof colourMaps;
  /**
   * Where the image goes on a canvas that keeps its size: stretched over all of it ('fill'), whole in its middle ('letterbox'), or cut so
   * that it fills all of it ('cover'). The context's `imageSmoothingEnabled` says whether scaled pixels are blended. When left out, the
   * canvas takes the size of the image; with `over` the image that of the canvas ('fill').
   */
  readonly fit?: 'fill' | 'letterbox' | 'cover';
  /** Whether left and right are swapped, as a mirror does; false when left out. */
  readonly mirror?: boolean;
  /** How opaque the image is, from 0 to 1; 1 when left out. */
  readonly alpha?: number;
  /** Whether the image is laid over what the canvas shows, instead of replacing it; false when left out. */
  readonly over?: boolean;
}

export const paintOptions: OptionRules<PaintOptions> = {
  colormap: isOneOf(Object.keys(colourMaps)),
  fit: isOneOf(['fill', 'letterbox', 'cover']),
  mirror: isOneOf([true, false]),
  alpha: [
    (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1,
    'a number from 0 to 1',
  ],
  over: isOneOf([true, false]),
};

/**
 * Draws an image on a canvas. Nothing is read from a device that has the kernel.
 *
 * @throws when the tensor is not an image, or cannot be drawn so
 */
export function showImage(name: string, image: Tensor, canvas: Canvas, options: PaintOptions): void {
  const { shape, dtype, storage } = image;
  assertImage(name, shape, dtype);
  const { colormap } = options;
  if (colormap && shape[2] !== undefined && shape[2] !== 1) {
    throw new Error(
      `${name}: argument 'img' has shape ${formatShape(shape)}; wanted one channel, since 'colormap' is given`,
    );
  }
  const show = showingOn(name, canvas, shape, options);
  runKernel(name, storage.backend, 'paint', [image], [], { map: colourMaps[colormap ?? 'gray'], show });
}

/** @throws unless it has the shape and the dtype of an image */
export function assertImage(name: string, shape: readonly number[], dtype: string): void {
  if (![1, 3, 4].includes(shape[2] ?? 1)) {
    throw new Error(`${name}: argument 'img' has shape ${formatShape(shape)}; wanted 1, 3 or 4 channels`);
  }
  if (dtype === 'bool') throw new Error(`${name}: argument 'img' is bool; wanted float32 or int32`);
}

/**
 * Returns a function that draws a picture, whose lower left corner shows an image of this shape.
 *
 * @throws when the canvas has a context other than '2d', or the image has no pixels
 */
export function showingOn(
  name: string,
  canvas: Canvas,
  [height, width]: readonly number[],
  { over = false, fit = over ? 'fill' : undefined, mirror = false, alpha = 1 }: PaintOptions = {},
): (picture: Canvas) => void {
  const context = canvas.getContext('2d');
  if (!context || !('putImageData' in context)) {
    throw new Error(
      `${name}: argument 'canvas' has a context other than '2d'; wanted a canvas without a context, or with a '2d' one`,
    );
  }
  const [h, w] = [height!, width!];
  if (h * w === 0) {
    throw new Error(`${name}: argument 'img' has no pixels; wanted at least one, to draw on the canvas`);
  }
  return (picture) => {
    if (!fit && canvas.width !== w) canvas.width = w;
    if (!fit && canvas.height !== h) canvas.height = h;
    const scales = [canvas.width / w, canvas.height / h] as const;
    const scale = Math[fit === 'letterbox' ? 'min' : 'max'](...scales);
    const [across, down] = fit === 'fill' ? scales : [scale, scale];
    context.save();
    try {
      context.setTransform(
        mirror ? -across : across,
        0,
        0,
        down,
        (canvas.width + (mirror ? across : -across) * w) / 2,
        (canvas.height - down * h) / 2,
      );
      context.globalAlpha = alpha;
      context.globalCompositeOperation = over ? 'source-over' : 'copy';
      context.drawImage(picture, 0, picture.height - h, w, h, 0, 0, w, h);
    } finally {
      context.restore();
    }
  };
}
