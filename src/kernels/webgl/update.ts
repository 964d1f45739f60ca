import type { Kernel } from '../kernel-table';
import { updateRules } from '../optimizer-updates';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';

/** Updates a variable and all its slots in one draw, with a render target for each. */
export const update: Kernel<WebGLBackend, 'update'> = (
  backend,
  [value, gradient, ...slots],
  outputs,
  { name, hyperparameters },
) => {
  const rule = updateRules[name].glsl.replace(/\bh\[(\d+)\]/g, 'hyperparameters$1');
  const slotNames = slots.map((_, k) => `slot${k}`);
  const names = ['value', ...slotNames];
  draw(backend, {
    program: `update ${name}`,
    inputs: {
      value: value!,
      gradient: gradient!,
      ...Object.fromEntries(slots.map((slot, k) => [`slot${k}`, slot])),
    },
    outputs,
    form: 'block',
    floats: { hyperparameters },
    source: () => `
      void rule(${names.map((each) => `inout float ${each}`).join(', ')}, float g) { ${rule} }
      void block() {
        here_layer = 0;
        vec4 gradient = gradient_here();
        ${names.map((each) => `vec4 ${each} = ${each}_here();`).join(' ')}
        ${list(4, (lane) => `rule(${[...names, 'gradient'].map((each) => `${each}[${lane}]`).join(', ')});`)}
        ${names.map((each, k) => `out_${k} = ${each};`).join(' ')}
      }`,
  });
};
