import type { KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { less, mul, sub } from './arithmetic';
import { zerosLike } from './creation';
import { where } from './where';

type Attributes = KernelAttributes['activationGradient'];

/** The derivative of dy·f′ with respect to y, for activations whose f′ depends on y. `product` is the incoming gradient times dy. */
const curvatures: Partial<Record<Attributes['name'], (product: Tensor, y: Tensor) => Tensor>> = {
  elu: (product, y) => where(less(y, 0), product, zerosLike(product)),
  sigmoid: (product, y) => mul(product, sub(1, mul(y, 2))),
  tanh: (product, y) => mul(product, mul(y, -2)),
};

const rule: GradientRule<Attributes> = {
  inputs: [0, 1],
  gradients: (c) => {
    const { name, alpha } = c.attributes;
    const curvature = curvatures[name];
    return [
      () => activationGradient(c.dy, c.input(1), name, alpha),
      () => (curvature ? curvature(mul(c.dy, c.input(0)), c.input(1)) : zerosLike(c.dy)),
    ];
  },
};

/**
 * Multiplies dy by an activation's derivative, in one pass over memory.
 *
 * @param y the result of the activation. For 'leakyRelu' the input will do too, since only its sign is read
 * @param alpha the slope of 'leakyRelu' below zero
 */
export function activationGradient(dy: Tensor, y: Tensor, name: Attributes['name'], alpha = 0): Tensor {
  const op = `${name}Gradient`;
  return dispatchOne(op, 'activationGradient', [dy, y], y.shape, 'float32', { name, alpha }, rule);
}
