import { op } from '../tensor/op';
import { add, div, mul, sub } from '../tensor/ops/arithmetic';
import { castTo } from '../tensor/ops/cast';
import { depthwiseConv2d } from '../tensor/ops/depthwise-conv2d';
import { transform } from '../tensor/ops/image/warp';
import { avgPool } from '../tensor/ops/pool';
import { concat } from '../tensor/ops/concat';
import { reshape, tile } from '../tensor/ops/reshape';
import { slice } from '../tensor/ops/slice';
import type { Tensor2D, Tensor3D, Tensor4D } from '../tensor/tensor';
import { makeTensor } from '../tensor/tensor-like';
import { warpRegion } from './crop-region';
import { regionToPicture } from './geometry';

/** Whatever is behind the mask becomes an image, or is blurred by so many pixels. The result is float32 from 0 to 1. */
export const replaceBackground = op(
  'segment',
  function segment(picture: Tensor3D, mask: Tensor2D, background: Tensor3D | number): Tensor3D {
    const [height, width] = picture.shape;
    const front = unitRange(picture);
    const share = reshape(mask, [height, width, 1]);
    const behind =
      typeof background === 'number'
        ? blurred(front, sub(1, share), background)
        : covering(background, [height, width]);
    return add(behind, mul(share, sub(front, behind)));
  },
);

const unitRange = (picture: Tensor3D): Tensor3D =>
  picture.dtype === 'int32' ? mul(castTo(picture, 'float32'), 1 / 255) : picture;

/** The middle of an image, as much of it as fills the size. */
function covering(image: Tensor3D, [height, width]: readonly [number, number]): Tensor3D {
  const [rows, columns, channels] = image.shape;
  const scale = Math.min(rows / height, columns / width);
  const region = { centerX: columns / 2, centerY: rows / 2, width: width * scale, height: height * scale };
  const warped = warpRegion(image, regionToPicture(region, [height, width]), [height, width], 'nearest');
  return reshape(warped, [height, width, channels]);
}

/**
 * A Gaussian blur in which each pixel counts by its weight, so that nothing of the foreground bleeds into it: the blur of what is weighted, by the blur of the
 * weights (Knutsson & Westin 1993, Normalized and Differential Convolution). It is computed on cells of half the deviation, which takes a fraction of the time.
 */
function blurred(picture: Tensor3D, weights: Tensor3D, deviation: number): Tensor3D {
  const [height, width, channels] = picture.shape;
  const cell = Math.max(1, Math.floor(deviation / 2));
  const weighted = reshape(concat([mul(picture, weights), weights], 2), [1, height, width, channels + 1]);
  const cells = avgPool<Tensor4D>(weighted, cell, cell, 'same');
  const filter = gaussian(deviation / cell, channels + 1);
  const down = depthwiseConv2d<Tensor4D>(cells, filter, 1, 'same');
  const both = depthwiseConv2d<Tensor4D>(down, reshape(filter, [1, ...sizeOf(filter)]), 1, 'same');
  // Cells of the rim reach beyond the picture, as far on both sides.
  const shift = (side: number): number =>
    (0.5 + Math.floor((Math.ceil(side / cell) * cell - side) / 2)) / cell - 0.5;
  const map = [1 / cell, 0, shift(width), 0, 1 / cell, shift(height), 0, 0];
  const spread = transform(both, [map], 'bilinear', 'nearest', 0, [height, width]);
  const [colours, counted] = [
    slice(spread, [0, 0, 0, 0], [1, height, width, channels]),
    slice(spread, [0, 0, 0, channels], [1, height, width, 1]),
  ];
  // Where the foreground fills all around, nobody sees what is behind it.
  return reshape(div(colours, add(counted, 1e-6)), [height, width, channels]);
}

const sizeOf = ({ shape: [side, , channels, one] }: Tensor4D): [number, number, number] => [
  side,
  channels,
  one,
];

/** A column of a Gaussian, the same for each channel: [side, 1, channels, 1]. */
function gaussian(deviation: number, channels: number): Tensor4D {
  const reach = Math.ceil(2.5 * deviation);
  const values = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)),
  );
  const sum = values.reduce((total, each) => total + each, 0);
  const column = makeTensor(
    'segment',
    values.map((each) => each / sum),
    [values.length, 1, 1, 1],
    'float32',
  ) as Tensor4D;
  return tile(column, [1, 1, channels, 1]);
}
