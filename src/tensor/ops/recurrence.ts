import type { AxisView, KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { mul } from './arithmetic';
import { pad } from './pad';
import { reshape } from './reshape';
import { slice } from './slice';

type RecurrenceAttributes = KernelAttributes['recurrence'];

/** The attributes of the gradient, which is a recurrence in the opposite direction. There each step uses the factor of the other end of the same step. */
function adjoint(attributes: RecurrenceAttributes): RecurrenceAttributes {
  return {
    ...attributes,
    factor: attributes.factor === 'own' ? 'previous' : 'own',
    reverse: !attributes.reverse,
  };
}

const rule: GradientRule<RecurrenceAttributes> = {
  inputs: [1],
  outputs: [0],
  gradients: (c) => {
    const toTerms = (): Tensor => recurrence(c.dy, c.input(1), adjoint(c.attributes));
    return [
      toTerms,
      () =>
        c.attributes.factor === 'own'
          ? mul(toTerms(), previous(c.output(0), c.attributes))
          : mul(previous(toTerms(), adjoint(c.attributes)), c.output(0)),
    ];
  },
};

/**
 * The recurrence sᵢ = termsᵢ + f·sᵢ₋₁ along an axis, where the factor f is factorsᵢ ('own') or factorsᵢ₋₁ ('previous'). The gradient of a
 * running product needs it. Both inputs are float32 and of one shape.
 */
export function recurrence(terms: Tensor, factors: Tensor, attributes: RecurrenceAttributes): Tensor {
  return dispatchOne(
    'recurrence',
    'recurrence',
    [terms, factors],
    terms.shape,
    terms.dtype,
    attributes,
    rule,
  );
}

/** Shifts x by one along an axis: each element becomes its predecessor, the first becomes 0. `reverse` shifts the other way. */
export function previous(
  x: Tensor,
  { outer, extent, inner, reverse }: AxisView & { readonly reverse: boolean },
): Tensor {
  if (x.size === 0) return x;
  const kept = slice(reshape(x, [outer, extent, inner]), [0, reverse ? 1 : 0, 0], [outer, extent - 1, inner]);
  const moved = pad(kept, [
    [0, 0],
    [reverse ? 0 : 1, reverse ? 1 : 0],
    [0, 0],
  ]);
  return reshape(moved, [...x.shape]);
}
