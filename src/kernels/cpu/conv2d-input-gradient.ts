import type { Kernel } from '../kernel-table';
import type { WindowGeometry } from '../convolution';
import { evenOffsets, sumOffsets } from './addresses';
import { floatsOf, withFloatScratch, type CpuBackend } from './backend';
import { groupsOf, type ConvolutionGroups } from './convolution-groups';
import { forEachBlock, planBlocks, type ImageBlocks } from './image-blocks';
import { sumWithoutPadding } from './padded-places';
import { multiply, packedLength } from './product';
import { stridePhases, type StridePhase } from './stride-phases';

/** The offsets of the operands of the matrix product that gives dx for the input pixels of one phase, in a full block. */
interface PhaseProduct {
  /** The offset of the patch of dy for each input pixel. */
  readonly patches: Int32Array;
  /** The number of input pixels of the phase in an image. */
  readonly pixelsInImage: number;
  /** The offset, in the patch, of the output that reads the pixel through each tap; for each output channel of the group. */
  readonly taps: Int32Array;
  /** The offset in the filter of the same taps and channels. */
  readonly filterRows: Int32Array;
  /** The offset in dx of each input pixel, relative to the first of the phase. */
  readonly inputPixels: Int32Array;
  readonly firstInput: number;
}

function phaseProduct(
  g: WindowGeometry,
  { groupIn, groupOut }: ConvolutionGroups,
  blocks: ImageBlocks,
  down: StridePhase,
  across: StridePhase,
): PhaseProduct {
  const line = blocks.width * g.outChannels;
  const inputLine = g.inWidth * g.inChannels;
  const filterTap = groupIn * g.outChannels;
  const channels = evenOffsets(groupOut, 1);
  const times = (list: Int32Array, stride: number): Int32Array => list.map((x) => x * stride);
  return {
    patches: sumOffsets(
      evenOffsets(blocks.count, blocks.height * line),
      evenOffsets(down.count, line),
      evenOffsets(across.count, g.outChannels),
    ),
    pixelsInImage: down.count * across.count,
    taps: sumOffsets(times(down.shifts, line), times(across.shifts, g.outChannels), channels),
    filterRows: sumOffsets(
      times(down.taps, g.filterWidth * filterTap),
      times(across.taps, filterTap),
      channels,
    ),
    inputPixels: sumOffsets(
      evenOffsets(blocks.count, g.inHeight * inputLine),
      evenOffsets(down.count, g.strideHeight * inputLine),
      evenOffsets(across.count, g.strideWidth * g.inChannels),
    ),
    firstInput: down.first * inputLine + across.first * g.inChannels,
  };
}

/** dx = patches of dy · the filter with its taps reversed and its channels exchanged, for each phase of the stride. */
export const conv2dInputGradient: Kernel<CpuBackend, 'conv2dInputGradient'> = (
  backend,
  [gradient, filter],
  [output],
  { geometry: g },
) => {
  if (output!.size === 0 || filter!.size === 0) {
    floatsOf(backend, output!).fill(0);
    return;
  }
  const split = groupsOf(g, filter!);
  const { groups, groupIn, groupOut } = split;
  const rows = stridePhases(
    g.inHeight,
    g.outHeight,
    g.strideHeight,
    g.filterHeight,
    g.dilationHeight,
    g.padTop,
  );
  const columns = stridePhases(
    g.inWidth,
    g.outWidth,
    g.strideWidth,
    g.filterWidth,
    g.dilationWidth,
    g.padLeft,
  );
  const blocks = planBlocks(
    { batch: g.batch, height: g.outHeight, width: g.outWidth, channels: g.outChannels },
    { top: rows.before, bottom: rows.behind, left: columns.before, right: columns.behind },
  );
  const products = rows.phases.flatMap((down) =>
    columns.phases.map((across) => phaseProduct(g, split, blocks, down, across)),
  );
  const filterColumns = evenOffsets(groupIn, g.outChannels);
  const corner = (rows.before * blocks.width + columns.before) * g.outChannels;
  const { scratchLength } = blocks;
  const packedFloats = packedLength(g.filterHeight * g.filterWidth * groupOut, groupIn);
  withFloatScratch(backend, scratchLength + packedFloats, (scratch) => {
    const packed = scratch.subarray(scratchLength);
    const f = floatsOf(backend, filter!);
    const dx = floatsOf(backend, output!);
    forEachBlock(blocks, floatsOf(backend, gradient!), scratch, ({ values, start, firstImage, count }) => {
      const image = firstImage * g.inHeight * g.inWidth * g.inChannels;
      for (const { patches, pixelsInImage, taps, filterRows, inputPixels, firstInput } of products) {
        const present = patches.subarray(0, count * pixelsInImage);
        for (let group = 0; group < groups; group++) {
          multiply(
            {
              a: { values, start: start + corner + group * groupOut, rows: present, columns: taps },
              b: { values: f, start: group * groupOut, rows: filterRows, columns: filterColumns },
              c: { values: dx, start: image + firstInput + group * groupIn, rows: inputPixels },
            },
            packed,
          );
        }
      }
    });
  });
  sumWithoutPadding(backend, g, { x: output!, filter: filter!, y: gradient! }, 'x');
};
