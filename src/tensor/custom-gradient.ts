import { assertFunction } from './argument';
import { withoutTaping } from './extent';
import { assertResult } from './gradients';
import { tidy } from './scope';
import { addToTape } from './tape';
import type { Tensor } from './tensor';
import { asTensor, type TensorInput } from './tensor-like';

/** Remembers a tensor for the gradient function of {@link customGrad}. */
export type GradSaveFunc = (tensors: Tensor[]) => void;

/** What the function given to {@link customGrad} returns. */
export interface CustomGradient {
  /** The result of the function. */
  readonly value: Tensor;
  /** From the gradient of the value (and what was saved) to the gradient of each input. */
  readonly gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[];
}

/**
 * A function with a gradient of its own instead of that of the ops it is made of: to make it stable, cheaper, or another one.
 *
 * @param f takes the inputs and, last, a function that saves tensors for the gradient
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
      // A handle of its own, since f may return one of its inputs or a tensor that others hold.
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
  // What is saved goes in as further inputs without a gradient (the result itself as a saved output), so that a second
  // derivative flows through it too.
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
