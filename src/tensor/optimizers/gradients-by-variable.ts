import { described, wrongArgument } from '../argument';
import { perhapsCopies } from '../../kernels';
import { isTensor } from '../container';
import type { NamedTensorMap } from '../gradients';
import { formatShape } from '../shape';
import type { Tensor } from '../tensor';
import { assertTensor } from '../tensor-like';
import { variableNamed, type Variable } from '../variable';

/** Gradients by the names of their variables, in one of two forms. */
export type NamedGradients = NamedTensorMap | readonly { readonly name: string; readonly tensor: Tensor }[];

/**
 * The gradients that `applyGradients` was given, by variable.
 *
 * @throws unless each name is that of a living variable, once, and each gradient is float32 of its variable's shape
 */
export function gradientsByVariable(gradients: NamedGradients): Map<Variable, Tensor> {
  if (typeof gradients !== 'object' || (gradients as unknown) === null) {
    throw wrongArgument(
      'applyGradients',
      'gradients',
      gradients,
      'gradients by the names of their variables',
    );
  }
  const pairs: [string, Tensor][] = Array.isArray(gradients)
    ? (gradients as readonly { name: string; tensor: Tensor }[]).map(({ name, tensor }) => [name, tensor])
    : Object.entries(gradients as NamedTensorMap);
  const gradientOf = new Map<Variable, Tensor>();
  for (const [name, gradient] of pairs) {
    const target = variableNamed(name);
    if (!target || gradientOf.has(target)) {
      const wanted = target ? 'each variable once' : 'names of living variables';
      throw new Error(
        `applyGradients: argument 'gradients' names '${name}'; wanted ${wanted}${perhapsCopies()}`,
      );
    }
    checkGradient(target, gradient);
    gradientOf.set(target, gradient);
  }
  return gradientOf;
}

function checkGradient(target: Variable, gradient: unknown): asserts gradient is Tensor {
  if (!isTensor(gradient)) {
    throw new Error(
      `applyGradients: argument 'gradients' holds ${described(gradient)} for '${target.name}'; wanted a tensor`,
    );
  }
  gradient.assertUsable('applyGradients', 'gradients');
  assertOfShape('applyGradients', 'gradients', target.name, gradient, target);
}

/** @throws unless the tensor is float32 of the shape of that variable */
export function assertOfShape(
  op: string,
  argument: string,
  name: string,
  found: Tensor,
  { shape }: Variable,
): void {
  if (found.dtype === 'float32' && formatShape(found.shape) === formatShape(shape)) return;
  throw new Error(
    `${op}: argument '${argument}' holds ${found.dtype} of shape ${formatShape(found.shape)} for '${name}'; ` +
      `wanted float32 of shape ${formatShape(shape)}`,
  );
}

/** @throws unless it is a scalar of bool */
export function assertCondition(condition: unknown): void {
  assertTensor('applyGradients', 'onlyIf', condition);
  const { dtype, shape } = condition;
  if (dtype === 'bool' && shape.length === 0) return;
  throw new Error(
    `applyGradients: argument 'onlyIf' is ${dtype} of shape ${formatShape(shape)}; wanted a scalar of bool`,
  );
}
