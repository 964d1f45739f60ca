import type { UnaryName } from '../../elementwise';
import { unaryFunctions } from '../../elementwise';
import { offsetOf } from '../backend';
import type { SimdKernel } from './simd-kernel';
import type { SimdExports } from './simd.wasm';

type Loop = SimdExports['unary_relu'];

/** The compiled loop of a row, where there is one for the dtype: `unary_exp`, `intUnary_abs`, … */
function loopOf(simd: SimdExports, name: UnaryName, isFloat: boolean): Loop | undefined {
  const loops = simd as unknown as Readonly<Record<string, Loop | undefined>>;
  if (isFloat) return loops[`unary_${name}`];
  return unaryFunctions[name].int ? loops[`intUnary_${name}`] : undefined;
}

export const unary: SimdKernel<'unary'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const input = inputs[0]!;
  const { name, p, q } = attributes;
  const loop = loopOf(simd, name, input.dtype === 'float32');
  if (loop) loop(offsetOf(input), offsetOf(outputs[0]!), input.storage.size, p, q);
  else plain(backend, inputs, outputs, attributes);
};
