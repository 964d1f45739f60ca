import type { Kernel } from '../backend';
import type { WebGLBackend } from './backend';
import { convolve } from './convolution-block';
import { stepUniforms } from './window';

export const conv2d: Kernel<WebGLBackend, 'conv2d'> = (backend, [x, filter, bias], [y], attributes) => {
  const { geometry: g, activation, alpha } = attributes;
  const place = (axis: 'width' | 'height', pad: string): string => `
    int at = to * stride_${axis} - ${pad} + k * dilation_${axis};
    return uint(at) < uint(from_${axis}) ? at : -1;`;
  convolve(backend, {
    kernel: 'conv2d',
    x: x!,
    filter: filter!,
    bias,
    y: y!,
    activation,
    alpha,
    from: [g.inHeight, g.inWidth, g.inChannels],
    to: [g.outHeight, g.outWidth, g.outChannels],
    filterHeight: g.filterHeight,
    filterWidth: g.filterWidth,
    ints: stepUniforms(g),
    row: place('height', 'pad_top'),
    column: place('width', 'pad_left'),
    contiguous: g.dilationWidth === 1,
    filterAlongInput: false,
  });
};
