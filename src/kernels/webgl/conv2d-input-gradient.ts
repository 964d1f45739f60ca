import type { Kernel } from '../backend';
import type { WebGLBackend } from './backend';
import { convolve } from './convolution-block';
import { stepUniforms } from './window';

/** Each dx gathers from the outputs whose windows it was in: a convolution of dy with the filter turned around. */
export const conv2dInputGradient: Kernel<WebGLBackend, 'conv2dInputGradient'> = (
  backend,
  [dy, filter],
  [dx],
  { geometry: g },
) => {
  // A window begins at `start` if that is a multiple of the stride; the fast quotient of a negative one never is.
  const place = (axis: 'width' | 'height', pad: string): string => `
    int start = to + ${pad} - k * dilation_${axis}, at = over_stride_${axis}(start);
    return at * stride_${axis} == start && uint(at) < uint(from_${axis}) ? at : -1;`;
  convolve(backend, {
    kernel: 'conv2dInputGradient',
    x: dy!,
    filter: filter!,
    y: dx!,
    activation: 'linear',
    alpha: 0,
    from: [g.outHeight, g.outWidth, g.outChannels],
    to: [g.inHeight, g.inWidth, g.inChannels],
    filterHeight: g.filterHeight,
    filterWidth: g.filterWidth,
    ints: stepUniforms(g),
    row: place('height', 'pad_top'),
    column: place('width', 'pad_left'),
    contiguous: false,
    filterAlongInput: true,
  });
};
