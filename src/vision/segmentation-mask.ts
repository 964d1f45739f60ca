import { op } from '../tensor/op';
import { assertInteger, wrongArgument } from '../tensor/argument';
import { assertOptionValues, isOneOf } from '../tensor/options';
import { formatShape } from '../tensor/shape';
import { Tensor, type Tensor2D, type Tensor4D } from '../tensor/tensor';
import { castTo } from '../tensor/ops/cast';
import { reshape } from '../tensor/ops/reshape';
import { slice } from '../tensor/ops/slice';
import { softmax } from '../tensor/ops/softmax';
import { sigmoid } from '../tensor/ops/unary';
import { assertSize } from './arguments';
import { inverseOf, type Affine, type Size } from './geometry';
import { warpSquares } from './warp-squares';

/** How {@link segmentationMask} reads what a model gives. */
export interface SegmentationMaskOptions {
  /** What the output goes through: 'sigmoid' or, over its channels, 'softmax' for logits; 'none' when left out. */
  readonly activation?: 'none' | 'sigmoid' | 'softmax';
  /** The channel of what is wanted, such as the person; 0 when left out. */
  readonly channel?: number;
  /** The map from the model's input to the picture, as {@link letterbox} gives it; the output covers the whole picture when left out. */
  readonly toPicture?: Affine;
  /** [height, width] of the model's input, where `toPicture` is given; that of the output when left out. */
  readonly inputSize?: Size;
}

/**
 * The mask of a segmentation for a picture: how likely each pixel belongs to what is wanted, from 0 to 1. It stays on the device; one warp brings it to the
 * picture's size.
 *
 * @param output [1, rows, columns, channels], what the model gives
 * @param size [height, width] of the picture
 * @returns float32, [height, width]; 0 where the model has not seen the picture
 * @throws when an argument is wrong
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { segmentationMask } from 'rxtensor/vision';
 * dl.tidy(() => {
 *   const output = dl.tensor4d([-9, 9, -9, 9], [1, 2, 2, 1]);
 *   segmentationMask(output, [2, 4], { activation: 'sigmoid' }).print(); // 0, 0.25, 0.75, 1 in each row
 * });
 * ```
 */
export const segmentationMask = op(
  'segmentationMask',
  function segmentationMask(
    output: Tensor4D | Tensor,
    size: Size,
    options: SegmentationMaskOptions = {},
  ): Tensor2D {
    const name = 'segmentationMask';
    if (!(output instanceof Tensor)) throw wrongArgument(name, 'output', output, 'a tensor');
    output.assertUsable(name, 'output');
    const [batch, rows, columns, channels] = output.shape as [number, number, number, number];
    if (output.rank !== 4 || batch !== 1 || output.size === 0)
      throw new Error(
        `${name}: argument 'output' has shape ${formatShape(output.shape)}; wanted [1, rows, columns, channels], none of them 0`,
      );
    assertSize(name, 'size', size);
    assertOptionValues<SegmentationMaskOptions>(name, options, {
      activation: isOneOf(['none', 'sigmoid', 'softmax']),
      channel: [() => true, ''],
      toPicture: [
        (value) => Array.isArray(value) && value.length === 6 && value.every(Number.isFinite),
        "six finite numbers, as 'toPicture' of letterbox()",
      ],
      inputSize: [(value) => Array.isArray(value) && value.length === 2, '[height, width]'],
    });
    const { activation = 'none', channel = 0, toPicture, inputSize = [rows, columns] } = options;
    assertInteger(name, 'channel', channel, 0, channels - 1);
    assertSize(name, 'inputSize', inputSize);
    const likelihoods = castTo(output, 'float32');
    const all = activation === 'softmax' ? softmax(likelihoods) : likelihoods;
    const one = channels === 1 ? all : slice(all, [0, 0, 0, channel], [1, rows, columns, 1]);
    const mask = activation === 'sigmoid' ? sigmoid(one) : one;
    const [height, width] = size;
    // From the picture's pixels to cells of the output.
    const map = toPicture
      ? scaled(inverseOf(toPicture), columns / inputSize[1], rows / inputSize[0])
      : ([columns / width, 0, 0, 0, rows / height, 0] satisfies Affine);
    // Without a map the output covers the picture to its edges; with one, what lies outside of it was not seen.
    const warped = warpSquares(mask as Tensor4D, map, size, toPicture ? 'black' : 'nearest');
    return reshape(warped, [height, width]);
  },
);

const scaled = ([a, b, c, d, e, f]: Affine, across: number, down: number): Affine => [
  across * a,
  across * b,
  across * c,
  down * d,
  down * e,
  down * f,
];
