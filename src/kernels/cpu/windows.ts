import type { WindowGeometry } from '../convolution';

/** The index of the first tap inside the image, for a window that starts at `start` (negative in the padding). */
export function firstTap(start: number, dilation: number): number {
  return start < 0 ? Math.ceil(-start / dilation) : 0;
}

/** One past the index of the last tap inside the image. */
export function lastTap(start: number, dilation: number, taps: number, extent: number): number {
  return Math.min(taps, Math.ceil((extent - start) / dilation));
}

/** The part of a window that lies inside the image. */
export interface ClippedWindow {
  /** Index of the output pixel's channel 0. */
  output: number;
  /** Index of channel 0 of the input pixel under the first tap inside the image. */
  input: number;
  /** The first tap inside, and the number of taps inside, along each axis. */
  firstRow: number;
  firstColumn: number;
  rows: number;
  columns: number;
}

/** Calls `visit` with the window of each output pixel, in order. The window object is reused. */
export function walkWindows(g: WindowGeometry, visit: (window: ClippedWindow) => void): void {
  const window: ClippedWindow = { output: 0, input: 0, firstRow: 0, firstColumn: 0, rows: 0, columns: 0 };
  for (let image = 0; image < g.batch; image++) {
    for (let row = 0; row < g.outHeight; row++) {
      const top = row * g.strideHeight - g.padTop;
      window.firstRow = firstTap(top, g.dilationHeight);
      window.rows = Math.max(0, lastTap(top, g.dilationHeight, g.filterHeight, g.inHeight) - window.firstRow);
      const line = (image * g.inHeight + top + window.firstRow * g.dilationHeight) * g.inWidth;
      for (let column = 0; column < g.outWidth; column++) {
        const left = column * g.strideWidth - g.padLeft;
        window.firstColumn = firstTap(left, g.dilationWidth);
        window.columns = Math.max(
          0,
          lastTap(left, g.dilationWidth, g.filterWidth, g.inWidth) - window.firstColumn,
        );
        window.input = (line + left + window.firstColumn * g.dilationWidth) * g.inChannels;
        visit(window);
        window.output += g.outChannels;
      }
    }
  }
}
