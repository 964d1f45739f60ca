import type { Operand, Program, Step } from '../program';
import { mayBeReplaced, productsOfOneReader, writersOfSlots } from '../slot-uses';

/** Whether an operand has one element for each column of a product, or channel of a convolution. */
function isRow({ shape }: Operand, columns: number): boolean {
  return shape.at(-1) === columns && shape.slice(0, -1).every((extent) => extent === 1);
}

/**
 * Lets matrix products and convolutions add a bias, if the addition is the only step to read their result. A product begins its sums with
 * the bias, where the addition comes last: the result may differ in its last bits.
 */
export function withBiasesInProducts(program: Program): Program {
  const { slots } = program;
  const writers = writersOfSlots(program);
  const productBefore = productsOfOneReader(program);
  const steps: (Step | null)[] = [...program.steps];
  program.steps.forEach((step, i) => {
    if (step.kernel !== 'binary' || (step as Step<'binary'>).attributes.name !== 'add') return;
    const output = step.outputs[0]!;
    for (const [result, bias] of [step.inputs, [...step.inputs].reverse()] as [Operand, Operand][]) {
      const found = productBefore(steps, result, output);
      if (found?.product.inputs.length !== 2) continue;
      const { product, position } = found;
      const { shape, slot } = product.outputs[0]!;
      const columns = shape.at(-1)!;
      if (slots[slot]!.size !== slots[output.slot]!.size) continue;
      // The bias must be there when the product runs, and last in the shape of the sum too.
      if (!isRow(bias, columns) || output.shape.at(-1) !== columns || mayBeReplaced(program, bias)) continue;
      if ((writers[bias.slot] ?? -1) > position) continue;
      steps[position] = {
        ...product,
        inputs: [...product.inputs, { slot: bias.slot, shape: [columns] }],
        outputs: [{ slot: output.slot, shape }],
      };
      steps[i] = null;
      return;
    }
  });
  return { ...program, steps: steps.filter((step) => step !== null) };
}
