import { BYTES_PER_ELEMENT } from '../dtype';
import { planMemory, type Lifetime, type MemoryPlan } from './memory-plan';
import { outputSlots } from './output-slots';
import { isElementwise } from './passes/elementwise';
import type { ChainOperand, Schedule, Task } from './schedule';

/** The slots that have their place in the arena, and the plan with their offsets, in the same order. */
export interface Arena extends MemoryPlan {
  readonly slots: readonly number[];
  /** The bytes of all these slots together, without a plan. */
  readonly unplannedBytes: number;
}

/** When the values between a schedule's tasks live. Outputs of the program and values that are made once live elsewhere. */
export function intermediatesOf(schedule: Schedule): { slots: number[]; lifetimes: Lifetime[] } {
  const { slots, tasks, once } = schedule;
  const elsewhere = new Set(outputSlots(schedule));
  for (const { outputs } of once) for (const { slot } of outputs) elsewhere.add(slot);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  tasks.forEach(({ inputs, outputs }, task) => {
    for (const { slot } of outputs) {
      if (slots[slot]!.origin.kind !== 'step' || elsewhere.has(slot)) continue;
      // Several chains may write parts of one value.
      if (!first.has(slot)) first.set(slot, task);
      last.set(slot, task);
    }
    for (const { slot } of inputs) if (first.has(slot)) last.set(slot, task);
  });
  const between = [...first.keys()];
  const positions = new Map(between.map((slot, i) => [slot, i]));
  const lifetimes = between.map((slot): Lifetime => {
    const task = tasks[first.get(slot)!]!;
    return {
      bytes: slots[slot]!.size * BYTES_PER_ELEMENT,
      first: first.get(slot)!,
      last: last.get(slot)!,
      inPlaceOf: sourcesOf(schedule, task, slot).flatMap((source) => positions.get(source) ?? []),
    };
  });
  return { slots: between, lifetimes };
}

/**
 * The inputs of a task in whose place an output may be written: the task must go through both element by element. Parts of rows lie at
 * other places in what goes in than in what comes out.
 */
function sourcesOf({ slots }: Schedule, task: Task, slot: number): number[] {
  if (task.kernel === 'slopes' || (task.kernel !== 'chain' && !isElementwise(task))) return [];
  const { size } = slots[slot]!;
  const operands: readonly ChainOperand[] = [...task.inputs, ...task.outputs];
  const inParts = new Set(operands.flatMap((operand) => (operand.part ? [operand.slot] : [])));
  if (inParts.has(slot)) return [];
  const sources = new Set(task.inputs.map((input) => input.slot));
  return [...sources].filter((input) => slots[input]!.size === size && !inParts.has(input));
}

export function arenaOf(schedule: Schedule): Arena {
  const { slots, lifetimes } = intermediatesOf(schedule);
  const unplannedBytes = lifetimes.reduce((sum, { bytes }) => sum + bytes, 0);
  return { slots, unplannedBytes, ...planMemory(lifetimes) };
}
