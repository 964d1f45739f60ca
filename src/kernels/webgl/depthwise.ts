import type { WindowGeometry } from '../convolution';
import { unitFor, type Unit } from './unit';
import { windowUniforms } from './window';

/**
 * Channels of a depthwise convolution do not mix, so that whole texels of them can be worked on at once, unless one channel of the
 * input belongs to several of the output.
 */
export function depthwiseUnit({ inChannels, outChannels }: WindowGeometry): Unit {
  return unitFor(inChannels === outChannels ? inChannels : 1);
}

/** The numbers of the window, and how many channels of the output belong to one of the input. */
export function depthwiseUniforms(geometry: WindowGeometry): Record<string, number> {
  return {
    ...windowUniforms(geometry, depthwiseUnit(geometry).size),
    multiplier: geometry.outChannels / geometry.inChannels,
  };
}
