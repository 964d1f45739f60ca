import type { DataType, KernelAttributes, ReductionName } from '../../kernels';
import { withoutTaping } from '../extent';
import { dispatchOne } from '../dispatch';
import { sumType } from '../dtype';
import { normalizeAxes, normalizeAxis } from '../shape';
import { type GradientRule } from '../tape';
import type { Tensor } from '../tensor';
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

/** The gradient goes in equal parts to all elements that are the greatest (or least). */
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

/** Products of all other elements, so that zeros are handled: those before times those behind. */
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

/** The shape that is left. */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  if (keepDims) return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** A reduction over some axes, or all of them. */
export type ReduceOp = <T extends Tensor = Tensor>(
  x: TensorInput,
  axis?: number | number[] | null,
  keepDims?: boolean,
) => T;

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
 * The sum over an axis, several, or all of them. bool is counted as int32.
 *
 * @param axis counted from the end where negative
 * @param keepDims keeps the summed axes, with extent 1
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.sum([[1, 2], [3, 4]], 0).print(); // 4, 6
 * ```
 */
export const sum = reduction('sum', sumType);
/** The mean, as float32; NaN over no elements. See {@link sum} for the arguments. */
export const mean = reduction('mean', () => 'float32');
/** The product. See {@link sum} for the arguments. */
export const prod = reduction('prod', sumType);
/** The greatest; NaN where one of them is. See {@link sum} for the arguments. */
export const max = reduction('max', sumType);
/** The least; NaN where one of them is. See {@link sum} for the arguments. */
export const min = reduction('min', sumType);
/** Whether all hold. See {@link sum} for the arguments. @throws unless x is bool */
export const all = reduction('all', () => 'bool');
/** Whether one holds. See {@link sum} for the arguments. @throws unless x is bool */
export const any = reduction('any', () => 'bool');

/** An index along an axis. */
export type ArgReduceOp = <T extends Tensor = Tensor>(x: TensorInput, axis?: number) => T;

function argReduction(name: 'argMax' | 'argMin'): ArgReduceOp {
  return op(name, (given: TensorInput, axis = 0) => {
    const x = asTensor(name, 'x', given);
    const along = normalizeAxis(name, axis, x.rank);
    if (x.shape[along] === 0) {
      throw new Error(
        `${name}: argument 'x' has shape [${x.shape.join(',')}], axis ${along} is empty; wanted elements`,
      );
    }
    const { view } = asAxisView(x, [along]);
    return dispatchOne(name, 'argReduce', [x], reducedShape(x.shape, [along], false), 'int32', {
      name,
      ...view,
    });
  }) as unknown as ArgReduceOp;
}

/** Index of the greatest along an axis (0 by default), the first of equals, as int32. */
export const argMax = argReduction('argMax');
/** Index of the least along an axis (0 by default), the first of equals, as int32. */
export const argMin = argReduction('argMin');

/**
 * log Σ eˣ over the axes, without overflow. See {@link sum} for the arguments. Of nothing, and where all are −∞, it is −∞, and its
 * gradient 0; with +∞ it is ∞, and the gradient to that element is NaN, as {@link softmax} of it.
 */
export const logSumExp = op('logSumExp', function logSumExp<
  T extends Tensor = Tensor,
>(x: TensorInput, axis?: number | number[] | null, keepDims = false): T {
  const given = asTensor('logSumExp', 'x', x);
  const axes = normalizeAxes('logSumExp', axis, given.rank);
  const value = castTo(given, 'float32');
  // Any number may be subtracted and added again; of an infinite one, ∞ − ∞ would be left. It has no part in the gradient.
  const shift = withoutTaping(() => {
    const greatest = max(value, axes, true);
    return where(isFinite(greatest), greatest, 0);
  });
  const total = sum(exp(value.sub(shift)), axes, true);
  // The logarithm of 0 has an infinite derivative, which is not to meet the e^−∞ = 0 that it is the sum of.
  const isNothing = equal(total, 0);
  const result = where(isNothing, -Infinity, log(where(isNothing, 1, total)).add(shift));
  return reshape(result, reducedShape(value.shape, axes, keepDims)) as T;
});

/**
 * Any number near the mean: the mean as it comes out of one sum, or 0 where that is not finite. Moments do not depend on it, so no
 * gradient goes through it.
 */
function nearMean(x: Tensor, axes: readonly number[]): Tensor {
  return withoutTaping(() => {
    const found = mean(x, [...axes], true);
    return where(isFinite(found), found, scalar(0));
  });
}

/**
 * Mean and variance (of the population) over the axes. See {@link sum} for the arguments.
 *
 * Both are taken of the distances from a number near the mean (Chan, Golub & LeVeque, "Algorithms for computing the sample variance",
 * 1983): far from zero, the rounding of the sum would be greater than the variance.
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
);
