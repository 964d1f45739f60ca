import { assertFunction, described, wrongArgument } from './argument';
import { backpropagate } from './backpropagation';
import { isPromise } from './container';
import { setOwn } from './own-property';
import { openFrame } from './extent';
import { tidy, tidyTaped } from './scope';
import { formatShape } from './shape';
import { watch, type TapeNode } from './tape';
import { Tensor, type Scalar } from './tensor';
import { asTensor, type TensorInput } from './tensor-like';
import { livingVariables, Variable } from './variable';

/** Tensors by name, such as gradients by the names of their variables. */
export type NamedTensorMap = Record<string, Tensor>;

/** @throws unless y is a tensor */
export function assertResult(caller: string, y: unknown): asserts y is Tensor {
  if (y instanceof Tensor) return;
  const found = isPromise(y)
    ? 'a promise'
    : y === undefined
      ? 'nothing'
      : typeof y === 'object'
        ? described(y)
        : typeof y;
  throw new Error(`${caller}: the function 'f' returned ${found}; wanted a tensor`);
}

/** The value of f, and its gradients with respect to the tensors `watched`, which are watched while f runs. */
function differentiate(
  caller: string,
  f: () => Tensor,
  watched: readonly Tensor[],
  dy: Tensor | null,
): { value: Tensor; grads: Tensor[] } {
  const differentiable = openFrame() !== null;
  const edges = watched.map(({ edge }) => edge);
  return tidyTaped(caller, false, () => {
    try {
      const nodes = watched.map((x) => watch(x));
      const value: unknown = f();
      assertResult(caller, value);
      if (dy && formatShape(dy.shape) !== formatShape(value.shape)) {
        throw new Error(
          `${caller}: argument 'dy' has shape ${formatShape(dy.shape)}; ` +
            `wanted ${formatShape(value.shape)}, as the function's result`,
        );
      }
      const grads = backpropagate(value, nodes, dy, { caller, differentiable, consume: false });
      const missing = grads.findIndex((each) => each === null);
      if (missing >= 0) {
        throw new Error(
          `${caller}: the result of 'f' does not depend on its argument ${missing} (by differentiable ops); ` +
            'wanted a function of all arguments',
        );
      }
      return { value, grads: grads as Tensor[] };
    } finally {
      // Only assignments: after a stack overflow a call would fail. A disposed tensor has no edge.
      for (let i = 0; i < watched.length; i++) {
        const x = watched[i]!;
        x.edge = x.edge && edges[i]!;
      }
    }
  });
}

function floats(caller: string, argument: string, value: TensorInput): Tensor {
  const x = asTensor(caller, argument, value, 'float32');
  if (x.dtype !== 'float32')
    throw new Error(`${caller}: argument '${argument}' is ${x.dtype}; wanted float32`);
  return x;
}

/**
 * The gradient function of f: (x, dy?) ↦ dy·∂f/∂x, in x's shape. `dy` has the shape of f's result, and weighs its elements
 * (ones by default). May be nested: `grad(grad(f))` is the second derivative.
 *
 * @returns a function that throws when f does not return a tensor, or its result does not depend on x
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const slope = dl.grad((x) => x.square());
 * slope(dl.scalar(3)).print(); // 6
 * ```
 */
export function grad(f: (x: Tensor) => Tensor): (x: TensorInput, dy?: TensorInput | null) => Tensor {
  assertFunction('grad', 'f', f);
  return (x, dy) =>
    tidy('grad', () => {
      const at = floats('grad', 'x', x);
      const weight = dy === undefined || dy === null ? null : floats('grad', 'dy', dy);
      return differentiate('grad', () => f(at), [at], weight).grads[0]!;
    });
}

/**
 * As {@link grad}, for a function of several tensors: (args, dy?) ↦ an array with the gradient for each argument.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const g = dl.grads((a, b) => a.mul(b));
 * const [da, db] = g([dl.scalar(2), dl.scalar(3)]); // 3 and 2
 * ```
 */
export function grads(f: (...args: Tensor[]) => Tensor): (args: TensorInput[], dy?: TensorInput) => Tensor[] {
  assertFunction('grads', 'f', f);
  return (args, dy) => tidy('grads', () => valuesAndGradients('grads', f, args, dy).grads);
}

/**
 * As {@link grad}, with f's value: (x, dy?) ↦ {value, grad}.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const { value, grad } = dl.valueAndGrad((x) => x.square())(dl.scalar(3)); // 9 and 6
 * ```
 */
export function valueAndGrad<O extends Tensor>(
  f: (x: Tensor) => O,
): (x: TensorInput, dy?: TensorInput) => { value: O; grad: Tensor } {
  assertFunction('valueAndGrad', 'f', f);
  return (x, dy) =>
    tidy('valueAndGrad', () => {
      const { value, grads } = valuesAndGradients('valueAndGrad', f, [x], dy, ['x']);
      return { value: value as O, grad: grads[0]! };
    });
}

