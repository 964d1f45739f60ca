import type { ReductionName } from '../../reductions';
import { offsetOf, withScratch } from '../backend';
import type { SimdKernel } from './simd-kernel';
import type { SimdExports } from './simd.wasm';

type Loop = SimdExports['reduce_sum'];

function loopOf(simd: SimdExports, name: ReductionName, isFloat: boolean): Loop | undefined {
  const loops = simd as unknown as Readonly<Record<string, Loop | undefined>>;
  return loops[isFloat ? `reduce_${name}` : `intReduce_${name}`];
}

export const reduce: SimdKernel<'reduce'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const [input] = inputs;
  const [output] = outputs;
  const { name, outer, extent, inner } = attributes;
  const isFloat = input!.dtype === 'float32';
  const loop = isFloat === (output!.dtype === 'float32') ? loopOf(simd, name, isFloat) : undefined;
  if (!loop || extent === 0) {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  withScratch(backend, inner * 4, (scratch) => {
    loop(offsetOf(input!), offsetOf(output!), outer, extent, inner, scratch);
  });
};
