import { described, shortened } from '../../tensor/argument';
import { outsideOfExtents } from '../../tensor/extent';
import { perhapsCopies } from '../../tensor/copies';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import type { SlotValue } from '../../tensor/optimizers/slots';
import { tensor } from '../../tensor/ops/creation';
import { dispose } from '../../tensor/scope';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import type { Variable } from '../../tensor/variable';
import type { Checkpoint } from './format';
import type { SavedOptimizer, SavedTensor } from './header';
import { describeName } from './named-variables';

/**
 * Sets variables and optimizers to the values in a checkpoint. It does not set the random numbers; {@link resume} does. It first
 * compares everything, then allocates all memory, and changes values only at the end, when nothing can fail any more.
 *
 * @param place where the checkpoint comes from, for messages
 * @throws before anything has changed: when variables or optimizers differ from those in the checkpoint, and when memory runs out
 */
export function restore(
  { header, values }: Checkpoint,
  variables: ReadonlyMap<string, Variable>,
  optimizers: readonly Optimizer[],
  place: string,
): void {
  assertSameVariables(header.variables, variables, place);
  assertSameOptimizers(header.optimizers, optimizers, place);
  const made: Tensor[] = [];
  const make = ({ shape, dtype }: SavedTensor): Tensor => {
    const value = outsideOfExtents(() => tensor(values[made.length]!, [...shape], dtype));
    made.push(value);
    return value;
  };
  try {
    const ofVariables = header.variables.map((each) => [variables.get(each.name)!, make(each)] as const);
    const ofOptimizers = header.optimizers.map(({ slots }) =>
      slots.map((slot): SlotValue => ({
        variable: variables.get(slot.variable)!,
        slot: slot.name,
        value: make(slot),
      })),
    );
    for (const [variable, value] of ofVariables) variable.assign(value);
    // Slots that are not in the checkpoint start at their initial values.
    optimizers.forEach((each, i) => each.replaceState(header.optimizers[i]!.iterations, ofOptimizers[i]!));
  } finally {
    dispose(made);
  }
}

function assertSameVariables(
  saved: readonly SavedTensor[],
  variables: ReadonlyMap<string, Variable>,
  place: string,
): void {
  for (const each of saved) {
    const variable = variables.get(each.name);
    if (!variable)
      throw new Error(
        `resume: the checkpoint in ${place} has ${describeName(each.name)}; there is none here${perhapsCopies()}`,
      );
    const wanted = describe(each);
    const found = describe(variable);
    if (found !== wanted)
      throw new Error(
        `resume: ${describeName(each.name)} is ${found}; the checkpoint in ${place} has it as ${wanted}`,
      );
  }
  const names = new Set(saved.map(({ name }) => name));
  for (const name of variables.keys())
    if (!names.has(name))
      throw new Error(`resume: ${describeName(name)} is not in the checkpoint in ${place}`);
}

function describe({ dtype, shape }: { readonly dtype: string; readonly shape: readonly number[] }): string {
  return `${dtype} of shape ${formatShape(shape)}`;
}

function assertSameOptimizers(
  saved: readonly SavedOptimizer[],
  optimizers: readonly Optimizer[],
  place: string,
): void {
  const [inFile, here] = [saved, optimizers].map((each) => each.map(({ name }) => name).join(', '));
  if (inFile !== here) {
    throw new Error(
      `resume: the optimizers are ${here}; the checkpoint in ${place} is of ${shortened(inFile!)}`,
    );
  }
  saved.forEach((each, i) => assertSameSlots(each, optimizers[i]!.slotNames, place));
}

/** An optimizer keeps the same slots for every variable. Which slots those are may depend on the options of the optimizer. */
function assertSameSlots({ name, slots }: SavedOptimizer, wanted: readonly string[], place: string): void {
  const byVariable = new Map<string, string[]>();
  for (const slot of slots) {
    const names = byVariable.get(slot.variable);
    if (names) names.push(slot.name);
    else byVariable.set(slot.variable, [slot.name]);
  }
  for (const [variable, found] of byVariable) {
    if (found.length === wanted.length && wanted.every((each) => found.includes(each))) continue;
    throw new Error(
      `resume: ${name} keeps ${listed(wanted)} for each variable; the checkpoint in ${place} has ${listed(found)} for ${describeName(variable)}: ` +
        "wanted an optimizer that is made as the one of the checkpoint was (rmsprop with the same 'centered', for one)",
    );
  }
}

function listed(slots: readonly string[]): string {
  return slots.length === 0 ? 'nothing' : shortened(slots.map((each) => described(each)).join(' and '));
}
