/** An object that a 2D canvas can draw. */
export type DrawableSource =
  HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | HTMLVideoElement | ImageBitmap | VideoFrame;

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

let scratch: Context | null = null;

/** One canvas for all calls, since every canvas takes memory. It stays off the GPU, since its pixels are read after each drawing. */
function scratchContext(name: string): Context {
  if (scratch) return scratch;
  const options = { willReadFrequently: true };
  const made: unknown =
    typeof OffscreenCanvas === 'function'
      ? new OffscreenCanvas(1, 1).getContext('2d', options)
      : typeof document === 'object' && document.createElement('canvas').getContext('2d', options);
  if (!made) {
    throw new Error(
      `${name}: no canvas is available to read the pixels; wanted ImageData, or {data, width, height}`,
    );
  }
  return (scratch = made as Context);
}

/**
 * Draws a source at the given size, in pixels, and reads its RGBA bytes.
 *
 * @throws when the size is 0, there is no canvas, or the source cannot be drawn or comes from another site that does not allow it
 */
export function drawnPixels(name: string, source: DrawableSource, width: number, height: number): ImageData {
  if (!(width > 0 && height > 0)) {
    throw new Error(
      `${name}: argument 'pixels' is ${width} × ${height} pixels; wanted an image that has been loaded`,
    );
  }
  const context = scratchContext(name);
  // Setting the size also clears the canvas.
  context.canvas.width = width;
  context.canvas.height = height;
  try {
    context.drawImage(source, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } catch (error) {
    // Once pixels of another site were drawn on a canvas, it can never be read again: the next call makes a new one.
    scratch = null;
    const isForeign = error instanceof DOMException && error.name === 'SecurityError';
    const problem = isForeign
      ? "comes from another site, whose pixels may not be read; wanted an image or a video whose 'crossOrigin' was 'anonymous' before " +
        "its 'src' was set, from a server that allows it, or one of this site"
      : `cannot be drawn (${String(error)}); wanted an image that has been loaded`;
    throw new Error(`${name}: argument 'pixels' ${problem}`, { cause: error });
  }
}
