import { sameShape, type Shape } from '../../kernels';
import { dispatchOne } from '../dispatch';
import type { Tensor } from '../tensor';
import { asAxisView, sumGradient } from './reduced-axes';

/**
 * The gradient of broadcasting: sums x over the axes along which an operand of the given shape was repeated. It calls the `reduce` kernel
 * rather than `sum`, because ops that `sum` imports use it in their gradients.
 */
export function sumToShape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axes: number[] = [];
  x.shape.forEach((extent: number, axis: number) => {
    if (axis < lead || (shape[axis - lead] === 1 && extent !== 1)) axes.push(axis);
  });
  const { x: moved, view } = asAxisView(x, axes);
  return dispatchOne('sum', 'reduce', [moved], shape, x.dtype, { name: 'sum', ...view }, sumGradient);
}
