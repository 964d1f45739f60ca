import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { blockedSum, LONGEST_PRODUCT_SUM } from './blocked-sum';
import type { WindowGeometry } from '../convolution';
import { depthwiseBlock } from './depthwise-block';
import { depthwiseUniforms, depthwiseUnit } from './depthwise';
import { draw } from './draw';
import { windowsAround, windowsKey, overWindowsAround, unravelImage } from './window';

/** Each element of dx adds up the outputs whose windows contain it, in the output channels of its channel. */
export const depthwiseConv2dInputGradient: Kernel<WebGLBackend, 'conv2dInputGradient'> = (
  backend,
  [dy, filter],
  [dx],
  { geometry },
) => {
  if (geometry.strideHeight === 1 && geometry.strideWidth === 1) {
    const operands = { x: dy!, filter: filter!, y: dx! };
    const linear = { activation: 'linear', alpha: 0 } as const;
    if (depthwiseBlock(backend, { ...operands, geometry: turned(geometry), ...linear, turned: true })) return;
  }
  backend.allocateTexture(dx!);
  const multiplier = geometry.outChannels / geometry.inChannels;
  const inBlocks = blockedSum(['sum'], 'unit', windowsAround(geometry) * multiplier, LONGEST_PRODUCT_SUM);
  draw(backend, {
    program: `depthwiseConv2dInputGradient${windowsKey(geometry)}${inBlocks.key && `${inBlocks.key} ${multiplier}`}`,
    inputs: { dy: dy!, filter: filter! },
    outputs: [dx!],
    form: depthwiseUnit(geometry).form,
    ints: depthwiseUniforms(geometry),
    source: () => `
      ${inBlocks.functions}
      unit result(int i) {
        ${unravelImage('in')}
        c *= multiplier;
        unit sum = unit(0.0);
        ${inBlocks.declare}
        ${overWindowsAround(
          geometry,
          `
          int ky = over_dilation_height(top - out_y * stride_height), kx = over_dilation_width(left - out_x * stride_width);
          int tap = (ky * filter_width + kx) * out_channels + c;
          for (int k = 0; k < multiplier; k++) sum += dy_unit(at + k) * filter_unit(tap + k);`,
          inBlocks,
          multiplier,
        )}
        ${inBlocks.finish}
        return sum;
      }`,
  });
};

/** The convolution that is the gradient of one without strides: from dy to dx, with the filter turned around. */
function turned(g: WindowGeometry): WindowGeometry {
  return {
    ...g,
    inHeight: g.outHeight,
    inWidth: g.outWidth,
    inChannels: g.outChannels,
    outHeight: g.inHeight,
    outWidth: g.inWidth,
    outChannels: g.inChannels,
    padTop: (g.filterHeight - 1) * g.dilationHeight - g.padTop,
    padLeft: (g.filterWidth - 1) * g.dilationWidth - g.padLeft,
  };
}
