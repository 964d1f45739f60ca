import { BYTES_PER_ELEMENT } from '../../dtype';
import { sameShape } from '../../strides';
import type { Program, Step } from '../program';
import type { Chain, Schedule, Task } from '../schedule';
import { keptSlots } from '../slot-uses';
import { isElementwise, outerOperands } from './elementwise';

/** Whether a backend can run these elementwise steps as one. */
export type FitsInChain = (parts: readonly Step[], slots: Program['slots']) => boolean;

/** Steps that will be one chain, if no other step reads their values before it is complete. It runs at the place of its last part. */
interface Group {
  parts: Step[];
  /** The position of the last part among the tasks. */
  position: number;
  isOpen: boolean;
}

/** What other tasks write between two steps that are near each other stays in a processor's cache of the second level beside their own values. */
const NEAR_BYTES = 256 * 1024;

/**
 * Joins elementwise steps that read each other's values to chains. A step joins the chains of its inputs if they have its shape. A step
 * that does not join but reads a value of a chain closes it: the chain must run before. So does a step that writes the new value of a
 * captured tensor which the chain reads, since it may write it in place.
 *
 * A chain of several inputs is not put off for a step that comes much later, as in a sum over the steps of a recurrence: all inputs would live
 * until then, and leave the caches, where the chain's result is one value.
 */
export function withChains(schedule: Schedule, fits: FitsInChain): Schedule {
  const { slots, tasks, updates } = schedule;
  const groupOf = new Map<number, Group>();
  const groups = new Set<Group>();
  const replaces = capturedOfUpdates(slots, updates);
  const places = new Map(tasks.map((task, position) => [task, position]));
  const shapeOf = ({ outputs }: Step): readonly number[] => outputs[0]!.shape;
  const written = bytesWrittenBefore(slots, tasks);

  tasks.forEach((task, position) => {
    let own: Group | undefined;
    const before = [...new Set(task.inputs.map(({ slot }) => groupOf.get(slot)))].filter(
      (group): group is Group => group?.isOpen === true,
    );
    if (isStep(task) && isElementwise(task) && slots[task.outputs[0]!.slot]!.size > 0) {
      const joined: Group = { parts: [task], position, isOpen: true };
      const taken: Group[] = [];
      for (const group of before) {
        if (!sameShape(shapeOf(group.parts[0]!), shapeOf(task))) continue;
        const isNear = written[position]! - written[group.position + 1]! <= NEAR_BYTES;
        if (!isNear && wholeInputs(group.parts, slots) > 1) continue;
        const parts = inOrder([...group.parts, ...joined.parts], places);
        if (!fits(parts, slots)) continue;
        joined.parts = parts;
        taken.push(group);
      }
      if (taken.length > 0 || fits(joined.parts, slots)) {
        for (const group of taken) groups.delete(group);
        for (const part of joined.parts) groupOf.set(part.outputs[0]!.slot, joined);
        groups.add(joined);
        own = joined;
      }
    }
    for (const group of before) if (own === undefined || groups.has(group)) group.isOpen = false;
    for (const { slot } of task.outputs) {
      const captured = replaces.get(slot);
      if (captured === undefined) continue;
      for (const group of groups) {
        if (group !== own && readsAny(group.parts, captured)) group.isOpen = false;
      }
    }
  });

  const chains = [...groups].filter(({ parts }) => parts.length > 1);
  if (chains.length === 0) return schedule;
  return { ...schedule, tasks: inPlaces(schedule, chains) };
}

/** For each task, and the end, the bytes that all tasks before it write. */
function bytesWrittenBefore(slots: Program['slots'], tasks: readonly Task[]): number[] {
  const bytes = [0];
  tasks.forEach(({ outputs }, i) => {
    const own = outputs.reduce((sum, { slot }) => sum + slots[slot]!.size * BYTES_PER_ELEMENT, 0);
    bytes.push(bytes[i]! + own);
  });
  return bytes;
}

/** How many values from outside steps read that have as many elements as their results. */
function wholeInputs(parts: readonly Step[], slots: Program['slots']): number {
  const { size } = slots[parts[0]!.outputs[0]!.slot]!;
  return new Set(outerOperands(parts).flatMap(({ slot }) => (slots[slot]!.size === size ? [slot] : []))).size;
}

function isStep(task: Task): task is Step {
  return task.kernel !== 'chain' && task.kernel !== 'slopes';
}

/** For the slot of each new value, the slots of the captured tensor that it replaces. */
function capturedOfUpdates(
  slots: Program['slots'],
  updates: Program['updates'],
): ReadonlyMap<number, ReadonlySet<number>> {
  const slotsOf = (captured: number): Set<number> =>
    new Set(
      [...slots.keys()].filter((slot) => {
        const { origin } = slots[slot]!;
        return origin.kind === 'captured' && origin.position === captured;
      }),
    );
  return new Map(updates.map(({ captured, slot }) => [slot, slotsOf(captured)]));
}

function readsAny(parts: readonly Step[], slots: ReadonlySet<number>): boolean {
  return parts.some(({ inputs }) => inputs.some(({ slot }) => slots.has(slot)));
}

function inOrder(parts: readonly Step[], places: ReadonlyMap<Task, number>): Step[] {
  return [...parts].sort((a, b) => places.get(a)! - places.get(b)!);
}

/** The tasks with each chain at the place of its last part. */
function inPlaces(schedule: Schedule, groups: readonly Group[]): Task[] {
  const { tasks } = schedule;
  const groupWith = new Map<Task, Group>();
  const writers = new Map<number, Group>();
  for (const group of groups) {
    for (const part of group.parts) {
      groupWith.set(part, group);
      writers.set(part.outputs[0]!.slot, group);
    }
  }
  const outside = keptSlots(schedule);
  for (const task of tasks) {
    for (const { slot } of task.inputs) if (writers.get(slot) !== groupWith.get(task)) outside.add(slot);
  }
  const chainOf = ({ parts }: Group): Chain => ({
    kernel: 'chain',
    parts,
    inputs: outerOperands(parts),
    outputs: parts.map(({ outputs }) => outputs[0]!).filter(({ slot }) => outside.has(slot)),
  });
  const last = new Map<number, Group>(groups.map((group) => [group.position, group]));
  return tasks.flatMap((task, position) => {
    const group = last.get(position);
    if (group) return [chainOf(group)];
    return groupWith.has(task) ? [] : [task];
  });
}
