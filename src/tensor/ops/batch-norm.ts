import { assertNumber } from '../argument';
import { sameShape, type KernelAttributes } from '../../kernels';
import { dispatch, dispatchOne } from '../dispatch';
import { lazy } from '../lazy';
import { op } from '../op';
import { formatShape } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '../tensor';
import { asRank, asTensor, type TensorInput } from '../tensor-like';
import { add, div, mul, neg } from './arithmetic';
import { castTo } from './cast';
import { ones, zeros } from './creation';
import { broadcastTo, reshape } from './reshape';
import { rsqrt } from './unary';
import type { KeepsRank } from './keeps-rank';

type Attributes = KernelAttributes['batchNorm'];

/** The batchNorm kernel call. The four statistics have one shape, which is the trailing part of x's shape: the kernel treats x as rows of it. */
function normalize(
  x: Tensor,
  mean: Tensor,
  variance: Tensor,
  offset: Tensor,
  scale: Tensor,
  attributes: Attributes,
): Tensor {
  return dispatchOne(
    'batchNorm',
    'batchNorm',
    [x, mean, variance, offset, scale],
    x.shape,
    'float32',
    attributes,
    forwardRule,
  );
}

/** [Σ dy, Σ dy·(x − mean) / √(variance + epsilon)], summed over the rows: the gradients of offset and scale. */
function sums(
  dy: Tensor,
  x: Tensor,
  mean: Tensor,
  variance: Tensor,
  attributes: Attributes,
): [Tensor, Tensor] {
  const outputs = [mean, mean].map(({ shape }) => ({ shape, dtype: 'float32' as const }));
  const inputs = [dy, x, mean, variance];
  return dispatch('batchNormGradient', 'batchNormGradient', inputs, outputs, attributes, sumsRule) as [
    Tensor,
    Tensor,
  ];
}

/** 1 / √(variance + epsilon). */
function precision(variance: Tensor, { epsilon }: Attributes): Tensor {
  return rsqrt(add(variance, epsilon));
}

/** y = (x − mean)·scale·p + offset, with p = 1 / √(variance + epsilon). Every gradient but that of x follows from two sums over dy. */
const forwardRule: GradientRule<Attributes> = {
  inputs: [0, 1, 2, 4],
  gradients: (c) => {
    const [mean, variance, scale] = [c.input(1), c.input(2), c.input(4)];
    const both = lazy(() => sums(c.dy, c.input(0), mean, variance, c.attributes));
    const slope = lazy(() => mul(scale, precision(variance, c.attributes)));
    return [
      () => mul(c.dy, slope()),
      () => neg(mul(both()[0], slope())),
      () => div(mul(both()[1], scale), mul(add(variance, c.attributes.epsilon), -2)),
      () => both()[0],
      () => both()[1],
    ];
  },
};

/** The sums are linear in dy, so the gradient of dy is a normalization of x with the incoming gradients as offset and scale. */
const sumsRule: GradientRule<Attributes> = {
  inputs: [0, 1, 2, 3],
  gradients: (c) => {
    const [dy, x, mean, variance] = [c.input(0), c.input(1), c.input(2), c.input(3)];
    const [offset, scale] = c.dys as [Tensor, Tensor];
    const slope = lazy(() => mul(scale, precision(variance, c.attributes)));
    const both = lazy(() => sums(dy, x, mean, variance, c.attributes));
    return [
      () => normalize(x, mean, variance, offset, scale, c.attributes),
      () => mul(dy, slope()),
      () => neg(mul(both()[0], slope())),
      () => div(mul(both()[1], scale), mul(add(variance, c.attributes.epsilon), -2)),
    ];
  },
};

/** The tensors that x is normalized with. A missing offset counts as 0, a missing scale as 1. */
interface Statistics<T> {
  readonly mean: T;
  readonly variance: T;
  readonly offset: T | null | undefined;
  readonly scale: T | null | undefined;
}

/** The shape of the trailing axes of x along which any of the statistics varies. @throws when one cannot be broadcast to x */
function rowShape(name: string, x: Tensor, statistics: Statistics<Tensor>): number[] {
  let axes = 0;
  for (const [argument, each] of Object.entries(statistics) as [string, Tensor | null][]) {
    if (!each) continue;
    const target = x.shape.slice(x.rank - each.rank);
    if (
      each.rank > x.rank ||
      each.shape.some((extent: number, axis: number) => extent !== 1 && extent !== target[axis])
    ) {
      throw new Error(
        `${name}: argument '${argument}' has shape ${formatShape(each.shape)}; wanted one that can be broadcast to ${formatShape(x.shape)}, the shape of 'x'`,
      );
    }
    const first = each.shape.findIndex((extent: number) => extent !== 1);
    if (first >= 0) axes = Math.max(axes, each.rank - first);
  }
  return x.shape.slice(x.rank - axes);
}

