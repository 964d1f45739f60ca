import { conv2d, tensor4d, type Tensor2D, type Tensor3D } from 'rxtensor';

/** A filter: makes a picture [height, width] from 0 to 1 of one [height, width, 3]. The result may lack the border pixels. */
type Filter = (frame: Tensor3D, threshold: number) => Tensor2D;

/** The brightness of each pixel, with the weights that the eye gives to colours (ITU-R BT.601). */
export function gray(frame: Tensor3D): Tensor2D {
  return frame.mul([0.299, 0.587, 0.114]).sum(2);
}

/**
 * Convolves a gray picture with kernels of 3 × 3 or more; each kernel gives one picture. Pixels near the border, where a kernel does not
 * fit, are left out: otherwise the border itself would look like an edge.
 */
function convolved(frame: Tensor3D, kernels: readonly number[][]): Tensor3D {
  const side = Math.sqrt(kernels[0]?.length ?? 0);
  const [height, width] = frame.shape;
  const weights = tensor4d(kernels.flat(), [kernels.length, side, side, 1]).transpose([1, 2, 3, 0]);
  const picture = gray(frame).reshape([height, width, 1]);
  return conv2d(picture, weights, 1, 'valid');
}

/** Sobel's operator (1968): how fast the brightness changes across, and down. */
const slopes = [
  [1, 0, -1, 2, 0, -2, 1, 0, -1],
  [1, 2, 1, 0, 0, 0, -1, -2, -1],
];

/** A Gaussian kernel, 7 × 7, whose weights sum to 1. */
const bell = (() => {
  const across = [1, 6, 15, 20, 15, 6, 1].map((weight) => weight / 64);
  return across.flatMap((down) => across.map((weight) => down * weight));
})();

/** The filters of the page. */
export const filters: Readonly<Record<string, Filter>> = {
  edges: (frame) => convolved(frame, slopes).square().sum(2).sqrt().clipByValue(0, 1),
  threshold: (frame, threshold) => gray(frame).greater(threshold).toFloat(),
  blur: (frame) => convolved(frame, [bell]).squeeze([2]).clipByValue(0, 1),
  gray,
};
