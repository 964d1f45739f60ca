import type { Kernel } from '../kernel-table';
import { activationSource } from './activation';
import type { WebGLBackend } from './backend';
import { blockedSum, LONGEST_PRODUCT_SUM } from './blocked-sum';
import { depthwiseBlock } from './depthwise-block';
import { depthwiseUniforms, depthwiseUnit } from './depthwise';
import { draw } from './draw';
import { overWindow, TAPS_INSIDE, unravelImage } from './window';

/** Each channel of y is computed from windows over one channel of x. */
export const depthwiseConv2d: Kernel<WebGLBackend, 'conv2d'> = (
  backend,
  [x, filter, bias],
  [y],
  { geometry, activation, alpha },
) => {
  const operands = { x: x!, filter: filter!, bias, y: y! };
  if (depthwiseBlock(backend, { ...operands, geometry, activation, alpha, turned: false })) return;
  backend.allocateTexture(y!);
  const taps = geometry.filterHeight * geometry.filterWidth;
  const inBlocks = blockedSum(['sum'], 'unit', taps, LONGEST_PRODUCT_SUM, geometry.filterHeight);
  draw(backend, {
    program: `depthwiseConv2d ${bias ? 'bias ' : ''}${activation}${inBlocks.key}`,
    inputs: { x: x!, filter: filter!, ...(bias && { bias }) },
    outputs: [y!],
    form: depthwiseUnit(geometry).form,
    ints: depthwiseUniforms(geometry),
    floats: { alpha },
    source: () => `
      ${activationSource(activation)}
      ${TAPS_INSIDE}
      ${inBlocks.functions}
      unit result(int i) {
        ${unravelImage('out')}
        int out_c = c;
        c = over_multiplier(out_c);
        unit sum = unit(0.0);
        ${inBlocks.declare}
        ${overWindow('sum += v * filter_unit((ky * filter_width + kx) * out_channels + out_c);', inBlocks)}
        ${inBlocks.finish}
        return activated(sum${bias ? ' + bias_unit(out_c)' : ''});
      }`,
  });
};
