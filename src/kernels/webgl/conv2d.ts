import type { Kernel } from '../kernel-table';
import { isDepthwise } from '../convolution';
import type { WebGLBackend } from './backend';
import { convolve, sizesOf } from './convolution-block';
import { depthwiseConv2d } from './depthwise-conv2d';
import { multiply } from './mat-mul';
import { asMatrix, isPointwise, LINEAR } from './pointwise-conv2d';
import { stepUniforms } from './window';

export const conv2d: Kernel<WebGLBackend, 'conv2d'> = (backend, inputs, outputs, attributes) => {
  const [x, filter, bias] = inputs;
  const { geometry: g, activation, alpha } = attributes;
  if (isDepthwise(g, filter!.size)) {
    depthwiseConv2d(backend, inputs, outputs, attributes);
    return;
  }
  if (isPointwise(g)) {
    const [a, b, y] = [x!, filter!, outputs[0]!].map(asMatrix);
    multiply(backend, { a: a!, b: b!, bias, y: y!, attributes: { ...LINEAR, activation, alpha } });
    return;
  }
  const dilated = g.dilationWidth > 1;
  convolve(backend, {
    program: `conv2d${dilated ? ' dilated' : ''}`,
    x: x!,
    filter: filter!,
    bias,
    y: outputs[0]!,
    activation,
    alpha,
    ...sizesOf(g, false),
    filterWidth: g.filterWidth,
    hasPaddedRows:
      g.padTop > 0 ||
      (g.outHeight - 1) * g.strideHeight - g.padTop + (g.filterHeight - 1) * g.dilationHeight >= g.inHeight,
    ints: stepUniforms(g),
    row: `
      int y = to * stride_height - pad_top + ky * dilation_height;
      return uint(y) < uint(from_height) ? y : -1;`,
    // From the first tap inside the image to the last.
    columns: {
      before: `
        int left = to_x * stride_width - pad_left;
        int first = over_dilation_width(max(0, dilation_width - 1 - left)) * from_channels;
        int end = min(filter_width, over_dilation_width(max(0, from_width - left + dilation_width - 1))) * from_channels;`,
      counter: 'tap',
      step: dilated
        ? 'int at = (left + over_from_channels(tap) * (dilation_width - 1)) * from_channels + tap;'
        : 'int at = left * from_channels + tap;',
    },
  });
};
