import { isDepthwise } from '../../convolution';
import type { Operand, Program, Slot, Step } from '../program';
import { fixedSlots, productsOfOneReader, type Product } from '../slot-uses';

/** The shape in which a row of values, one for each column or channel of a product, is multiplied with its second operand. */
function rowShapeFor(product: Product, size: number, filterSize: number): readonly number[] | null {
  const [, right] = product.inputs as [Operand, Operand];
  if (product.kernel === 'matMul') {
    const { transposeB } = (product as Step<'matMul'>).attributes;
    const columns = right.shape[transposeB ? 1 : 2];
    return columns === size ? [size, ...(transposeB ? [1] : [])] : null;
  }
  const { geometry } = (product as Step<'conv2d'>).attributes;
  if (geometry.outChannels !== size) return null;
  return isDepthwise(geometry, filterSize) ? right.shape.slice(-2) : [size];
}

/**
 * Folds a batch normalisation whose moments, scale and offset never change into the weights of the product or convolution before it, and what
 * it adds into a bias: (x·w + b − mean)·slope + offset = x·(w·slope) + ((b − mean)·slope + offset). The new weights are computed
 * once. Results differ in their last bits.
 */
export function withBatchNormsInProducts(program: Program): Program {
  const productBefore = productsOfOneReader(program);
  const fixed = fixedSlots(program);
  const slots: Slot[] = [...program.slots];
  const steps: (Step | readonly Step[] | null)[] = [...program.steps];
  const current: (Step | null)[] = [...program.steps];

  program.steps.forEach((step, position) => {
    if (step.kernel !== 'batchNorm') return;
    const [x, mean, variance, offset, scale] = step.inputs as [Operand, Operand, Operand, Operand, Operand];
    const found = productBefore(current, x, step.outputs[0]!);
    if (!found || ![mean, variance, offset, scale].every(({ slot }) => fixed.has(slot))) return;
    const { product, position: place } = found;
    const [left, right, bias] = product.inputs as [Operand, Operand, Operand | undefined];
    if (!fixed.has(right.slot) || (bias && !fixed.has(bias.slot))) return;
    const { size } = slots[mean.slot]!;
    const shape = rowShapeFor(product, size, slots[right.slot]!.size);
    if (!shape) return;

    const made: Step[] = [];
    const elementwise = (
      kernel: Pick<Step<'unary' | 'binary'>, 'kernel' | 'attributes'>,
      inputs: Operand[],
      of: Operand,
    ): Operand => {
      const output = { slot: slots.length, shape: of.shape };
      slots.push({ dtype: 'float32', size: slots[of.slot]!.size, origin: { kind: 'step' } });
      made.push({ op: step.op, ...kernel, inputs, outputs: [output] });
      return output;
    };
    const binary = (name: 'add' | 'sub' | 'mul', a: Operand, b: Operand, of = a): Operand =>
      elementwise({ kernel: 'binary', attributes: { name } }, [a, b], of);
    const row = ({ slot }: Operand): Operand => ({ slot, shape: [size] });
    const epsilon: Operand = { slot: slots.length, shape: [] };
    const { epsilon: value } = (step as Step<'batchNorm'>).attributes;
    slots.push({ dtype: 'float32', size: 1, origin: { kind: 'constant', values: Float32Array.of(value) } });
    const root = { kernel: 'unary', attributes: { name: 'rsqrt', p: 0, q: 0 } } as const;
    const spread = binary('add', row(variance), epsilon);
    const slope = binary('mul', row(scale), elementwise(root, [spread], spread));
    const weights = binary('mul', right, { slot: slope.slot, shape }, right);
    const centre = bias ? binary('sub', row(bias), row(mean)) : elementwise(negation, [row(mean)], row(mean));
    const added = binary('add', binary('mul', centre, slope), row(offset));
    const outputs = [{ slot: step.outputs[0]!.slot, shape: product.outputs[0]!.shape }];
    const folded: Product = { ...product, inputs: [left, weights, added], outputs };
    steps[place] = [...made, folded];
    steps[position] = null;
    current[place] = current[position] = null;
  });
  return slots.length === program.slots.length
    ? program
    : { ...program, slots, steps: steps.flatMap((step) => step ?? []) };
}

const negation = { kernel: 'unary', attributes: { name: 'neg', p: 0, q: 0 } } as const;
