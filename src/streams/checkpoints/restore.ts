import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { scalar, tensor } from '../../tensor/ops/creation';
import { dispose, withoutScopes } from '../../tensor/scope';
import { formatShape } from '../../tensor/shape';
import type { Variable } from '../../tensor/variable';
import type { Checkpoint, SavedTensor } from './format';
import { describeName, type Weight } from './named-variables';

/**
 * Gives variables and optimizers what a checkpoint has for them. (The random numbers are for whoever starts the run to set.)
 *
 * @param place for messages: where the checkpoint is from
 * @throws (rejects) before anything has changed, where they are not those of the checkpoint
 */
export async function restore(
  { header, values }: Checkpoint,
  variables: ReadonlyMap<string, Variable>,
  optimizers: readonly Optimizer[],
  place: string,
): Promise<void> {
  assertSameVariables(header.variables, variables, place);
  assertSameOptimizers(
    header.optimizers.map(({ name }) => name),
    optimizers.map(({ name }) => name),
    place,
  );
  const made: Weight[] = [];
  const make = ({ name, shape, dtype }: SavedTensor): Weight => {
    const value = { name, tensor: withoutScopes(() => tensor(values[made.length]!, [...shape], dtype)) };
    made.push(value);
    return value;
  };
  const ofVariables = header.variables.map(make);
  const ofOptimizers = header.optimizers.map(({ name, slots }) =>
    slots.map((slot) => ({
      ...make(slot),
      name: `${variables.get(slot.variable)!.name}/${name}/${slot.name}`,
    })),
  );
  const steps = withoutScopes(() => header.optimizers.map(({ iterations }) => scalar(iterations)));
  try {
    for (const each of ofVariables) variables.get(each.name)!.assign(each.tensor);
    for (const [i, optimizer] of optimizers.entries()) {
      // Slots that the checkpoint does not know begin anew.
      optimizer.dispose();
      await optimizer.setWeights([{ name: 'iter', tensor: steps[i]! }, ...ofOptimizers[i]!]);
    }
  } finally {
    dispose([...made.map((each) => each.tensor), ...steps]);
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
        `resume: the checkpoint in ${place} has ${describeName(each.name)}; there is none here`,
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

function assertSameOptimizers(saved: readonly string[], found: readonly string[], place: string): void {
  if (saved.join() === found.join()) return;
  throw new Error(
    `resume: the optimizers are ${found.join(', ')}; the checkpoint in ${place} is of ${saved.join(', ')}`,
  );
}
