import type { Program, Step } from '../program';
import { keptSlots } from '../slot-uses';

/** Leaves out steps whose outputs nobody reads. Steps without outputs (`paint`) stay: they are run for what they show. */
export function withoutDeadSteps(program: Program): Program {
  const wanted = keptSlots(program);
  const kept: Step[] = [];
  for (const step of [...program.steps].reverse()) {
    if (step.outputs.length > 0 && !step.outputs.some(({ slot }) => wanted.has(slot))) continue;
    for (const { slot } of step.inputs) wanted.add(slot);
    kept.push(step);
  }
  return kept.length === program.steps.length ? program : { ...program, steps: kept.reverse() };
}
