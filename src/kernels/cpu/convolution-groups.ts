import type { TensorInfo } from '../backend';
import type { WindowGeometry } from '../convolution';

export interface ConvolutionGroups {
  readonly groups: number;
  /** Channels that go into and come out of one group. */
  readonly groupIn: number;
  readonly groupOut: number;
}

/**
 * The filter's size tells the number of groups: [height, width, inChannels / groups, outChannels], of which the
 * depthwise filter [height, width, inChannels, multiplier] is the case of inChannels groups, in memory too.
 */
export function groupsOf(g: WindowGeometry, filter: TensorInfo): ConvolutionGroups {
  const groupIn = filter.size / (g.filterHeight * g.filterWidth * g.outChannels);
  // Images of no channels have one group, of nothing.
  const groups = groupIn === 0 ? 1 : g.inChannels / groupIn;
  return { groups, groupIn, groupOut: g.outChannels / groups };
}
