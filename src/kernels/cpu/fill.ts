import type { Kernel } from '../backend';
import { valuesOf, type CpuBackend } from './backend';

export const fill: Kernel<CpuBackend, 'fill'> = (backend, _inputs, [output], { value }) => {
  valuesOf(backend, output!).fill(value);
};

export const ramp: Kernel<CpuBackend, 'ramp'> = (backend, _inputs, [output], { start, step }) => {
  const y = valuesOf(backend, output!);
  // Not by adding up: the error of a running sum would grow with the length.
  for (let i = 0; i < y.length; i++) y[i] = start + i * step;
};
