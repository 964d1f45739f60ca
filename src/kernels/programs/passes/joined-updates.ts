import { updateRules } from '../../optimizer-updates';
import type { Slot, Step } from '../program';
import type { Schedule, Task } from '../schedule';

/** The largest variable, in elements, with which others share a draw: their textures become as large as its own. */
const LARGEST = 4096;

export type Update = Step<'update'>;

export const isUpdate = (task: Task): task is Update => task.kernel === 'update';

/** How many textures the step of a variable fills: its value and the optimizer's slots for it. */
const targetsOf = ({ name }: Update['attributes']): number => 1 + updateRules[name].slots.length;

/**
 * Takes the steps of several variables in one draw, as many as it has targets for. Targets of a draw have one size, so that only small vectors (biases) go along,
 * with a variable that is not much larger: other shapes are read faster from textures of their own.
 */
export function withJoinedUpdates(schedule: Schedule, mostTargets: number): Schedule {
  const tasks: Task[] = [];
  let run: Update[] = [];
  const end = (): void => {
    tasks.push(...joined(run, schedule.slots, mostTargets));
    run = [];
  };
  for (const task of schedule.tasks) {
    if (run.length > 0 && !(isUpdate(task) && goesWith(task, run))) end();
    if (isUpdate(task)) run.push(task);
    else tasks.push(task);
  }
  end();
  return { ...schedule, tasks };
}

/** Whether an update is one of the same step: with the same numbers, and not of what another has written. */
function goesWith({ attributes, varying, inputs }: Update, run: readonly Update[]): boolean {
  const [first] = run as [Update];
  const written = new Set(run.flatMap(({ outputs }) => outputs.map(({ slot }) => slot)));
  return (
    varying !== undefined &&
    varying === first.varying &&
    attributes.name === first.attributes.name &&
    !inputs.some(({ slot }) => written.has(slot))
  );
}

function joined(run: readonly Update[], slots: readonly Slot[], mostTargets: number): Update[] {
  if (run.length < 2) return [...run];
  const room = Math.floor(mostTargets / targetsOf(run[0]!.attributes));
  const sizeOf = ({ outputs }: Update): number => slots[outputs[0]!.slot]!.size;
  const isVector = (update: Update): boolean =>
    update.outputs[0]!.shape.filter((extent) => extent > 1).length < 2;
  const isSmall = (update: Update): boolean => sizeOf(update) > 0 && sizeOf(update) <= LARGEST;
  const bySize = [...run].sort((a, b) => sizeOf(b) - sizeOf(a));
  const groups = bySize.filter((update) => !isVector(update) || !isSmall(update)).map((update) => [update]);
  for (const vector of bySize.filter((update) => isVector(update) && isSmall(update))) {
    const group = groups.find(
      ([first, ...others]) => isSmall(first!) && sizeOf(first!) >= sizeOf(vector) && 1 + others.length < room,
    );
    if (group) group.push(vector);
    else groups.push([vector]);
  }
  return groups.map((group) => ({
    ...group[0]!,
    inputs: group.flatMap(({ inputs }) => inputs),
    outputs: group.flatMap(({ outputs }) => outputs),
  }));
}
