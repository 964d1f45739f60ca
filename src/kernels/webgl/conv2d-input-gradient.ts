import type { Kernel } from '../kernel-table';
import { isDepthwise } from '../convolution';
import type { WebGLBackend } from './backend';
import { convolve, sizesOf } from './convolution-block';
import { depthwiseConv2dInputGradient } from './depthwise-conv2d-input-gradient';
import { multiply } from './mat-mul';
import { asMatrix, isPointwise, LINEAR } from './pointwise-conv2d';
import { stepUniforms } from './window';

/** Each element of dx adds up the outputs whose windows contain it: a convolution of dy with the filter turned around. */
export const conv2dInputGradient: Kernel<WebGLBackend, 'conv2dInputGradient'> = (
  backend,
  inputs,
  outputs,
  attributes,
) => {
  const [dy, filter] = inputs;
  const { geometry: g } = attributes;
  if (isDepthwise(g, filter!.size)) {
    depthwiseConv2dInputGradient(backend, inputs, outputs, attributes);
    return;
  }
  if (isPointwise(g)) {
    const [a, b, y] = [dy!, filter!, outputs[0]!].map(asMatrix);
    multiply(backend, { a: a!, b: b!, bias: undefined, y: y!, attributes: { ...LINEAR, transposeB: true } });
    return;
  }
  const dilated = g.dilationWidth > 1;
  convolve(backend, {
    program: `conv2dInputGradient${dilated ? ' dilated' : ''}`,
    x: dy!,
    filter: filter!,
    y: outputs[0]!,
    activation: 'linear',
    alpha: 0,
    ...sizesOf(g, true),
    filterWidth: g.filterWidth,
    hasPaddedRows: g.filterHeight > 1 || g.strideHeight > 1 || g.padTop !== 0 || g.outHeight !== g.inHeight,
    ints: stepUniforms(g),
    // A window begins at `start` if that is a multiple of the stride. For a negative start, the fast quotient does not satisfy the equation.
    row: `
      int start = to + pad_top - ky * dilation_height, y = over_stride_height(start);
      return y * stride_height == start && uint(y) < uint(from_height) ? y : -1;`,
    // From the first window that reaches this column to the last.
    columns: {
      before: `
        int left = to_x + pad_left;
        int reach = (filter_width - 1) * dilation_width;
        int first = over_stride_width(max(0, left - reach + stride_width - 1)) * from_channels;
        int end = (min(from_width - 1, over_stride_width(left)) + 1) * from_channels;`,
      counter: 'at',
      step: `
        int x = over_from_channels(at), c = at - x * from_channels, kx = left - x * stride_width;
        ${dilated ? 'int right = kx; kx = over_dilation_width(right); if (kx * dilation_width != right) continue;' : ''}`,
    },
  });
};
