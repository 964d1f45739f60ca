import type { Kernel } from '../backend';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { lanes } from './glsl';
import { unitFor } from './unit';
import { windowsKey, overWindowsAround, unravelImage, windowUniforms } from './window';

export const maxPoolGradient: Kernel<WebGLBackend, 'maxPoolGradient'> = (
  backend,
  [dy, indices],
  [dx],
  { geometry },
) => {
  const unit = unitFor(geometry.inChannels);
  draw(backend, {
    program: `maxPoolGradient${windowsKey(geometry)}`,
    inputs: { dy: dy!, indices: indices! },
    outputs: [dx!],
    form: unit.form,
    ints: windowUniforms(geometry, unit.size),
    source: () => `
      float where(int index, int i, float v) { return index == i ? v : 0.0; }
      vec4 where(ivec4 index, int i, vec4 v) {
        index -= i * 4;
        return ${lanes('vec4', (c) => `where(index.${c}, ${'xyzw'.indexOf(c)}, v.${c})`)};
      }
      unit result(int i) {
        ${unravelImage('in')}
        unit sum = unit(0.0);
        ${overWindowsAround(geometry, 'sum += where(indices_unit(at), i, dy_unit(at));')}
        return sum;
      }`,
  });
};
