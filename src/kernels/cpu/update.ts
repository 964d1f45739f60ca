import type { Kernel } from '../kernel-table';
import { updateRules } from '../optimizer-updates';
import { floatsOf, type CpuBackend } from './backend';

export const update: Kernel<CpuBackend, 'update'> = (backend, inputs, outputs, { name, hyperparameters }) => {
  const rule = updateRules[name].update;
  const gradient = floatsOf(backend, inputs[1]!);
  const before = [inputs[0]!, ...inputs.slice(2)].map((input) => floatsOf(backend, input));
  const after = outputs.map((output) => floatsOf(backend, output));
  const state = new Float64Array(before.length);
  for (let i = 0; i < gradient.length; i++) {
    for (let s = 0; s < state.length; s++) state[s] = before[s]![i]!;
    rule(state, gradient[i]!, hyperparameters);
    for (let s = 0; s < state.length; s++) after[s]![i] = state[s]!;
  }
};
