import { offsetOf } from '../backend';
import { loopsOfFamily } from './loops-of-family';
import type { SimdKernel } from './simd-kernel';
import type { SimdExports } from './simd.wasm';

type Loop = SimdExports['gradient_relu'];

export const activationGradient: SimdKernel<'activationGradient'> = (simd, plain) => {
  const loops = loopsOfFamily<Loop>(simd, 'gradient');
  return (backend, inputs, outputs, attributes) => {
    const [dy, y] = inputs;
    const dx = outputs[0]!;
    const { name, alpha } = attributes;
    const loop = loops[name];
    if (loop) loop(offsetOf(dy!), offsetOf(y!), offsetOf(dx), dx.size, alpha);
    else plain(backend, inputs, outputs, attributes);
  };
};
