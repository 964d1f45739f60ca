/** The side of an image of MNIST, and of the box in its middle that a digit fills. */
const SIDE = 28;
const BOX = 20;

/**
 * What is drawn, as LeCun, Cortes and Burges made the images of MNIST: the digit fills a box of 20 × 20 pixels, and its centre of mass is in the middle of
 * 28 × 28.
 *
 * @returns 784 values of ink from 0 to 255; null where nothing is drawn
 */
export function inkOf(drawing: HTMLCanvasElement): Float32Array | null {
  const { width, height } = drawing;
  const drawn = alphaOf(drawing.getContext('2d'), width, height);
  const { count, left, right, top, bottom } = extentOf(drawn, width);
  if (count === 0) return null;
  const scale = BOX / Math.max(right - left + 1, bottom - top + 1);
  const boxed = (x: number, y: number): Float32Array => {
    const canvas = new OffscreenCanvas(SIDE, SIDE);
    const pen = canvas.getContext('2d')!;
    pen.imageSmoothingQuality = 'high';
    pen.setTransform(scale, 0, 0, scale, x, y);
    pen.drawImage(drawing, 0, 0);
    return alphaOf(pen, SIDE, SIDE);
  };
  const x = SIDE / 2 - (scale * (left + right + 1)) / 2;
  const y = SIDE / 2 - (scale * (top + bottom + 1)) / 2;
  const [centerX, centerY] = centerOfMass(boxed(x, y));
  return boxed(x + Math.round(SIDE / 2 - centerX), y + Math.round(SIDE / 2 - centerY));
}

function alphaOf(
  pen: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null,
  width: number,
  height: number,
): Float32Array {
  const { data } = pen!.getImageData(0, 0, width, height);
  return Float32Array.from({ length: width * height }, (_, i) => data[4 * i + 3]!);
}

function extentOf(ink: Float32Array, width: number) {
  const extent = { count: 0, left: Infinity, right: -1, top: Infinity, bottom: -1 };
  ink.forEach((value, i) => {
    if (value < 32) return;
    const x = i % width;
    const y = Math.floor(i / width);
    extent.count++;
    extent.left = Math.min(extent.left, x);
    extent.right = Math.max(extent.right, x);
    extent.top = Math.min(extent.top, y);
    extent.bottom = Math.max(extent.bottom, y);
  });
  return extent;
}

function centerOfMass(ink: Float32Array): [x: number, y: number] {
  let [mass, x, y] = [0, 0, 0];
  ink.forEach((value, i) => {
    mass += value;
    x += value * ((i % SIDE) + 0.5);
    y += value * (Math.floor(i / SIDE) + 0.5);
  });
  return [x / mass, y / mass];
}
