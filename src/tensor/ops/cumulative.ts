import { sizeOf, type KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { sumType } from '../dtype';
import { op } from '../op';
import { normalizeAxis } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { mul } from './arithmetic';
import { castTo } from './cast';
import { previous, recurrence } from './recurrence';
import type { KeepsRank } from './keeps-rank';

type ScanAttributes = KernelAttributes['scan'];

/** The gradient of a running sum is the running sum of dy from the other end. */
const sumRule: GradientRule<ScanAttributes> = {
  gradients: (c) => [
    () => scan('cumsum', c.dy, { ...c.attributes, reverse: !c.attributes.reverse }, sumRule),
  ],
};

/**
 * The running product is yₖ = x₀·…·xₖ, so dxᵢ = (x₀·…·xᵢ₋₁) · Σ dyₖ·(xᵢ₊₁·…·xₖ) over k ≥ i. The sum is a recurrence that runs from
 * the last element to the first. Nothing is divided by x, so zeros in x are no special case.
 */
const productRule: GradientRule<ScanAttributes> = {
  inputs: [0],
  outputs: [0],
  gradients: (c) => [
    () => {
      const { exclusive, reverse, ...along } = c.attributes;
      const x = c.input(0);
      const sums = recurrence(c.dy, x, {
        ...along,
        factor: exclusive ? 'own' : 'previous',
        reverse: !reverse,
      });
      // An exclusive product at i does not contain xᵢ, so the sum begins one element later.
      return exclusive
        ? mul(c.output(0), previous(sums, { ...along, reverse: !reverse }))
        : mul(scan('cumprod', x, { ...c.attributes, exclusive: true }, productRule), sums);
    },
  ],
};

function scan(
  name: string,
  x: Tensor,
  attributes: ScanAttributes,
  rule: GradientRule<ScanAttributes>,
): Tensor {
  return dispatchOne(name, 'scan', [x], x.shape, x.dtype, attributes, rule);
}

/** An op that makes a running sum or product along one axis. */
export type CumulativeOp = KeepsRank<Tensor, [axis?: number, exclusive?: boolean, reverse?: boolean]>;

function cumulative(
  name: 'cumsum' | 'cumprod',
  row: 'sum' | 'prod',
  rule: GradientRule<ScanAttributes>,
): CumulativeOp {
  return op(name, (x: TensorInput, axis = 0, exclusive = false, reverse = false): Tensor => {
    const given = asTensor(name, 'x', x);
    const along = normalizeAxis(name, axis, given.rank);
    const value = castTo(given, sumType(given.dtype));
    const attributes = {
      name: row,
      exclusive,
      reverse,
      outer: sizeOf(value.shape.slice(0, along)),
      extent: value.shape[along]!,
      inner: sizeOf(value.shape.slice(along + 1)),
    };
    return scan(name, value, attributes, rule);
  });
}

/**
 * Running sums along an axis: each element is replaced by the sum of all elements up to it. bool is counted as int32.
 *
 * @param axis 0 by default; negative counts from the end
 * @param exclusive leaves the element itself out of its sum, so that the first sum is 0
 * @param reverse starts at the end of the axis
 * @throws when there is no such axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.cumsum([1, 2, 3]).print(); // 1, 3, 6
 * ```
 */
export const cumsum = cumulative('cumsum', 'sum', sumRule);
/**
 * Running products along an axis. See {@link cumsum} for the arguments; the first product of an exclusive one is 1.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2, 3]).cumprod().print()); // 1, 2, 6
 * ```
 */
export const cumprod = cumulative('cumprod', 'prod', productRule);
