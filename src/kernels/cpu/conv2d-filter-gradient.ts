import type { Kernel } from '../backend';
import { evenOffsets } from './addresses';
import { floatsOf, withFloatScratch, type CpuBackend } from './backend';
import { groupsOf } from './convolution-groups';
import { forEachBlock } from './image-blocks';
import { redoPaddedTaps } from './padded-places';
import { patchesOf } from './patches';
import { multiply, packedLength } from './product';

/** dfilter = patchesᵀ · dy, summed over the blocks of images. */
export const conv2dFilterGradient: Kernel<CpuBackend, 'conv2dFilterGradient'> = (
  backend,
  [input, gradient],
  [output],
  { geometry: g },
) => {
  if (output!.storage.size === 0) return;
  const { groups, groupIn, groupOut } = groupsOf(g, output!);
  const { blocks, pixels, taps } = patchesOf(g, groupIn);
  const { scratchLength } = blocks;
  withFloatScratch(backend, scratchLength + packedLength(pixels.length, groupOut), (scratch) => {
    const packed = scratch.subarray(scratchLength);
    const dy = floatsOf(backend, gradient!);
    const df = floatsOf(backend, output!).fill(0);
    const pixelsInImage = g.outHeight * g.outWidth;
    const outputPixels = evenOffsets(pixels.length, g.outChannels);
    const filterRows = evenOffsets(taps.length, g.outChannels);
    const filterColumns = evenOffsets(groupOut, 1);
    forEachBlock(blocks, floatsOf(backend, input!), scratch, ({ values, start, firstImage, count }) => {
      const columns = pixels.subarray(0, count * pixelsInImage);
      const firstOutput = firstImage * pixelsInImage * g.outChannels;
      for (let group = 0; group < groups; group++) {
        const firstOut = group * groupOut;
        multiply(
          {
            a: { values, start: start + group * groupIn, rows: taps, columns },
            b: { values: dy, start: firstOutput + firstOut, rows: outputPixels, columns: filterColumns },
            c: { values: df, start: firstOut, rows: filterRows },
            accumulate: true,
          },
          packed,
        );
      }
    });
  });
  redoPaddedTaps(backend, [input!, gradient!], output!, g);
};