function batchNormOf(name: string, x: Tensor, given: Statistics<TensorInput>, epsilon: number): Tensor {
  const tensorOf = (argument: keyof Statistics<Tensor>): Tensor | null => {
    const value = given[argument];
    return value === null || value === undefined ? null : asTensor(name, argument, value, 'float32');
  };
  const mean = asTensor(name, 'mean', given.mean, 'float32');
  const variance = asTensor(name, 'variance', given.variance, 'float32');
  const [offset, scale] = [tensorOf('offset'), tensorOf('scale')];
  const shape = rowShape(name, x, { mean, variance, offset, scale });
  assertNumber(name, 'varianceEpsilon', epsilon);
  const asRow = (given: Tensor): Tensor => {
    const each = castTo(given, 'float32');
    const lead = Math.max(0, each.rank - shape.length);
    const row = lead > 0 ? reshape(each, each.shape.slice(lead)) : each;
    return sameShape(row.shape, shape) ? row : broadcastTo(row, shape);
  };
  return normalize(
    castTo(x, 'float32'),
    asRow(mean),
    asRow(variance),
    offset ? asRow(offset) : zeros(shape),
    scale ? asRow(scale) : ones(shape),
    { epsilon },
  );
}

/** The form of {@link batchNorm}, for tensors of type B. */
export type BatchNormOp<B extends Tensor = Tensor> = KeepsRank<
  B,
  [
    mean: TensorInput,
    variance: TensorInput,
    offset?: TensorInput | null,
    scale?: TensorInput | null,
    varianceEpsilon?: number,
  ]
>;

/** The form of {@link batchNormalization}, for tensors of type B: epsilon comes before scale and offset. */
export type BatchNormalizationOp<B extends Tensor = Tensor> = KeepsRank<
  B,
  [
    mean: TensorInput,
    variance: TensorInput,
    varianceEpsilon?: number,
    scale?: TensorInput | null,
    offset?: TensorInput | null,
  ]
>;

const LEAST_VARIANCE = 0.001;

function batchNormOp<B extends Tensor>(name: string, rank?: number): BatchNormOp<B> {
  return op(name, (x, mean, variance, offset, scale, varianceEpsilon = LEAST_VARIANCE) => {
    const value =
      rank === undefined ? asTensor(name, 'x', x, 'float32') : asRank(name, 'x', x, rank, 'float32');
    return batchNormOf(name, value, { mean, variance, offset, scale }, varianceEpsilon);
  });
}

function batchNormalizationOp<B extends Tensor>(name: string, rank?: number): BatchNormalizationOp<B> {
  const inOrder = batchNormOp<B>(name, rank);
  return (x, mean, variance, varianceEpsilon, scale, offset) =>
    inOrder(x, mean, variance, offset, scale, varianceEpsilon);
}

/**
 * Batch normalization: (x − mean) / √(variance + varianceEpsilon) · scale + offset, in float32 and in x's shape (Ioffe & Szegedy, "Batch
 * normalization", ICML 2015). In training, pass the {@link moments} of the batch; in prediction, a moving average of them.
 *
 * @param mean one value for each channel, or any shape that can be broadcast to x's
 * @param variance a shape as for the mean
 * @param offset β in the paper; 0 when left out
 * @param scale γ in the paper; 1 when left out
 * @param varianceEpsilon added to the variance, so that the division stays finite; 0.001 by default
 * @throws when mean, variance, offset or scale cannot be broadcast to the shape of x
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x = dl.tensor2d([[1, 10], [3, 30]]);
 * const { mean, variance } = dl.moments(x, 0);
 * dl.batchNorm(x, mean, variance, null, null, 0).print(); // [[-1, -1], [1, 1]]
 * ```
 */
export const batchNorm = batchNormOp<Tensor>('batchNorm');
/**
 * {@link batchNorm} for x of rank 2.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.batchNorm2d([[1], [3]], [2], [1]).print()); // [-0.9995], [0.9995]
 * ```
 */
export const batchNorm2d = batchNormOp<Tensor2D>('batchNorm2d', 2);
/**
 * {@link batchNorm} for x of rank 3.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.batchNorm3d(dl.ones([2, 2, 1]), [0], [4]).flatten().print()); // 0.4999, 0.4999, 0.4999, 0.4999
 * ```
 */
export const batchNorm3d = batchNormOp<Tensor3D>('batchNorm3d', 3);
/**
 * {@link batchNorm} for x of rank 4.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.batchNorm4d(dl.ones([1, 2, 2, 1]), [0], [4]).flatten().print()); // 0.4999, 0.4999, 0.4999, 0.4999
 * ```
 */
export const batchNorm4d = batchNormOp<Tensor4D>('batchNorm4d', 4);

/**
 * {@link batchNorm} with the argument order of older TensorFlow.js: varianceEpsilon, scale, offset.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.batchNormalization([[1], [3]], [2], [1]).print()); // [-0.9995], [0.9995]
 * ```
 */
export const batchNormalization = batchNormalizationOp<Tensor>('batchNormalization');
/**
 * {@link batchNormalization} for x of rank 2.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.batchNormalization2d([[1], [3]], [2], [1]).print()); // [-0.9995], [0.9995]
 * ```
 */
export const batchNormalization2d = batchNormalizationOp<Tensor2D>('batchNormalization2d', 2);
/**
 * {@link batchNormalization} for x of rank 3.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.batchNormalization3d(dl.ones([2, 2, 1]), [0], [4]).flatten().print()); // 0.4999, 0.4999, 0.4999, 0.4999
 * ```
 */
export const batchNormalization3d = batchNormalizationOp<Tensor3D>('batchNormalization3d', 3);
/**
 * {@link batchNormalization} for x of rank 4.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.batchNormalization4d(dl.ones([1, 2, 2, 1]), [0], [4]).flatten().print()); // 0.4999, 0.4999, 0.4999, 0.4999
 * ```
 */
export const batchNormalization4d = batchNormalizationOp<Tensor4D>('batchNormalization4d', 4);
