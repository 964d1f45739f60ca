import { sizeOf } from '../../strides';
import type { Operand, Program, Slot, Step } from '../program';
import { keptSlots, mayBeReplaced, readsOfSlots, writersOfSlots } from '../slot-uses';

/** Whether a step is the product of two matrices, and nothing more. */
function isPlainProduct(step: Step | undefined): step is Step<'matMul'> {
  if (step?.kernel !== 'matMul' || step.varying !== undefined || step.inputs.length !== 2) return false;
  const { attributes, inputs } = step as Step<'matMul'>;
  return attributes.activation === 'linear' && inputs.every(({ shape }) => shape[0] === 1);
}

function isAddition(step: Step | undefined): step is Step<'binary'> {
  return step?.kernel === 'binary' && (step as Step<'binary'>).attributes.name === 'add';
}

/** The axes of the operands of a product along which it adds up. */
function innerAxes({ transposeA, transposeB }: Step<'matMul'>['attributes']): readonly [number, number] {
  return [transposeA ? 1 : 2, transposeB ? 2 : 1];
}

/** Whether it costs less to join the operands than to write and add up the products: a copy of each beside three passes over the result. */
function pays(product: Step<'matMul'>): boolean {
  const [a, b] = product.inputs as [Operand, Operand];
  return sizeOf(a.shape) + sizeOf(b.shape) < 3 * sizeOf(product.outputs[0]!.shape);
}

/**
 * Computes a sum of products as one, of the operands joined along what products add up: a·b + c·d = [a c]·[b; d]. So backpropagation through a
 * recurrence gives the gradient of the weights. Sums have another order.
 */
export function withJoinedProducts(program: Program): Program {
  const reads = readsOfSlots(program);
  const writers = writersOfSlots(program);
  const kept = keptSlots(program);
  const slots: Slot[] = [...program.slots];
  const steps: (Step | readonly Step[] | null)[] = [...program.steps];
  const isReadOnce = (slot: number): boolean => reads[slot] === 1 && !kept.has(slot);

  /** What a sum adds up, and the additions that make it. */
  const termsOf = (position: number, additions: number[], size: number): Operand[] => {
    additions.push(position);
    return program.steps[position]!.inputs.flatMap((input) => {
      const writer = writers[input.slot];
      const isPart =
        writer !== undefined &&
        isReadOnce(input.slot) &&
        isAddition(program.steps[writer]) &&
        slots[input.slot]!.size === size;
      return isPart ? termsOf(writer, additions, size) : [input];
    });
  };

  for (let position = program.steps.length - 1; position >= 0; position--) {
    const step = program.steps[position]!;
    if (steps[position] === null || !isAddition(step)) continue;
    const output = step.outputs[0]!;
    const { size, dtype } = slots[output.slot]!;
    if (dtype !== 'float32') continue;
    const additions: number[] = [];
    const terms = termsOf(position, additions, size);
    const productOf = ({ slot }: Operand): Step<'matMul'> | null => {
      const product = program.steps[writers[slot] ?? -1];
      const fits = isPlainProduct(product) && isReadOnce(slot) && slots[slot]!.size === size && pays(product);
      return fits && !product.inputs.some((input) => mayBeReplaced(program, input)) ? product : null;
    };
    const first = terms.map(productOf).find((product) => product !== null);
    if (!first) continue;
    const isLike = (product: Step<'matMul'> | null): product is Step<'matMul'> =>
      product !== null &&
      product.attributes.transposeA === first.attributes.transposeA &&
      product.attributes.transposeB === first.attributes.transposeB &&
      product.outputs[0]!.shape.join() === first.outputs[0]!.shape.join();
    const products = terms.map(productOf).filter(isLike);
    if (products.length < 2) continue;

    const made: Step[] = [];
    const newSlot = (elements: number): number =>
      slots.push({ dtype: 'float32', size: elements, origin: { kind: 'step' } }) - 1;
    const joined = innerAxes(first.attributes).map((axis, operand): Operand => {
      const inputs = products.map((product) => product.inputs[operand]!);
      const shape = inputs[0]!.shape.map((extent, i) =>
        i === axis ? inputs.reduce((sum, each) => sum + each.shape[axis]!, 0) : extent,
      );
      const whole = { slot: newSlot(sizeOf(shape)), shape };
      made.push({ op: step.op, kernel: 'concat', attributes: { axis }, inputs, outputs: [whole] });
      return whole;
    });
    const others = terms.filter((term) => !isLike(productOf(term)));
    const { shape } = first.outputs[0]!;
    const sum: Operand = { slot: others.length > 0 ? newSlot(size) : output.slot, shape };
    made.push({ ...first, inputs: joined, outputs: [sum] });
    others.reduce<Operand>((before, term, i) => {
      const slot = i === others.length - 1 ? output.slot : newSlot(size);
      const total = { slot, shape: output.shape };
      const inputs = [{ slot: before.slot, shape: output.shape }, term];
      made.push({ op: step.op, kernel: 'binary', attributes: { name: 'add' }, inputs, outputs: [total] });
      return total;
    }, sum);
    for (const each of additions) steps[each] = null;
    for (const product of products) steps[program.steps.indexOf(product)] = null;
    steps[position] = made;
  }
  return slots.length === program.slots.length
    ? program
    : { ...program, slots, steps: steps.flatMap((step) => step ?? []) };
}
