import { wrongArgument } from '../argument';
import { sizeOf, type KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { op } from '../op';
import { normalizeAxis } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { castTo } from './cast';
import { mul, sub } from './arithmetic';
import { sum } from './reduction';
import { exp } from './unary';

type SoftmaxAttributes = KernelAttributes['softmax'];

const softmaxRule: GradientRule<SoftmaxAttributes> = {
  outputs: [0],
  gradients: (c) => [
    () =>
      dispatchOne(
        'softmaxGradient',
        'softmaxGradient',
        [c.output(0), c.dy],
        c.dy.shape,
        'float32',
        c.attributes,
        softmaxGradientRule,
      ),
  ],
};

/** The gradients of the gradient, with respect to y and dy: for second derivatives. */
const softmaxGradientRule: GradientRule<SoftmaxAttributes> = {
  inputs: [0, 1],
  gradients: (c) => {
    const y = c.input(0);
    const dy = c.input(1);
    const g = c.dy;
    if (c.attributes.logarithm) {
      // dx = dy − eʸ·Σdy
      return [
        () => mul(mul(g, exp(y)), sum(dy, -1, true)).neg(),
        () => sub(g, sum(mul(g, exp(y)), -1, true)),
      ];
    }
    // dx = y·(dy − Σ y·dy)
    return [
      () => sub(mul(g, sub(dy, sum(mul(y, dy), -1, true))), mul(dy, sum(mul(g, y), -1, true))),
      () => mul(y, sub(g, sum(mul(g, y), -1, true))),
    ];
  },
};

function softmaxOp(
  name: 'softmax' | 'logSoftmax',
  argument: string,
): <T extends Tensor>(logits: T | TensorInput, axis?: number) => T {
  return op(name, <T extends Tensor>(logits: T | TensorInput, axis = -1): T => {
    const given = asTensor(name, argument, logits);
    const along = normalizeAxis(name, axis, given.rank);
    if (along !== given.rank - 1) throw wrongArgument(name, 'axis', axis, `the last one, ${given.rank - 1}`);
    const value = castTo(given, 'float32');
    const extent = value.shape[along]!;
    const attributes = {
      outer: sizeOf(value.shape.slice(0, along)),
      extent,
      inner: 1,
      logarithm: name === 'logSoftmax',
    };
    return dispatchOne(name, 'softmax', [value], value.shape, 'float32', attributes, softmaxRule) as T;
  });
}

/**
 * eˣ / Σ eˣ along the last axis, in float32 and without overflow: turns logits into probabilities.
 *
 * @param axis only the last axis is supported
 * @throws for another axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.softmax([1, 1]).print(); // 0.5, 0.5
 * ```
 */
export const softmax = softmaxOp('softmax', 'logits');
/**
 * The logarithm of {@link softmax}, without the underflow of computing it in two steps.
 *
 * @throws for an axis that is not the last
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).logSoftmax().print()); // -1.3133, -0.3133
 * ```
 */
export const logSoftmax = softmaxOp('logSoftmax', 'logits');
