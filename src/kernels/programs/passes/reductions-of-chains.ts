import { broadcastStrides, stridesOf } from '../../strides';
import type { Program, Step } from '../program';
import type { Chain, Schedule, Task } from '../schedule';
import { keptSlots, mayBeReplaced, readsOfSlots, writersOfSlots } from '../slot-uses';
import { isElementwise, outerOperands } from './elementwise';

/** How a reduction along rows reads an operand of the steps before it. */
export type ReductionOperand = 'element' | 'number' | 'row';

/**
 * How each operand of a chain is read by a reduction along its rows: one value an element, one for all, or one a row. Null where one of them is read in
 * another way, or is not of float32.
 */
export function operandsOfReduction(
  { inputs, outputs }: Pick<Chain, 'inputs' | 'outputs'>,
  { outer, extent }: Step<'reduce'>['attributes'],
  slots: Program['slots'],
): readonly ReductionOperand[] | null {
  const { shape } = outputs[0]!;
  const contiguous = stridesOf(shape);
  const found = inputs.map((operand): ReductionOperand | null => {
    const { size, dtype } = slots[operand.slot]!;
    if (dtype !== 'float32') return null;
    if (size === outer * extent) return 'element';
    if (size === 1) return 'number';
    const strides = broadcastStrides(operand.shape, shape);
    // It has a value where a row begins, and the same along the row.
    const isOfRow = shape.every(
      (length, axis) =>
        length === 1 || strides[axis] === (contiguous[axis]! < extent ? 0 : contiguous[axis]! / extent),
    );
    return size === outer && isOfRow ? 'row' : null;
  });
  return found.includes(null) || !found.includes('element') ? null : (found as ReductionOperand[]);
}

/** Lets a reduction along rows compute the elementwise steps before it as it reads, if nobody else reads their result: it is never written then. */
export function withReductionsOfChains(
  schedule: Schedule,
  fits: (parts: readonly Step[], slots: Program['slots']) => boolean,
): Schedule {
  const { slots } = schedule;
  const uses = { ...schedule, steps: schedule.tasks };
  const reads = readsOfSlots(uses);
  const writers = writersOfSlots(uses);
  const kept = keptSlots(schedule);
  const tasks: (Task | null)[] = [...schedule.tasks];
  schedule.tasks.forEach((task, position) => {
    if (!isRowReduction(task)) return;
    const { slot } = task.inputs[0]!;
    const writer = writers[slot] ?? -1;
    const chain = chainOf(schedule.tasks[writer]);
    if (!chain || reads[slot] !== 1 || kept.has(slot) || slots[slot]!.dtype !== 'float32') return;
    if (!fits(chain.parts, slots) || chain.inputs.some((input) => mayBeReplaced(schedule, input))) return;
    if (!operandsOfReduction(chain, task.attributes, slots)) return;
    tasks[position] = { ...chain, outputs: task.outputs, reduction: task.attributes };
    tasks[writer] = null;
  });
  return { ...schedule, tasks: tasks.filter((task) => task !== null) };
}

function isRowReduction(task: Task): task is Step<'reduce'> {
  if (task.kernel !== 'reduce') return false;
  const { attributes, varying } = task as Step<'reduce'>;
  return varying === undefined && attributes.inner === 1 && attributes.extent > 1;
}

/** A chain of one output, or a single step as one; null for another task. */
function chainOf(task: Task | undefined): Chain | null {
  if (task?.kernel === 'chain') return task.outputs.length === 1 ? task : null;
  if (!task || task.kernel === 'slopes' || !isElementwise(task)) return null;
  return { kernel: 'chain', parts: [task], inputs: outerOperands([task]), outputs: task.outputs };
}
