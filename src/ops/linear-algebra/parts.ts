import { sizeOf } from '../../kernels';
import { reshape, slice } from '../../tensor/ops';
import type { Tensor } from '../../tensor/tensor';

/** Cuts the last axis of what a kernel computed into several results, of these shapes for each element of the batch. */
export function partsOf(packed: Tensor, shapes: readonly (readonly number[])[]): Tensor[] {
  const batch = packed.shape.slice(0, -1);
  let begin = 0;
  return shapes.map((shape) => {
    const size = sizeOf(shape);
    const part = slice(packed, [...batch.map(() => 0), begin], [...batch, size]);
    begin += size;
    return reshape(part, [...batch, ...shape]);
  });
}
