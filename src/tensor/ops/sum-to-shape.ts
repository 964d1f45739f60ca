import { sameShape, type Shape } from '../../kernels';
import type { Tensor } from '../tensor';
import { sum } from './reduction';
import { reshape } from './reshape';

/** Sums a gradient over the axes along which an operand was repeated: the adjoint of broadcasting. */
export function sumToShape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axes: number[] = [];
  x.shape.forEach((extent: number, axis: number) => {
    if (axis < lead || (shape[axis - lead] === 1 && extent !== 1)) axes.push(axis);
  });
  return reshape(sum(x, axes), shape as number[]);
}
