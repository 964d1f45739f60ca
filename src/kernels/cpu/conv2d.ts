import type { Kernel } from '../kernel-table';
import { activationLoop } from './activation';
import { evenOffsets } from './addresses';
import { floatsOf, withFloatScratch, type CpuBackend } from './backend';
import { groupsOf } from './convolution-groups';
import { forEachBlock } from './image-blocks';
import { sumWithoutPadding } from './padded-places';
import { patchesOf } from './patches';
import { multiply, packedLength } from './product';

/** y = activation(patches · filter + bias). */
export const conv2d: Kernel<CpuBackend, 'conv2d'> = (backend, inputs, [output], attributes) => {
  const [input, filter, bias] = inputs;
  const { geometry: g, activation, alpha } = attributes;
  if (output!.size === 0) return;
  const activate = activationLoop(activation);
  const { groups, groupIn, groupOut } = groupsOf(g, filter!);
  const { blocks, pixels, taps } = patchesOf(g, groupIn);
  const { scratchLength } = blocks;
  withFloatScratch(backend, scratchLength + packedLength(taps.length, groupOut), (scratch) => {
    const packed = scratch.subarray(scratchLength);
    const y = floatsOf(backend, output!);
    const f = floatsOf(backend, filter!);
    const biases = bias && floatsOf(backend, bias);
    const pixelsInImage = g.outHeight * g.outWidth;
    const outputPixels = evenOffsets(pixels.length, g.outChannels);
    const filterRows = evenOffsets(taps.length, g.outChannels);
    const filterColumns = evenOffsets(groupOut, 1);
    forEachBlock(blocks, floatsOf(backend, input!), scratch, ({ values, start, firstImage, count }) => {
      const rows = pixels.subarray(0, count * pixelsInImage);
      for (let group = 0; group < groups; group++) {
        const firstOut = group * groupOut;
        multiply(
          {
            a: { values, start: start + group * groupIn, rows, columns: taps },
            b: { values: f, start: firstOut, rows: filterRows, columns: filterColumns },
            c: {
              values: y,
              start: firstImage * pixelsInImage * g.outChannels + firstOut,
              rows: outputPixels,
            },
            bias: biases?.subarray(firstOut, firstOut + groupOut),
            activate,
            alpha,
          },
          packed,
        );
      }
    });
  });
  sumWithoutPadding(backend, g, { x: input!, filter: filter!, y: output! }, 'y', bias, activation, alpha);
};
