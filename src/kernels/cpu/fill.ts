import type { Kernel } from '../kernel-table';
import { fillRamp } from '../ramp';
import { valuesOf, type CpuBackend } from './backend';

export const fill: Kernel<CpuBackend, 'fill'> = (backend, _inputs, [output], { value }) => {
  valuesOf(backend, output!).fill(value);
};

export const ramp: Kernel<CpuBackend, 'ramp'> = (backend, _inputs, [output], attributes) => {
  fillRamp(valuesOf(backend, output!), attributes);
};
