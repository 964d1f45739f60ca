import { offsetOf } from '../backend';
import { loopsOfFamily } from './loops-of-family';
import type { SimdKernel } from './simd-kernel';
import type { SimdExports } from './simd.wasm';

type Loop = SimdExports['unary_relu'];

/** Covers the rows that have a compiled loop for the dtype. */
export const unary: SimdKernel<'unary'> = (simd, plain) => {
  const ofFloats = loopsOfFamily<Loop>(simd, 'unary');
  const ofIntegers = loopsOfFamily<Loop>(simd, 'intUnary');
  return (backend, inputs, outputs, attributes) => {
    const input = inputs[0]!;
    const { name, p, q } = attributes;
    const loop = (input.dtype === 'float32' ? ofFloats : ofIntegers)[name];
    if (loop) loop(offsetOf(input), offsetOf(outputs[0]!), input.size, p, q);
    else plain(backend, inputs, outputs, attributes);
  };
};
