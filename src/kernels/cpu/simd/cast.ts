import { offsetOf } from '../backend';
import type { SimdKernel } from './simd-kernel';

/** The plain kernel converts float32 to int32: JavaScript's conversion wraps, WebAssembly's saturates. */
export const cast: SimdKernel<'cast'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const [input] = inputs;
  const [output] = outputs;
  const from = input!.dtype === 'float32' ? 'float' : 'int';
  const to = output!.dtype;
  const loop =
    from === 'int' && to === 'float32'
      ? simd.cast_intToFloat
      : to === 'bool' && input!.dtype !== 'bool'
        ? from === 'float'
          ? simd.cast_floatToBool
          : simd.cast_intToBool
        : undefined;
  if (loop) loop(offsetOf(input!), offsetOf(output!), input!.size, 0, 0);
  else plain(backend, inputs, outputs, attributes);
};
