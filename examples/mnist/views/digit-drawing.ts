/** Side of an image, in pixels. */
export const SIDE = 28;

/** The ink as the opacity of black; the style sheet inverts it in the dark. */
export function digitDrawing(ink: ArrayLike<number>): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  const pixels = new ImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) pixels.data[4 * i + 3] = ink[i] ?? 0;
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas;
}
