import { assertFunction } from './argument';
import { withoutTaping } from './extent';
import { assertResult } from './gradients';
import { tidy } from './scope';
import { addToTape } from './tape';
import type { Tensor } from './tensor';
import { asTensor, type TensorInput } from './tensor-like';

/** Saves tensors for the gradient function of {@link customGrad}. */
export type GradSaveFunc = (tensors: Tensor[]) => void;

/** What the function given to {@link customGrad} returns. */
export interface CustomGradient {
  /** The result of the function. */
  readonly value: Tensor;
  /** Computes the gradient for each input, in the input's shape, from the gradient for `value` and the saved tensors. */
  readonly gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[];
}

/**
 * Makes a function with a custom gradient, which replaces the gradients of its ops: to make it stable, faster, or different.
 *
 * @param f the function. It gets the inputs and, as last argument, a function that saves tensors for the gradient
 * @returns a function of the inputs that returns `value`. It throws when `f` does not return a tensor as `value` and a function as `gradFunc`
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * // passes the gradient on unchanged
 * const roundStraightThrough = dl.customGrad((x) => ({
 *   value: (x as dl.Tensor).round(),
 *   gradFunc: (dy) => dy,
 * }));
 * dl.grad((x) => roundStraightThrough(x))(dl.tensor1d([0.3, 1.7])).print(); // 1, 1
 * ```
 */
export function customGrad(
  f: (...inputsAndSave: (Tensor | GradSaveFunc)[]) => CustomGradient,
): (...args: TensorInput[]) => Tensor {
  assertFunction('customGrad', 'f', f);
  return (...args) =>
    tidy('customGrad', () => {
      const inputs = args.map((x, i) => asTensor('customGrad', `args[${i}]`, x));
      const saved: Tensor[] = [];
      const result = withoutTaping(() => f(...inputs, (tensors: Tensor[]) => saved.push(...tensors)));
      assertResult('customGrad', result?.value);
      assertFunction('customGrad', 'gradFunc', result.gradFunc);
      // A clone, since f may return one of its inputs or a tensor that others own.
      const value = withoutTaping(() => result.value.clone());
      tapeCustom(
        inputs,
        value,
        saved,
        saved.map((each) => each === result.value),
        result.gradFunc,
      );
      return value;
    });
}

function tapeCustom(
  inputs: Tensor[],
  value: Tensor,
  saved: Tensor[],
  isValue: boolean[],
  gradFunc: CustomGradient['gradFunc'],
): void {
  // Saved tensors become further inputs, without a gradient (the result itself a saved output), so that second derivatives
  // flow through them.
  addToTape('customGrad', [...inputs, ...saved], [value], undefined, {
    inputs: saved.map((_, i) => inputs.length + i),
    outputs: [0],
    gradients: (context) => {
      let gradients: Tensor[] | undefined;
      const all = (): Tensor[] => {
        if (gradients) return gradients;
        const kept = saved.map((_, i) => (isValue[i] ? context.output(0) : context.input(inputs.length + i)));
        const result = gradFunc(context.dy, kept);
        gradients = Array.isArray(result) ? result : [result];
        if (gradients.length !== inputs.length) {
          throw new Error(
            `customGrad: the function 'gradFunc' returned ${gradients.length} gradients; ` +
              `wanted ${inputs.length}, one for each input`,
          );
        }
        return gradients;
      };
      return inputs.map((_, i) => () => all()[i]!);
    },
  });
}
