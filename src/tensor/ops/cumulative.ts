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

type ScanAttributes = KernelAttributes['scan'];

/** The adjoint of a running sum is the running sum from the other end. */
const sumRule: GradientRule<ScanAttributes> = {
  gradients: (c) => [
    () => scan('cumsum', c.dy, { ...c.attributes, reverse: !c.attributes.reverse }, sumRule),
  ],
};

/**
 * With y the running product, dxᵢ is the product of all before i times the sum, from i on, of each dy times the product of what lies
 * between: a recurrence that begins at the other end. Nothing is divided, so zeros need no care.
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
      // The running product without the element itself has no part in its own factor.
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

/** A running sum or product along one axis. */
export type CumulativeOp = <T extends Tensor>(
  x: T | TensorInput,
  axis?: number,
  exclusive?: boolean,
  reverse?: boolean,
) => T;

function cumulative(
  name: 'cumsum' | 'cumprod',
  row: 'sum' | 'prod',
  rule: GradientRule<ScanAttributes>,
): CumulativeOp {
  return op(name, <T extends Tensor>(x: T | TensorInput, axis = 0, exclusive = false, reverse = false): T => {
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
    return scan(name, value, attributes, rule) as T;
  });
}

/**
 * The sums of all elements up to each, along an axis.
 *
 * @param exclusive leaves out the element itself, so that the first sum is 0
 * @param reverse begins at the end of the axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.cumsum([1, 2, 3]).print(); // 1, 3, 6
 * ```
 */
export const cumsum = cumulative('cumsum', 'sum', sumRule);
/** The products of all elements up to each, along an axis. See {@link cumsum} for the arguments. */
export const cumprod = cumulative('cumprod', 'prod', productRule);
