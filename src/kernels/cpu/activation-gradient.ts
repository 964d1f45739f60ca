import { activationGradients, type ActivationGradientRow } from '../activation-gradients';
import type { Kernel } from '../kernel-table';
import { floatsOf, type CpuBackend } from './backend';

type Loop = (dy: Float32Array, y: Float32Array, dx: Float32Array, alpha: number) => void;

function sharedLoop(f: ActivationGradientRow['js']): Loop {
  return (dy, y, dx, alpha) => {
    for (let i = 0; i < dx.length; i++) dx[i] = f(dy[i]!, y[i]!, alpha);
  };
}

/** A separate loop, so that V8 inlines the function: see unary.ts. */
const reluLoop: Loop = (dy, y, dx, alpha) => {
  const f: ActivationGradientRow['js'] = activationGradients.relu.js;
  for (let i = 0; i < dx.length; i++) dx[i] = f(dy[i]!, y[i]!, alpha);
};

export const activationGradient: Kernel<CpuBackend, 'activationGradient'> = (
  backend,
  [gradient, result],
  [output],
  { name, alpha },
) => {
  const loop = name === 'relu' ? reluLoop : sharedLoop(activationGradients[name].js);
  loop(floatsOf(backend, gradient!), floatsOf(backend, result!), floatsOf(backend, output!), alpha);
};
