import { conv2d, tensor4d, type Rank, type Tensor2D, type Tensor3D } from 'rxtensor';

/** Makes another picture of one: [height, width, 3] from 0 to 1 becomes [height, width] from 0 to 1, with or without its border. */
type Filter = (frame: Tensor3D, threshold: number) => Tensor2D;

/** The brightness of each pixel, with the weights that the eye gives to colours (ITU-R BT.601). */
export function gray(frame: Tensor3D): Tensor2D {
  return frame.mul([0.299, 0.587, 0.114]).sum<Tensor2D>(2);
}

/**
 * A convolution of a gray picture with one kernel of 3 × 3 or more for each picture that comes out. Pixels so near the border that
 * a kernel does not fit around them are left out: else the border itself would be an edge.
 */
function convolved(frame: Tensor3D, kernels: readonly number[][]): Tensor3D {
  const side = Math.sqrt(kernels[0]?.length ?? 0);
  const [height, width] = frame.shape;
  const weights = tensor4d(kernels.flat(), [kernels.length, side, side, 1]).transpose([1, 2, 3, 0]);
  const picture = gray(frame).reshape<Rank.R3>([height, width, 1]);
  return conv2d<Tensor3D>(picture, weights, 1, 'valid');
}

/** Sobel's operator (1968): how fast the brightness changes across, and down. */
const slopes = [
  [1, 0, -1, 2, 0, -2, 1, 0, -1],
  [1, 2, 1, 0, 0, 0, -1, -2, -1],
];

/** A bell of Gauss, 7 × 7, whose weights are 1 in sum. */
const bell = (() => {
  const across = [1, 6, 15, 20, 15, 6, 1].map((weight) => weight / 64);
  return across.flatMap((down) => across.map((weight) => down * weight));
})();

/** What the page can make of a picture. */
export const filters: Readonly<Record<string, Filter>> = {
  edges: (frame) => convolved(frame, slopes).square().sum<Tensor2D>(2).sqrt().clipByValue(0, 1),
  threshold: (frame, threshold) => gray(frame).greater(threshold).toFloat(),
  blur: (frame) => convolved(frame, [bell]).squeeze<Rank.R2>([2]).clipByValue(0, 1),
  gray,
};
