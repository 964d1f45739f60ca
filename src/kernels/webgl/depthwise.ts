import type { WindowGeometry } from '../convolution';
import { unitFor, type Unit } from './unit';
import { windowUniforms } from './window';

/**
 * The unit of a depthwise convolution: whole texels if input and output have the same number of channels, since channels do not mix;
 * single elements if an input channel belongs to several output channels.
 */
export function depthwiseUnit({ inChannels, outChannels }: WindowGeometry): Unit {
  return unitFor(inChannels === outChannels ? inChannels : 1);
}

/** The uniforms of the window, and the number of output channels for each input channel. */
export function depthwiseUniforms(geometry: WindowGeometry): Record<string, number> {
  return {
    ...windowUniforms(geometry, depthwiseUnit(geometry).size),
    multiplier: geometry.outChannels / geometry.inChannels,
  };
}
