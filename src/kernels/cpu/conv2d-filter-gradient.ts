import type { Kernel } from '../kernel-table';
import { BYTES_PER_ELEMENT } from '../dtype';
import { evenOffsets } from './addresses';
import { floatsOf, withScratch, type CpuBackend } from './backend';
import { groupsOf } from './convolution-groups';
import { forEachBlock } from './image-blocks';
import { sumWithoutPadding } from './padded-places';
import { patchesOf } from './patches';
import { multiply, packedLength } from './product';

/** dfilter = patchesᵀ · dy. The products of the blocks of images are added up in float64. */
export const conv2dFilterGradient: Kernel<CpuBackend, 'conv2dFilterGradient'> = (
  backend,
  [input, gradient],
  [output],
  { geometry: g },
) => {
  if (output!.size === 0) return;
  const { groups, groupIn, groupOut } = groupsOf(g, output!);
  const { blocks, pixels, taps } = patchesOf(g, groupIn);
  const { scratchLength } = blocks;
  const floats = scratchLength + packedLength(pixels.length, groupOut);
  const isOneBlock = blocks.count === g.batch;
  const size = isOneBlock ? 0 : output!.size;
  withScratch(backend, size * Float64Array.BYTES_PER_ELEMENT + floats * BYTES_PER_ELEMENT, (offset) => {
    const sums = new Float64Array(backend.linear.buffer, offset, size).fill(0);
    const scratch = new Float32Array(backend.linear.buffer, offset + sums.byteLength, floats);
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
          },
          packed,
        );
      }
      for (let i = 0; i < size; i++) sums[i]! += df[i]!;
    });
    if (!isOneBlock) df.set(sums);
  });
  sumWithoutPadding(backend, g, { x: input!, filter: output!, y: gradient! }, 'filter');
};
