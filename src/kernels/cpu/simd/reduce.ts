import { offsetOf, withScratch } from '../backend';
import { loopsOfFamily } from './loops-of-family';
import type { SimdKernel } from './simd-kernel';
import type { SimdExports } from './simd.wasm';

type Loop = SimdExports['reduce_sum'];

export const reduce: SimdKernel<'reduce'> = (simd, plain) => {
  const ofFloats = loopsOfFamily<Loop>(simd, 'reduce');
  const ofIntegers = loopsOfFamily<Loop>(simd, 'intReduce');
  return (backend, inputs, outputs, attributes) => {
    const [input] = inputs;
    const [output] = outputs;
    const { name, outer, extent, inner } = attributes;
    const isFloat = input!.dtype === 'float32';
    const loop =
      isFloat === (output!.dtype === 'float32') ? (isFloat ? ofFloats : ofIntegers)[name] : undefined;
    if (!loop || extent === 0) {
      plain(backend, inputs, outputs, attributes);
      return;
    }
    const bytes =
      loop === ofFloats.sum || loop === ofFloats.mean
        ? simd.reduceSumScratch(extent, inner) >>> 0
        : inner * 4;
    withScratch(backend, bytes, (scratch) => {
      loop(offsetOf(input!), offsetOf(output!), outer, extent, inner, scratch);
    });
  };
};
