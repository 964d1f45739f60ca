import { tidy, type Tensor } from '../tensor';
import { setOwn } from '../tensor/own-property';
import { makeTensor } from '../tensor/tensor-like';
import type { Constant } from './graph/graph';

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** Tensors of values by name, which the caller or the open scope owns. */
export function tensorsOf(operator: string, values: ReadonlyMap<string, Constant>): NamedTensors {
  return tidy(operator, () => {
    const tensors: Record<string, Tensor> = {};
    for (const [name, { shape, dtype, values: numbers }] of values)
      setOwn(tensors, name, makeTensor(operator, numbers, shape, dtype));
    return tensors;
  });
}
