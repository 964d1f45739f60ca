import { assertInteger, assertOneOf } from '../argument';
import { op } from '../op';
import type { Tensor2D, Tensor3D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import type { ExplicitPadding, Padding, RoundingMode } from '../window-geometry';
import { convolution } from './convolution';
import { reshape } from './reshape';

/**
 * The 1-D convolution (cross-correlation) of sequences with a filter.
 *
 * @param x [batch, width, inChannels], or one sequence without the batch
 * @param filter [width, inChannels, outChannels]
 * @param stride of the window
 * @param pad see {@link conv2d}; explicit pairs are those of an image batch of height 1
 * @param dataFormat 'NWC', the only one there is
 * @param dilation of the filter; 1 where the stride is greater than 1
 * @param dimRoundingMode how an output extent that is no integer is rounded, where pad is a number
 * @throws when ranks or channels do not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const sequence = dl.tensor2d([1, 2, 3, 4], [4, 1]);
 * dl.conv1d(sequence, dl.ones([2, 1, 1]), 1, 'valid').print(); // 3, 5, 7
 * ```
 */
export const conv1d = op('conv1d', function conv1d<
  T extends Tensor2D | Tensor3D,
>(x: T | TensorInput, filter: Tensor3D | TensorInput, stride: number, pad: Padding, dataFormat: 'NWC' | 'NCW' = 'NWC', dilation = 1, dimRoundingMode?: RoundingMode): T {
  assertOneOf('conv1d', 'dataFormat', dataFormat, ['NWC']);
  const sequences = asRank('conv1d', 'x', x, [2, 3], 'float32');
  const weights = asRank('conv1d', 'filter', filter, 3, 'float32');
  assertInteger('conv1d', 'stride', stride, 1);
  assertInteger('conv1d', 'dilation', dilation, 1);
  const [batch, width, channels] = sequences.rank === 2 ? [1, ...sequences.shape] : sequences.shape;
  const result = convolution('conv1d', 'full', {
    x: reshape(sequences, [batch!, 1, width!, channels!]),
    filter: reshape(weights, [1, ...weights.shape]),
    strides: [1, stride],
    // A number pads the sequence, not the axis that was put in.
    pad:
      typeof pad === 'number'
        ? ([
            [0, 0],
            [0, 0],
            [pad, pad],
            [0, 0],
          ] satisfies ExplicitPadding)
        : pad,
    dilations: [1, dilation],
    dimRoundingMode,
  });
  const [, , outWidth, outChannels] = result.shape as number[];
  const shape = [outWidth!, outChannels!];
  return reshape(result, sequences.rank === 2 ? shape : [batch!, ...shape]) as unknown as T;
});
