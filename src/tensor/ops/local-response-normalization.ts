import { assertInteger, assertNumber } from '../argument';
import type { KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { lazy } from '../lazy';
import { op } from '../op';
import type { GradientRule } from '../tape';
import type { Tensor, Tensor3D, Tensor4D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import { add, mul, sub } from './arithmetic';
import { castTo } from './cast';
import { conv1d } from './conv1d';
import { ones } from './creation';
import { reshape } from './reshape';
import { pow } from './pow';
import { square } from './unary';
import type { KeepsRank } from './keeps-rank';

type Attributes = KernelAttributes['localResponseNormalization'];

const rule: GradientRule<Attributes> = {
  inputs: [0],
  gradients: (c) => [() => gradient(c.input(0), c.dy, c.attributes)],
};

function gradient(x: Tensor, dy: Tensor, attributes: Attributes): Tensor {
  const name = 'localResponseNormalizationGradient';
  return dispatchOne(name, name, [x, dy], x.shape, 'float32', attributes, gradientRule);
}

/** The sum over the channels at most `radius` away, for each channel. */
function sumAround(x: Tensor, { channels, radius }: Attributes): Tensor {
  const lines = reshape(x, [channels === 0 ? 0 : x.size / channels, channels, 1]);
  return reshape(conv1d(lines, ones([2 * radius + 1, 1, 1]), 1, radius), x.shape);
}

/**
 * The gradient is dy·n^−beta − k·x·S(dy·x·n^(−beta−1)), where S sums over the channels around each, n = bias + alpha·S(x²) and
 * k = 2·alpha·beta. This rule differentiates it with respect to x and dy; g is the incoming gradient.
 */
const gradientRule: GradientRule<Attributes> = {
  inputs: [0, 1],
  gradients: (c) => {
    const { bias, alpha, beta } = c.attributes;
    const [x, dy, g] = [c.input(0), c.input(1), c.dy];
    const around = (v: Tensor): Tensor => sumAround(v, c.attributes);
    const norm = lazy(() => add(mul(around(square(x)), alpha), bias));
    const power = lazy(() => pow(norm(), -beta - 1));
    const k = 2 * alpha * beta;
    const flowing = lazy(() => around(mul(g, x)));
    return [
      () => {
        const shares = mul(mul(dy, x), power());
        const curvature = mul(mul(flowing(), mul(dy, x)), pow(norm(), -beta - 2));
        const linear = add(
          add(mul(x, around(mul(mul(g, dy), power()))), mul(g, around(shares))),
          mul(mul(dy, power()), flowing()),
        );
        return sub(mul(mul(x, around(curvature)), 2 * alpha * (beta + 1) * k), mul(linear, k));
      },
      () => sub(mul(g, pow(norm(), -beta)), mul(mul(mul(x, power()), flowing()), k)),
    ];
  },
};

/**
 * Computes x / (bias + alpha · Σ x²)^beta, where the sum runs over the channels at most `depthRadius` away, so that strong channels
 * suppress their neighbours (Krizhevsky, Sutskever & Hinton, NIPS 2012). The result is float32, of x's shape.
 *
 * @param x [batch, height, width, channels], or one image without the batch axis
 * @param depthRadius the number of channels on each side; 5 by default
 * @param bias 1 by default
 * @param alpha 1 by default
 * @param beta 0.5 by default
 * @throws unless x has rank 3 or 4 and the radius is a non-negative integer
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.localResponseNormalization(dl.ones([1, 1, 3]), 1, 1, 1, 1).print(); // 1/3, 1/4, 1/3
 * ```
 */
export const localResponseNormalization = op(
  'localResponseNormalization',
  function localResponseNormalization<T extends Tensor3D | Tensor4D>(
    x: T | TensorInput,
    depthRadius = 5,
    bias = 1,
    alpha = 1,
    beta = 0.5,
  ): T {
    const name = 'localResponseNormalization';
    const given = asRank(name, 'x', x, [3, 4], 'float32');
    assertInteger(name, 'depthRadius', depthRadius, 0);
    for (const [argument, value] of Object.entries({ bias, alpha, beta }))
      assertNumber(name, argument, value);
    const images = castTo(given, 'float32');
    const attributes = { channels: images.shape.at(-1)!, radius: depthRadius, bias, alpha, beta };
    return dispatchOne(name, name, [images], images.shape, 'float32', attributes, rule) as T;
  },
) as KeepsRank<Tensor3D | Tensor4D, [depthRadius?: number, bias?: number, alpha?: number, beta?: number]>;
