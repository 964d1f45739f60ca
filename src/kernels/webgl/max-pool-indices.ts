import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';
import { unitFor } from './unit';
import { overWindow, TAPS_INSIDE, unravelImage, windowUniforms } from './window';

/** GLSL that keeps the greatest of the values of a window and its index: of equals the first, and the first NaN above all numbers. */
export const CONSIDER = `
  void consider(float v, int at, inout float best, inout int index) {
    bool better = index < 0 || (!is_nan(best) && (is_nan(v) || v > best));
    best = better ? v : best;
    index = better ? at : index;
  }
  void consider(vec4 v, int at, inout vec4 best, inout ivec4 index) {
    ${list(4, (k) => `consider(v[${k}], at * 4 + ${k}, best[${k}], index[${k}]);`)}
  }`;

export const maxPoolIndices: Kernel<WebGLBackend, 'maxPoolIndices'> = (backend, [x], [y], { geometry }) => {
  const unit = unitFor(geometry.inChannels);
  draw(backend, {
    program: 'maxPoolIndices',
    inputs: { x: x! },
    outputs: [y!],
    form: unit.form,
    ints: windowUniforms(geometry, unit.size),
    source: () => `
      ${CONSIDER}
      ${TAPS_INSIDE}
      unit result(int i) {
        ${unravelImage('out')}
        unit index = unit(-1);
        x_type best = x_type(0.0);
        ${overWindow('consider(v, at, best, index);')}
        return index;
      }`,
  });
};
