import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import type { WindowGeometry } from '../convolution';
import type { WebGLBackend } from './backend';
import { blockedSum, LONGEST_PLAIN_SUM } from './blocked-sum';
import { draw } from './draw';
import { lanes } from './glsl';
import { maxPoolIndices } from './max-pool-indices';
import { withScratch } from './scratch';
import { unitFor } from './unit';
import { windowsAround, windowsKey, overWindowsAround, unravelImage, windowUniforms } from './window';

/** Finds the greatest element of each window, then adds up for each element the dy of the windows of which it is the greatest. */
export const maxPoolGradient: Kernel<WebGLBackend, 'maxPoolGradient'> = (
  backend,
  [dy, x],
  outputs,
  attributes,
) => {
  withScratch(backend, dy!.shape, 'int32', (indices) => {
    maxPoolIndices(backend, [x!], [indices], attributes);
    maxPoolGradientAt(backend, [dy!, indices], outputs, attributes);
  });
};

/** [dy, int32 indices] → [dx]: adds each dy at its index. */
export function maxPoolGradientAt(
  backend: WebGLBackend,
  [dy, indices]: readonly TensorInfo[],
  [dx]: readonly TensorInfo[],
  { geometry }: { readonly geometry: WindowGeometry },
): void {
  const unit = unitFor(geometry.inChannels);
  const inBlocks = blockedSum(
    ['sum'],
    'unit',
    windowsAround(geometry),
    LONGEST_PLAIN_SUM,
    geometry.filterHeight,
  );
  draw(backend, {
    program: `maxPoolGradient${windowsKey(geometry)}${inBlocks.key}`,
    inputs: { dy: dy!, indices: indices! },
    outputs: [dx!],
    form: unit.form,
    ints: windowUniforms(geometry, unit.size),
    source: () => `
      ${inBlocks.functions}
      float where(int index, int i, float v) { return index == i ? v : 0.0; }
      vec4 where(ivec4 index, int i, vec4 v) {
        index -= i * 4;
        return ${lanes('vec4', (c) => `where(index.${c}, ${'xyzw'.indexOf(c)}, v.${c})`)};
      }
      unit result(int i) {
        ${unravelImage('in')}
        unit sum = unit(0.0);
        ${inBlocks.declare}
        ${overWindowsAround(geometry, 'sum += where(indices_unit(at), i, dy_unit(at));', inBlocks)}
        ${inBlocks.finish}
        return sum;
      }`,
  });
}
