import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { updateRules } from '../optimizer-updates';
import type { WebGPUBackend } from './backend';
import { dispatch } from './dispatch';
import { statementsOf } from './prelude';

/** Writes as many outputs in a dispatch as the device binds buffers beside the inputs; the rule is computed anew for the others. */
export const update: Kernel<WebGPUBackend, 'update'> = (
  backend,
  inputs,
  outputs,
  { name, hyperparameters },
) => {
  const { glsl, slots } = updateRules[name];
  const states = ['value', ...slots.map((_, k) => `slot${k}`)];
  const read = ['value', 'gradient', ...states.slice(1)];
  const most = backend.gpu.limits.maxStorageBuffersPerShaderStage - inputs.length;
  for (let first = 0; first < outputs.length; first += most) {
    const written = states.slice(first, first + most);
    const named = (prefix: string, names: readonly string[], tensors: readonly TensorInfo[]) =>
      Object.fromEntries(names.map((each, i) => [`${prefix}_${each}`, tensors[i]!]));
    dispatch(backend, {
      program: `update ${name} ${first} ${written.length}`,
      inputs: named('old', read, inputs),
      outputs: named('new', written, outputs.slice(first)),
      form: 'cell',
      floats: { h: hyperparameters },
      source: () => `
        fn work(i: i32) {
          let g = old_gradient[i];
          ${states.map((each) => `var ${each} = old_${each}[i];`).join(' ')}
          ${statementsOf(glsl, (each) => each.replace(/^h\[(\d+)\]$/, 'u.h$1'))}
          ${written.map((each) => `new_${each}[i] = ${each};`).join(' ')}
        }`,
    });
  }
};
