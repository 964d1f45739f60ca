import { BYTES_PER_ELEMENT } from '../../dtype';
import type { Program, Step } from '../program';
import type { Schedule } from '../schedule';
import { fixedSlots, keptSlots } from '../slot-uses';
import { isPure } from './effects';

/** A result that has no input (zeros, a range) is made anew in each run if it is larger: that costs less than to keep it. */
const SMALL_BYTES = 65536;

/**
 * Tells the steps that depend on constants alone, and on captured tensors that never change, from the others: they are taken once, and what
 * others read of them is kept. Steps whose outputs outlive the run are taken in each run.
 */
export function fold(program: Program): Schedule {
  const { slots, steps, results, updates } = program;
  const kept = keptSlots(program);
  const fixed = fixedSlots(program);
  const isLarge = ({ inputs, outputs }: Step): boolean =>
    inputs.length === 0 && outputs.some(({ slot }) => slots[slot]!.size * BYTES_PER_ELEMENT > SMALL_BYTES);
  const once: Step[] = [];
  const tasks: Step[] = [];
  for (const step of steps) {
    const isOnce =
      isPure(step) &&
      step.outputs.length > 0 &&
      !isLarge(step) &&
      step.inputs.every(({ slot }) => fixed.has(slot)) &&
      !step.outputs.some(({ slot }) => kept.has(slot));
    if (isOnce) for (const { slot } of step.outputs) fixed.add(slot);
    (isOnce ? once : tasks).push(step);
  }
  return { slots, results, updates, once, tasks };
}
