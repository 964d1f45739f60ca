import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';

/** An argument of any rank as int32. @throws if it is a tensor of another dtype */
export function asIntegers(name: string, argument: string, x: TensorInput): Tensor {
  const value = asTensor(name, argument, x, 'int32');
  if (value.dtype === 'int32') return value;
  throw new Error(`${name}: argument '${argument}' is ${value.dtype}; wanted int32`);
}
