import { assertInteger, assertOneOf } from '../argument';
import { op } from '../op';
import type { Tensor2D, Tensor3D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import type { ExplicitPadding, Padding, RoundingMode } from '../window-geometry';
import { convolution } from './convolution';
import { reshape } from './reshape';
import type { KeepsRank } from './keeps-rank';

/**
 * A 1-D convolution (cross-correlation, as usual in deep learning) of sequences with a filter, in float32.
 *
 * @param x [batch, width, inChannels], or [width, inChannels] for one sequence
 * @param filter [width, inChannels, outChannels]
 * @param stride the step of the window
 * @param pad as for {@link conv2d}; explicit pairs are given for [batch, 1, width, inChannels]
 * @param dataFormat only 'NWC' is supported
 * @param dilation the distance between neighbouring elements of the filter; must be 1 if the stride is greater than 1
 * @param dimRoundingMode how to round an output extent that is not an integer, if `pad` is a number
 * @throws when a rank does not fit, or the channels of x and the filter differ
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
    // A number pads the width alone, not the height axis that was inserted.
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
}) as KeepsRank<
  Tensor2D | Tensor3D,
  [
    filter: Tensor3D | TensorInput,
    stride: number,
    pad: Padding,
    dataFormat?: 'NWC' | 'NCW',
    dilation?: number,
    dimRoundingMode?: RoundingMode,
  ]
>;
