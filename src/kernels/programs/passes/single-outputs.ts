import type { Step } from '../program';
import type { Chain, Schedule, Task } from '../schedule';
import { outerOperands } from './elementwise';

/**
 * Makes one chain for each output of a chain, whose last part computes it, for devices that write one output at a time. A chain reads outputs of those before it;
 * what several need and is no output, each computes for itself.
 */
export function withSingleOutputs(schedule: Schedule): Schedule {
  const tasks = schedule.tasks.flatMap((task): Task[] =>
    task.kernel === 'chain' ? task.outputs.map((output) => chainOf(task, output.slot)) : [task],
  );
  return { ...schedule, tasks };
}

/** The chain, or the step, that computes one output of a chain from the others before it. */
function chainOf({ parts, outputs }: Chain, output: number): Task {
  const isGiven = new Set(outputs.map(({ slot }) => slot));
  const needed = new Set([output]);
  const own: Step[] = [];
  for (const part of [...parts].reverse()) {
    const { slot } = part.outputs[0]!;
    if (!needed.has(slot)) continue;
    own.unshift(part);
    for (const input of part.inputs) if (!isGiven.has(input.slot)) needed.add(input.slot);
  }
  const last = own[own.length - 1]!;
  return own.length === 1
    ? last
    : { kernel: 'chain', parts: own, inputs: outerOperands(own), outputs: last.outputs };
}