/**
 * As {@link grads}, with f's value: (args, dy?) ↦ {value, grads}.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const f = dl.valueAndGrads((a, b) => a.mul(b));
 * const { value, grads } = f([dl.scalar(2), dl.scalar(3)]); // 6, and [3, 2]
 * ```
 */
export function valueAndGrads<O extends Tensor>(
  f: (...args: Tensor[]) => O,
): (args: TensorInput[], dy?: TensorInput) => { value: O; grads: Tensor[] } {
  assertFunction('valueAndGrads', 'f', f);
  return (args, dy) =>
    tidy('valueAndGrads', () => {
      const { value, grads } = valuesAndGradients('valueAndGrads', f, args, dy);
      return { value: value as O, grads };
    });
}

function valuesAndGradients(
  caller: string,
  f: (...args: Tensor[]) => Tensor,
  args: readonly TensorInput[],
  dy: TensorInput | null | undefined,
  names?: readonly string[],
): { value: Tensor; grads: Tensor[] } {
  if (!Array.isArray(args)) throw wrongArgument(caller, 'args', args, 'an array of tensors');
  const at: Tensor[] = [];
  args.forEach((given: TensorInput, i) => {
    const x = floats(caller, names?.[i] ?? `args[${i}]`, given);
    // If one tensor is given twice, the second argument is a clone, to be watched separately.
    at.push(at.includes(x) ? x.clone() : x);
  });
  const weight = dy === undefined || dy === null ? null : floats(caller, 'dy', dy);
  return differentiate(caller, () => f(...at), at, weight);
}

/** The trainable variables in `varList`, or all living ones if it is left out. */
function trainableVariables(caller: string, varList: readonly Variable[] | null | undefined): Variable[] {
  if (varList === undefined || varList === null) return livingVariables().filter((each) => each.trainable);
  if (!Array.isArray(varList)) throw wrongArgument(caller, 'varList', varList, 'an array of variables');
  for (const each of varList as readonly unknown[]) {
    if (!(each instanceof Variable)) {
      throw new Error(`${caller}: argument 'varList' holds ${described(each)}; wanted variables`);
    }
    each.assertUsable(caller, 'varList');
  }
  const trainable = (varList as readonly Variable[]).filter((each) => each.trainable);
  if (varList.length > 0 && trainable.length === 0) {
    throw new Error(
      `${caller}: argument 'varList' holds ${varList.length} variables; wanted at least one that is trainable`,
    );
  }
  return trainable;
}

/**
 * The value of a scalar function of variables, and its gradient with respect to each variable that it depends on, by variable name.
 *
 * @param f computes the loss, a scalar
 * @param varList the variables to differentiate by; all trainable variables by default
 * @throws when f does not return a scalar, or the result depends on none of the variables
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const w = dl.variable(3, true, 'w');
 * dl.tidy(() => {
 *   const { value, grads } = dl.variableGrads(() => w.square().asScalar());
 *   console.log(value.dataSync()[0], grads['w']!.dataSync()[0]); // 9 6
 * });
 * w.dispose();
 * ```
 */
export function variableGrads(
  f: () => Scalar,
  varList?: Variable[],
): { value: Scalar; grads: NamedTensorMap } {
  return gradientsOfVariables('variableGrads', f, varList);
}

/** {@link variableGrads}, with the name of the calling function for error messages. */
export function gradientsOfVariables(
  caller: string,
  f: () => Scalar,
  varList?: Variable[],
): { value: Scalar; grads: NamedTensorMap } {
  assertFunction(caller, 'f', f);
  const differentiable = openFrame() !== null;
  return tidyTaped(caller, true, () => {
    const value: unknown = f();
    assertLoss(caller, value);
    const grads = lossGradients(caller, value, varList, { differentiable, consume: false });
    return { value: value as Scalar, grads };
  });
}

/** @throws unless it is a scalar tensor */
export function assertLoss(caller: string, loss: unknown): asserts loss is Tensor {
  assertResult(caller, loss);
  loss.assertUsable(caller, 'loss');
  if (loss.size !== 1 || loss.rank !== 0) {
    throw new Error(
      `${caller}: the loss has shape ${formatShape(loss.shape)}; wanted a scalar (take its mean or sum)`,
    );
  }
}

/**
 * The gradients of a loss that has been taped, by variable name.
 *
 * @throws when the loss depends on none of the variables
 */
export function lossGradients(
  caller: string,
  loss: Tensor,
  varList: readonly Variable[] | undefined,
  options: { readonly differentiable: boolean; readonly consume: boolean },
): NamedTensorMap {
  const variables = trainableVariables(caller, varList);
  const targets = variables.map((each) => (each.edge as { node: TapeNode }).node);
  const found = backpropagate(loss, targets, null, { caller, ...options });
  const grads: NamedTensorMap = {};
  variables.forEach((each, i) => {
    const gradient = found[i];
    if (gradient) setOwn(grads, each.name, gradient);
  });
  if (Object.keys(grads).length === 0) {
    throw new Error(
      `${caller}: the loss depends on none of the ${variables.length} trainable variables; ` +
        'wanted a loss computed from at least one, by differentiable ops, where it is taped',
    );
  }
  return grads;
}
