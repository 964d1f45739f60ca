import type { WindowGeometry } from '../convolution';
import { evenOffsets, sumOffsets } from './addresses';
import { planBlocks, type ImageBlocks } from './image-blocks';

/**
 * The patches of images, as a matrix: its row for an output pixel holds the elements of the pixel's window. A
 * convolution is the product of this matrix and the filter (Chellapilla, Puri & Simard, "High performance
 * convolutional neural networks for document processing", 2006). The matrix is not stored: its element (pixel, tap)
 * is read from the images with margins of zeros, at pixels[pixel] + taps[tap].
 */
export interface Patches {
  readonly blocks: ImageBlocks;
  /** The offset of the window of each output pixel of a full block. */
  readonly pixels: Int32Array;
  /** The offset of each window element in its window, ordered by filter row, filter column, channel of the group. */
  readonly taps: Int32Array;
}

/** How many elements the windows along one axis reach beyond the end of the image. */
function overhang(
  out: number,
  stride: number,
  taps: number,
  dilation: number,
  before: number,
  extent: number,
): number {
  return Math.max(0, (out - 1) * stride + (taps - 1) * dilation + 1 - before - extent);
}

export function patchesOf(g: WindowGeometry, groupChannels: number): Patches {
  const blocks = planBlocks(
    { batch: g.batch, height: g.inHeight, width: g.inWidth, channels: g.inChannels },
    {
      top: g.padTop,
      left: g.padLeft,
      bottom: overhang(g.outHeight, g.strideHeight, g.filterHeight, g.dilationHeight, g.padTop, g.inHeight),
      right: overhang(g.outWidth, g.strideWidth, g.filterWidth, g.dilationWidth, g.padLeft, g.inWidth),
    },
  );
  const line = blocks.width * g.inChannels;
  const pixels = sumOffsets(
    evenOffsets(blocks.count, blocks.height * line),
    evenOffsets(g.outHeight, g.strideHeight * line),
    evenOffsets(g.outWidth, g.strideWidth * g.inChannels),
  );
  const taps = sumOffsets(
    evenOffsets(g.filterHeight, g.dilationHeight * line),
    evenOffsets(g.filterWidth, g.dilationWidth * g.inChannels),
    evenOffsets(groupChannels, 1),
  );
  return { blocks, pixels, taps };
}
