import type { DataType, KernelAttributes, ReductionName } from '../../kernels';
import { withoutTaping } from '../extent';
import { dispatchOne } from '../dispatch';
import { sumType } from '../dtype';
import { normalizeAxes, normalizeAxis } from '../shape';
import { type GradientRule } from '../tape';
import type { Rank, RankBelow } from '../rank';
import type { Scalar, Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { add, div, equal, mul } from './arithmetic';
import { castTo } from './cast';
import { scalar } from './creation';
import { asAxisView, repeated, sumGradient } from './reduced-axes';
import { reshape } from './reshape';
import { exp, isFinite, log } from './unary';
import { where } from './where';
import { op } from '../op';

const meanGradient: GradientRule<KernelAttributes['reduce']> = {
  gradients: (c) => [() => repeated(c, div(c.dy, c.attributes.extent))],
};

/** If several elements are the greatest (or least), the gradient is divided equally among them. */
const extremumGradient: GradientRule<KernelAttributes['reduce']> = {
  inputs: [0],
  outputs: [0],
  gradients: (c) => [
    () => {
      const chosen = castTo(equal(c.input(0), repeated(c, c.output(0))), 'float32');
      const { outer, extent, inner } = c.attributes;
      const count = sum(reshape(chosen, [outer, extent, inner]), 1);
      return mul(chosen, repeated(c, div(reshape(c.dy, [outer, inner]), count)));
    },
  ],
};

/** The derivative by an element is the product of those before it times the product of those after it. Nothing is divided, so zeros are no special case. */
const prodGradient: GradientRule<KernelAttributes['reduce']> = {
  inputs: [0],
  gradients: (c) => [
    () => {
      const { outer, extent, inner } = c.attributes;
      const x = reshape(c.input(0), [outer, extent, inner]);
      const before = x.cumprod(1, true, false);
      const behind = x.cumprod(1, true, true);
      return mul(reshape(mul(before, behind), c.inputShape(0) as number[]), repeated(c, c.dy));
    },
  ],
};

const rules: Record<ReductionName, GradientRule<KernelAttributes['reduce']> | null> = {
  sum: sumGradient,
  mean: meanGradient,
  max: extremumGradient,
  min: extremumGradient,
  prod: prodGradient,
  all: null,
  any: null,
};

/** The shape of a reduction's result. */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  if (keepDims) return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** An op that reduces some axes, or all of them. */
export interface ReduceOp {
  /** All axes: the result is a scalar. */
  (x: TensorInput, axis?: null, keepDims?: false): Scalar;
  /** One axis, which is removed. */
  <R extends Rank, T extends Tensor = Tensor<RankBelow<R>>>(x: Tensor<R>, axis: number, keepDims?: false): T;
  /** Axes that are kept, with extent 1. */
  <R extends Rank>(x: Tensor<R>, axis: number | number[] | null | undefined, keepDims: true): Tensor<R>;
  /** Any axes. Name the type of the result, as in `sum<Tensor1D>(x, 0)`; otherwise it is a `Tensor`. */
  <T extends Tensor = Tensor>(x: TensorInput, axis?: number | number[] | null, keepDims?: boolean): T;
}

function reduction(name: ReductionName, dtypeOf: (dtype: DataType) => DataType): ReduceOp {
  return op(name, (given: TensorInput, axis?: number | number[] | null, keepDims = false) => {
    const input = asTensor(name, 'x', given, name === 'all' || name === 'any' ? 'bool' : undefined);
    if ((name === 'all' || name === 'any') && input.dtype !== 'bool') {
      throw new Error(`${name}: argument 'x' is ${input.dtype}; wanted bool`);
    }
    const dtype = dtypeOf(input.dtype);
    const axes = normalizeAxes(name, axis, input.rank);
    const typed = dtype === 'bool' ? input : castTo(input, dtype);
    const { x, view } = asAxisView(typed, axes);
    const shape = reducedShape(typed.shape, axes, keepDims);
    return dispatchOne(name, 'reduce', [x], shape, dtype, { name, ...view }, rules[name]);
  }) as unknown as ReduceOp;
}

/**
 * The sum over one axis, several axes, or all elements. int32 gives int32, and so does bool.
 *
 * @param axis an axis or a list of axes; negative counts from the end. All axes when left out
 * @param keepDims keeps the reduced axes, with extent 1
 * @throws when there is no such axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.sum([[1, 2], [3, 4]], 0).print(); // 4, 6
 * ```
 */
export const sum = reduction('sum', sumType);
/**
 * The mean, in float32. The mean of no elements is NaN. See {@link sum} for the arguments.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor2d([[1, 5], [4, 2]]).mean(0).print()); // 2.5, 3.5
 * ```
 */
export const mean = reduction('mean', () => 'float32');
/**
 * The product; 1 for no elements. See {@link sum} for the arguments.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor2d([[1, 5], [4, 2]]).prod(1).print()); // 5, 8
 * ```
 */
export const prod = reduction('prod', sumType);
/**
 * The greatest element; NaN if any element is NaN. See {@link sum} for the arguments.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor2d([[1, 5], [4, 2]]).max(1).print()); // 5, 4
 * ```
 */
export const max = reduction('max', sumType);
/**
 * The least element; NaN if any element is NaN. See {@link sum} for the arguments.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor2d([[1, 5], [4, 2]]).min(1).print()); // 1, 2
 * ```
 */
export const min = reduction('min', sumType);
/**
 * Whether all elements are true, as bool. See {@link sum} for the arguments.
 *
 * @throws unless x is bool
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.all([[true, false], [true, true]], 1).print()); // false, true
 * ```
 */
export const all = reduction('all', () => 'bool');
/**
 * Whether any element is true, as bool. See {@link sum} for the arguments.
 *
 * @throws unless x is bool
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.any([[true, false], [false, false]], 1).print()); // true, false
 * ```
 */
export const any = reduction('any', () => 'bool');

/** An op that finds an index along an axis. */
export interface ArgReduceOp {
  /** Of a tensor of known rank: the axis is removed. */
  <R extends Rank, T extends Tensor = Tensor<RankBelow<R>>>(x: Tensor<R>, axis?: number): T;
  /** Of plain values, or where the type of the result is named, as in `argMax<Tensor1D>(x)`. */
  <T extends Tensor = Tensor>(x: TensorInput, axis?: number): T;
}

function argReduction(name: 'argMax' | 'argMin'): ArgReduceOp {
  return op(name, (given: TensorInput, axis = 0) => {
    const x = asTensor(name, 'x', given);
    const along = normalizeAxis(name, axis, x.rank);
    if (x.shape[along] === 0) {
      throw new Error(
        `${name}: argument 'x' has shape [${x.shape.join(',')}], so axis ${along} is empty; wanted at least one element`,
      );
    }
    const { view } = asAxisView(x, [along]);
    return dispatchOne(name, 'argReduce', [x], reducedShape(x.shape, [along], false), 'int32', {
      name,
      ...view,
    });
  });
}

/**
 * The index of the greatest element along an axis (0 by default), as int32; the first of equals. The axis is removed.
 *
 * @throws when the axis is empty
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor2d([[1, 5], [4, 2]]).argMax(1).print()); // 1, 0
 * ```
 */
export const argMax = argReduction('argMax');
/**
 * The index of the least element along an axis (0 by default), as int32; the first of equals. The axis is removed.
 *
 * @throws when the axis is empty
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor2d([[1, 5], [4, 2]]).argMin(1).print()); // 0, 1
 * ```
 */
export const argMin = argReduction('argMin');

/**
 * log Σ eˣ over the axes, in float32 and without overflow. See {@link sum} for the arguments. If there are no elements, or all are −∞, it is
 * −∞ with gradient 0. If an element is +∞, it is +∞, and the gradient of that element is NaN, as from {@link softmax}.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 0]).logSumExp().print()); // 0.6931
 * ```
 */
export const logSumExp = op(
  'logSumExp',
  function logSumExp(x: TensorInput, axis?: number | number[] | null, keepDims = false): Tensor {
    const given = asTensor('logSumExp', 'x', x);
    const axes = normalizeAxes('logSumExp', axis, given.rank);
    const value = castTo(given, 'float32');
    // The result does not depend on the shift, so no gradient flows through it. An infinite shift would give ∞ − ∞ = NaN.
    const shift = withoutTaping(() => {
      const greatest = max(value, axes, true);
      return where(isFinite(greatest), greatest, 0);
    });
    const total = sum(exp(value.sub(shift)), axes, true);
    // The derivative of log is infinite at 0; times e^−∞ = 0 it would be NaN. So the logarithm of 0 is not taken.
    const isNothing = equal(total, 0);
    const result = where(isNothing, -Infinity, log(where(isNothing, 1, total)).add(shift));
    return reshape(result, reducedShape(value.shape, axes, keepDims));
  },
) as ReduceOp;

/**
 * A number near the mean: the mean with its rounding error, or 0 if that is not finite. The moments do not depend on it, so no gradient
 * flows through it.
 */
function nearMean(x: Tensor, axes: readonly number[]): Tensor {
  return withoutTaping(() => {
    const found = mean(x, [...axes], true);
    return where(isFinite(found), found, scalar(0));
  });
}

/** The type of {@link moments}. */
export interface MomentsOp {
  /** Over all elements. */
  (x: TensorInput, axis?: null, keepDims?: false): { mean: Scalar; variance: Scalar };
  /** Over some axes, or with axes that are kept. */
  (x: TensorInput, axis?: number | number[] | null, keepDims?: boolean): { mean: Tensor; variance: Tensor };
}

/**
 * The mean and the population variance over the axes, in float32. See {@link sum} for the arguments.
 *
 * A number near the mean is subtracted from x first (Chan, Golub & LeVeque, "Algorithms for computing the sample variance", 1983).
 * Otherwise, for values far from zero, the rounding error of the sum could exceed the variance.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const { mean, variance } = dl.moments([1, 2, 3, 4]);
 * mean.print(); // 2.5
 * variance.print(); // 1.25
 * ```
 */
export const moments = op(
  'moments',
  function moments(
    x: TensorInput,
    axis?: number | number[] | null,
    keepDims = false,
  ): { mean: Tensor; variance: Tensor } {
    const given = asTensor('moments', 'x', x);
    const axes = normalizeAxes('moments', axis, given.rank);
    const value = castTo(given, 'float32');
    const near = nearMean(value, axes);
    const apart = value.sub(near);
    const rest = mean(apart, axes, true);
    const variance = mean(apart.sub(rest).square(), axes, keepDims);
    return { mean: reshape(add(near, rest), variance.shape), variance };
  },
) as MomentsOp;
