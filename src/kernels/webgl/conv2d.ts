import type { Kernel } from '../backend';
import type { WebGLBackend } from './backend';
import { convolve } from './convolution-block';

export const conv2d: Kernel<WebGLBackend, 'conv2d'> = (backend, [x, filter, bias], [y], attributes) => {
  const { geometry: g, activation, alpha } = attributes;
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
    ints: {
      filter_height: g.filterHeight,
      filter_width: g.filterWidth,
      stride_height: g.strideHeight,
      stride_width: g.strideWidth,
      dilation_height: g.dilationHeight,
      dilation_width: g.dilationWidth,
      pad_top: g.padTop,
      pad_left: g.padLeft,
    },
    row: `at = to * stride_height - pad_top + k * dilation_height; if (at >= from_height) at = -1;`,
    column: `at = to * stride_width - pad_left + k * dilation_width; if (at >= from_width) at = -1;`,
    filterAlongInput: false,
  });
};
