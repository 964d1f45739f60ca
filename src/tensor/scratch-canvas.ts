/** What a 2D canvas can draw. */
export type DrawableSource =
  HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | HTMLVideoElement | ImageBitmap | VideoFrame;

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

let scratch: Context | null = null;

/** One canvas for all, since each has a surface of its own; it is read at once, which is why it stays off the GPU. */
function scratchContext(name: string): Context {
  if (scratch) return scratch;
  const options = { willReadFrequently: true };
  const made: unknown =
    typeof OffscreenCanvas === 'function'
      ? new OffscreenCanvas(1, 1).getContext('2d', options)
      : typeof document === 'object' && document.createElement('canvas').getContext('2d', options);
  if (!made) {
    throw new Error(
      `${name}: there is no canvas here to read the pixels with; wanted ImageData, or {data, width, height}`,
    );
  }
  return (scratch = made as Context);
}

/** What a source shows, drawn in that size: its bytes. @throws for a source of no pixels, and for one of another site that gives no leave */
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
    // What another site's pixels were drawn on cannot be read any more, nor can this canvas: the next call makes another one.
    scratch = null;
    const isForeign = error instanceof DOMException && error.name === 'SecurityError';
    const cure = isForeign
      ? "pixels of another site, which may not be read; wanted an image or a video whose 'crossOrigin' was 'anonymous' before its " +
        "'src', from a server that allows it, or one of this site"
      : `not to be drawn (${String(error)}); wanted an image that has been loaded`;
    throw new Error(`${name}: argument 'pixels' is ${cure}`, { cause: error });
  }
}
