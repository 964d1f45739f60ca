import type { TensorInfo } from '../backend';
import type { WindowGeometry } from '../convolution';

export interface ConvolutionGroups {
  readonly groups: number;
  /** Input and output channels of one group. */
  readonly groupIn: number;
  readonly groupOut: number;
}

/**
 * Derives the groups from the size of the filter [height, width, inChannels / groups, outChannels]. A depthwise filter
 * [height, width, inChannels, multiplier] has as many groups as input channels, and the same layout in memory.
 */
export function groupsOf(g: WindowGeometry, filter: TensorInfo): ConvolutionGroups {
  const groupIn = filter.size / (g.filterHeight * g.filterWidth * g.outChannels);
  // Images without channels have one empty group.
  const groups = groupIn === 0 ? 1 : g.inChannels / groupIn;
  return { groups, groupIn, groupOut: g.outChannels / groups };
}
