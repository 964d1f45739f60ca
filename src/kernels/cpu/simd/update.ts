import { offsetOf } from '../backend';
import type { SimdKernel } from './simd-kernel';

/** A compiled update: the inputs' offsets, the outputs' offsets, the length, then the hyperparameters. */
type Update = (...numbers: readonly number[]) => void;

export const update: SimdKernel<'update'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const { name, hyperparameters } = attributes;
  const compiled = (simd as unknown as Readonly<Record<string, Update | undefined>>)[`update_${name}`];
  if (!compiled) {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  compiled(...inputs.map(offsetOf), ...outputs.map(offsetOf), inputs[0]!.storage.size, ...hyperparameters);
};
