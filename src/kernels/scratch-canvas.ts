import type { DrawableSource, PixelData } from './picture';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

let scratch: Context | null = null;

/**
 * One canvas of this size for all calls, since every canvas takes memory. It is clear, and stays off the GPU, since its pixels are read
 * after each drawing.
 *
 * @throws when there is no canvas
 */
function scratchContext(width: number, height: number): Context {
  const options = { willReadFrequently: true };
  const made: unknown =
    scratch ??
    (typeof OffscreenCanvas === 'function'
      ? new OffscreenCanvas(1, 1).getContext('2d', options)
      : typeof document === 'object' && document.createElement('canvas').getContext('2d', options));
  if (!made) {
    throw new Error(
      'cpu: no canvas is available to read or show pixels; wanted ImageData, or {data, width, height}',
    );
  }
  scratch = made as Context;
  // Setting the size also clears the canvas.
  scratch.canvas.width = width;
  scratch.canvas.height = height;
  return scratch;
}

/**
 * Draws a source at the given size, in pixels, and reads its RGBA bytes.
 *
 * @throws when there is no canvas, or the source cannot be drawn or comes from another site that does not allow it
 */
export function drawnPixels(source: DrawableSource, width: number, height: number): ImageData {
  const context = scratchContext(width, height);
  try {
    context.drawImage(source, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } catch (error) {
    // Once pixels of another site were drawn on a canvas, it can never be read again: the next call makes a new one.
    scratch = null;
    throw error;
  }
}

/** The canvas with these pixels on it, until the next call. */
export function canvasWith({ data, width, height }: PixelData): Context['canvas'] {
  const context = scratchContext(width, height);
  context.putImageData(new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width), 0, 0);
  return context.canvas;
}
