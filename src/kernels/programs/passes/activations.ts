import type { Program, Step } from '../program';
import { productsOfOneReader } from '../slot-uses';

/** Activations that a product applies as it stores: they only clamp, so that it does not matter whether they see a sum before or after rounding. */
const clamps: ReadonlySet<string> = new Set(['relu', 'relu6']);

/** Lets matrix products and convolutions apply a relu or relu6 that is the only step to read their result. */
export function withActivationsInProducts(program: Program): Program {
  const productBefore = productsOfOneReader(program);
  const steps: (Step | null)[] = [...program.steps];
  program.steps.forEach((step, i) => {
    if (step.kernel !== 'unary' || step.varying !== undefined) return;
    const { name } = (step as Step<'unary'>).attributes;
    const output = step.outputs[0]!;
    const found = clamps.has(name) ? productBefore(steps, step.inputs[0]!, output) : null;
    if (!found) return;
    const { product, position } = found;
    steps[position] = {
      ...product,
      attributes: { ...product.attributes, activation: name },
      outputs: [{ slot: output.slot, shape: product.outputs[0]!.shape }],
    };
    steps[i] = null;
  });
  return { ...program, steps: steps.filter((step) => step !== null) };
}
