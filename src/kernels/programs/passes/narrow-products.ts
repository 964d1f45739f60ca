import type { Operand, Program, Slot, Step } from '../program';
import { readsOfSlots, writersOfSlots } from '../slot-uses';

/**
 * With so few rows, slicing the second operand costs as much as it saves. With twelve or less, products of other widths may also be computed in other
 * ways, and sums be added up in another order.
 */
const FEW_ROWS = 32;

/** The columns that a slice takes of each row. */
interface Columns {
  readonly begin: number;
  readonly count: number;
}

/** The columns that a step takes of a matrix, or of what was one; null if it takes all, or does something else. */
function columnsOf(step: Step, width: number): Columns | null {
  if (step.kernel !== 'slice') return null;
  const { begin, strides } = (step as Step<'slice'>).attributes;
  const [from, to] = [step.inputs[0]!.shape, step.outputs[0]!.shape];
  const last = from.length - 1;
  const isAll = (axis: number): boolean => begin[axis] === 0 && from[axis] === to[axis];
  const takesColumns =
    from[last] === width &&
    strides.every((stride) => stride === 1) &&
    from.every((_, axis) => axis === last || isAll(axis));
  return takesColumns && to[last]! < width ? { begin: begin[last]!, count: to[last]! } : null;
}

/** Whether a step is the product of two matrices, of which the first has more than a few rows. */
function isWideProduct(step: Step): step is Step<'matMul'> {
  if (step.kernel !== 'matMul' || step.varying !== undefined || step.inputs.length !== 2) return false;
  const [batch, rows] = step.outputs[0]!.shape;
  return batch === 1 && rows! > FEW_ROWS;
}

/**
 * Lets a matrix product whose result is only read in some columns compute no others: the second operand is sliced before. So
 * backpropagation through a recurrence needs the gradient of the state, but not that of the input beside it. Several products with one
 * operand slice it once, when common steps are taken together.
 */
export function withNarrowProducts(program: Program): Program {
  const reads = readsOfSlots(program);
  const writers = writersOfSlots(program);
  const slots: Slot[] = [...program.slots];
  const steps: (Step | readonly Step[] | null)[] = [...program.steps];
  program.steps.forEach((step, position) => {
    const { slot } = step.inputs[0] ?? { slot: -1 };
    const writer = writers[slot];
    const product = writer === undefined ? undefined : program.steps[writer]!;
    if (writer === undefined || !product || !isWideProduct(product) || reads[slot] !== 1) return;
    const columns = columnsOf(step, product.outputs[0]!.shape[2]!);
    if (!columns || columns.count < 2) return;
    const [a, b] = product.inputs as [Operand, Operand];
    const axis = product.attributes.transposeB ? 1 : 2;
    const shape = b.shape.map((extent, i) => (i === axis ? columns.count : extent));
    const part: Operand = { slot: slots.length, shape };
    slots.push({
      dtype: slots[b.slot]!.dtype,
      size: shape[0]! * shape[1]! * shape[2]!,
      origin: { kind: 'step' },
    });
    const begin = [0, 0, 0].map((_, i) => (i === axis ? columns.begin : 0));
    const slice: Step<'slice'> = {
      op: product.op,
      kernel: 'slice',
      attributes: { begin, strides: [1, 1, 1] },
      inputs: [b],
      outputs: [part],
    };
    const [, rows] = product.outputs[0]!.shape as [number, number];
    const outputs = [{ slot: step.outputs[0]!.slot, shape: [1, rows, columns.count] }];
    steps[writer] = [slice, { ...product, inputs: [a, part], outputs }];
    steps[position] = null;
  });
  return slots.length === program.slots.length
    ? program
    : { ...program, slots, steps: steps.flatMap((step) => step ?? []) };
}
