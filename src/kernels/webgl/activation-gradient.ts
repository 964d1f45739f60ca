import { activationGradients } from '../activation-gradients';
import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { pointwise } from './pointwise';

export const activationGradient: Kernel<WebGLBackend, 'activationGradient'> = (
  backend,
  [dy, y],
  [dx],
  { name, alpha },
) => {
  pointwise(backend, {
    program: `activationGradient ${name}`,
    inputs: { dy: { tensor: dy! }, y: { tensor: y! } },
    output: dx!,
    floats: [alpha],
    functions: `float row_of(float dy, float y, float alpha) { return ${activationGradients[name].glsl}; }`,
    expression: 'row_of(dy, y, parameter0)',
  });
};
