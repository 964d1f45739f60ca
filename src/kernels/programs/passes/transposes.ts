import type { Operand, Program, Step } from '../program';
import { mayBeReplaced, writersOfSlots } from '../slot-uses';

/** Whether a step swaps the last two axes of a matrix, or of each matrix of a batch. */
function swapsLastTwo(step: Step | undefined): step is Step<'transpose'> {
  if (step?.kernel !== 'transpose') return false;
  const { permutation } = (step as Step<'transpose'>).attributes;
  const last = permutation.length - 1;
  return (
    last >= 1 &&
    permutation.every((from, to) => from === (to === last ? last - 1 : to === last - 1 ? last : to))
  );
}

/** Whether an operand of a product has the matrices that the transpose gave: its last two axes are those of the transpose. */
function hasMatricesOf({ shape }: Operand, { outputs }: Step): boolean {
  const transposed = outputs[0]!.shape;
  return shape.at(-1) === transposed.at(-1) && shape.at(-2) === transposed.at(-2);
}

/**
 * Lets matrix products read an operand as it was before a transpose of its last two axes. A transpose that nobody else reads is then dead.
 *
 * @param operands which operands: that of the first changes no bit; with that of the second, the CPU adds up thin and deep products in
 *   another order
 */
export function withTransposesInProducts(program: Program, operands: 'first' | 'both'): Program {
  const writers = writersOfSlots(program);
  let changes = 0;
  const steps = program.steps.map((step) => {
    if (step.kernel !== 'matMul' || step.varying !== undefined) return step;
    const product = step as Step<'matMul'>;
    const [transposeA, transposeB] = [0, 1].map((operand) => {
      const transpose = program.steps[writers[product.inputs[operand]!.slot] ?? -1];
      const fits =
        (operand === 0 || operands === 'both') &&
        swapsLastTwo(transpose) &&
        hasMatricesOf(product.inputs[operand]!, transpose) &&
        !mayBeReplaced(program, transpose.inputs[0]!);
      return fits ? transpose.inputs[0]! : null;
    });
    if (!transposeA && !transposeB) return step;
    changes++;
    const read = (operand: Operand, source: Operand | null | undefined): Operand =>
      source
        ? {
            slot: source.slot,
            shape: [...operand.shape.slice(0, -2), operand.shape.at(-1)!, operand.shape.at(-2)!],
          }
        : operand;
    const [a, b, ...bias] = product.inputs as [Operand, Operand, ...Operand[]];
    return {
      ...product,
      inputs: [read(a, transposeA), read(b, transposeB), ...bias],
      attributes: {
        ...product.attributes,
        transposeA: product.attributes.transposeA !== Boolean(transposeA),
        transposeB: product.attributes.transposeB !== Boolean(transposeB),
      },
    };
  });
  return changes > 0 ? { ...program, steps } : program;
}
