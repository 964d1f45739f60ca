import { sameShape } from '../../strides';
import type { Operand, Program, Step } from '../program';
import type { Chain, ChainOperand, Schedule, Task } from '../schedule';
import { keptSlots, mayBeReplaced, readsOfSlots } from '../slot-uses';

/** Whether a backend can run these elementwise steps over these operands: inputs, then outputs. */
export type FitsOperands = (
  parts: readonly Step[],
  slots: Program['slots'],
  operands: readonly ChainOperand[],
) => boolean;

/** Whether two shapes differ at most in their last extent. */
function sameRows(a: readonly number[], b: readonly number[]): boolean {
  return a.length > 0 && sameShape(a.slice(0, -1), b.slice(0, -1));
}

/** The column from which a step takes columns of each row; -1 for another step. */
function columnOf({ attributes: { begin, strides }, inputs, outputs }: Step<'slice'>): number {
  const takesColumns =
    sameRows(inputs[0]!.shape, outputs[0]!.shape) &&
    strides.every((stride) => stride === 1) &&
    begin.slice(0, -1).every((index) => index === 0);
  return takesColumns ? begin.at(-1)! : -1;
}

const isChain = (task: Task): task is Chain => task.kernel === 'chain';

/**
 * Lets chains read slices of columns where they lie, and write what a concatenation joins to rows where it belongs. The copies that nobody
 * needs any more are left out.
 */
export function withPartsInChains(schedule: Schedule, fits: FitsOperands): Schedule {
  const tasks = withSlicesInChains(
    schedule,
    withConcatenationsInChains(schedule, schedule.tasks, fits),
    fits,
  );
  const read = new Set(tasks.flatMap(({ inputs }) => inputs.map(({ slot }) => slot)));
  for (const slot of keptSlots(schedule)) read.add(slot);
  return {
    ...schedule,
    tasks: tasks.filter(
      ({ kernel, outputs }) => kernel !== 'slice' || outputs.some(({ slot }) => read.has(slot)),
    ),
  };
}

function withSlicesInChains(schedule: Schedule, tasks: readonly Task[], fits: FitsOperands): Task[] {
  const slices = new Map<number, Step<'slice'>>();
  return tasks.map((task) => {
    if (task.kernel === 'slice') slices.set(task.outputs[0]!.slot, task as Step<'slice'>);
    if (!isChain(task)) return task;
    let inputs = task.inputs;
    task.inputs.forEach((input, i) => {
      const part = partOf(schedule, task, input, slices.get(input.slot));
      if (!part) return;
      const others = inputs.map((other, k) => (k === i ? part : other));
      if (fits(task.parts, schedule.slots, [...others, ...task.outputs])) inputs = others;
    });
    return inputs === task.inputs ? task : { ...task, inputs };
  });
}

/** An input that a slice makes, as a part of what the slice reads; null where it is none. */
function partOf(
  schedule: Schedule,
  { parts }: Chain,
  { slot, shape }: Operand,
  slice: Step<'slice'> | undefined,
): ChainOperand | null {
  if (!slice || !sameShape(shape, slice.outputs[0]!.shape)) return null;
  const offset = columnOf(slice);
  const whole = slice.inputs[0]!;
  // The chain might read behind a step that writes it in place.
  if (offset < 0 || mayBeReplaced(schedule, whole)) return null;
  return sameShape(shape, parts[0]!.outputs[0]!.shape) ? { ...whole, part: { slot, shape, offset } } : null;
}

function withConcatenationsInChains(schedule: Schedule, tasks: readonly Task[], fits: FitsOperands): Task[] {
  const reads = readsOfSlots({ ...schedule, steps: tasks });
  const places = new Map<number, number>();
  const changed: (Task | null)[] = [...tasks];
  tasks.forEach((task, position) => {
    for (const { slot } of task.outputs) places.set(slot, position);
    if (task.kernel !== 'concat') return;
    const { attributes, inputs, outputs } = task as Step<'concat'>;
    const whole = outputs[0]!;
    if (attributes.axis !== whole.shape.length - 1) return;
    const writers = new Map<number, Chain>();
    let offset = 0;
    for (const { slot, shape } of inputs) {
      const place = places.get(slot) ?? -1;
      const writer = writers.get(place) ?? changed[place];
      if (!writer || !isChain(writer) || reads[slot] !== 1) return;
      const isOwn = (output: ChainOperand): boolean => output.slot === slot && !output.part;
      if (!sameShape(writer.parts[0]!.outputs[0]!.shape, shape)) return;
      const part = { ...whole, part: { slot, shape, offset } };
      const written = writer.outputs.map((output) => (isOwn(output) ? part : output));
      if (!fits(writer.parts, schedule.slots, [...writer.inputs, ...written])) return;
      writers.set(place, { ...writer, outputs: written });
      offset += shape.at(-1)!;
    }
    for (const [place, writer] of writers) changed[place] = writer;
    changed[position] = null;
  });
  return changed.filter((task) => task !== null);
}
