import type { Kernel } from '../kernel-table';
import { reductions } from '../reductions';
import type { WebGLBackend } from './backend';
import { blockedSum, LONGEST_PLAIN_SUM } from './blocked-sum';
import { draw } from './draw';
import { lanes } from './glsl';
import { unitFor } from './unit';
import { overWindow, TAPS_INSIDE, unravelImage, windowUniforms } from './window';

export const pool: Kernel<WebGLBackend, 'pool'> = (backend, [x], [y], { geometry, mode }) => {
  const unit = unitFor(geometry.inChannels);
  const { initial, glsl } = reductions[mode === 'max' ? 'max' : 'sum'];
  const taps = geometry.filterHeight * geometry.filterWidth;
  const inBlocks = blockedSum(
    ['combined'],
    'unit',
    mode === 'max' ? 0 : taps,
    LONGEST_PLAIN_SUM,
    geometry.filterHeight,
  );
  draw(backend, {
    program: `pool ${mode}${inBlocks.key}`,
    inputs: { x: x! },
    outputs: [y!],
    form: unit.form,
    ints: windowUniforms(geometry, unit.size),
    source: () => `
      float combine(float a, float b) { return ${glsl}; }
      vec4 combine(vec4 a, vec4 b) { return ${lanes('vec4', (c) => `combine(a.${c}, b.${c})`)}; }
      ${TAPS_INSIDE}
      ${inBlocks.functions}
      unit result(int i) {
        ${unravelImage('out')}
        unit combined = unit(${initial === 0 ? '0.0' : '-INFINITY'});
        ${inBlocks.declare}
        ${overWindow('combined = combine(combined, v);', inBlocks)}
        ${inBlocks.finish}
        return ${mode === 'max' ? 'combined' : 'combined / float(max((end_y - first_tap_y(top)) * (end_x - first_x), 1))'};
      }`,
  });
};
