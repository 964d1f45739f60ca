import type { Operand, Program, Step } from '../program';
import { keptSlots, mayBeReplaced, readsOfSlots, writersOfSlots } from '../slot-uses';

type Product = Step<'matMul' | 'conv2d'>;

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
  const reads = readsOfSlots(program);
  const writers = writersOfSlots(program);
  const kept = keptSlots(program);
  const updated = new Set(program.updates.map(({ slot }) => slot));
  const steps: (Step | null)[] = [...program.steps];
  program.steps.forEach((step, i) => {
    if (step.kernel !== 'binary' || (step as Step<'binary'>).attributes.name !== 'add') return;
    const output = step.outputs[0]!;
    for (const [own, other] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const [result, bias] = [step.inputs[own]!, step.inputs[other]!];
      const writer = writers[result.slot];
      const product = (writer === undefined ? undefined : steps[writer]) as Product | null | undefined;
      if (product?.kernel !== 'matMul' && product?.kernel !== 'conv2d') continue;
      const { shape, slot } = product.outputs[0]!;
      const columns = shape.at(-1)!;
      const isPlain = product.attributes.activation === 'linear' && product.inputs.length === 2;
      if (!isPlain || slots[slot]!.dtype !== 'float32' || slots[slot]!.size !== slots[output.slot]!.size)
        continue;
      if (reads[slot] !== 1 || kept.has(slot) || updated.has(output.slot)) continue;
      // The bias must be there when the product runs, and last in the shape of the sum too.
      const biasWriter = writers[bias.slot] ?? -1;
      if (!isRow(bias, columns) || output.shape.at(-1) !== columns || mayBeReplaced(program, bias)) continue;
      if (biasWriter > writer!) continue;
      steps[writer!] = {
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
