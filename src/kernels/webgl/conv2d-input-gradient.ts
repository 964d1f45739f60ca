import type { Kernel } from '../backend';
import type { WebGLBackend } from './backend';
import { convolve } from './convolution-block';

/** Each dx gathers from the outputs whose windows it was in: a convolution of dy with the filter turned around. */
export const conv2dInputGradient: Kernel<WebGLBackend, 'conv2dInputGradient'> = (
  backend,
  [dy, filter],
  [dx],
  { geometry: g },
) => {
  convolve(backend, {
    kernel: 'conv2dInputGradient',
    x: dy!,
    filter: filter!,
    y: dx!,
    activation: 'linear',
    alpha: 0,
    from: [g.outHeight, g.outWidth, g.outChannels],
    to: [g.inHeight, g.inWidth, g.inChannels],
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
    row: whole('to + pad_top - k * dilation_height', 'stride_height', 'from_height'),
    column: whole('to + pad_left - k * dilation_width', 'stride_width', 'from_width'),
    filterAlongInput: true,
  });
};

/** The output whose window begins at `start`, if the stride makes one begin there. */
function whole(start: string, stride: string, extent: string): string {
  return `int start = ${start}; at = start / ${stride};
    if (start < 0 || at * ${stride} != start || at >= ${extent}) at = -1;`;
}
