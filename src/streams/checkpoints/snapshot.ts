import type { Optimizer } from '../../tensor/optimizers/optimizer';
import type { Tensor } from '../../tensor/tensor';
import type { Variable } from '../../tensor/variable';
import type { LastStep } from '../training/training-steps';
import type { Checkpoint } from './format';
import type { SavedSlot, SavedTensor } from './header';

/** What a checkpoint is taken of. */
export interface TrainingState {
  /** By the names that the checkpoint has for them. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** In the order in which they step. */
  readonly optimizers: readonly Optimizer[];
  readonly last: LastStep;
}

/** All of it as it is now; what is computed while this is awaited does not change it. */
export async function snapshot({ variables, optimizers, last }: TrainingState): Promise<Checkpoint> {
  const ownNames = new Map([...variables].map(([name, variable]) => [variable, name]));
  const slots = optimizers.map((each) => slotsOf(each, ownNames));
  const header = {
    position: last.place?.position ?? 0,
    length: last.place?.length ?? null,
    random: last.random,
    variables: [...variables].map(([name, each]) => savedTensor(name, each)),
    optimizers: optimizers.map(({ name, iterations }, i) => ({
      name,
      iterations,
      slots: slots[i]!.map(({ saved }) => saved),
    })),
  };
  // A read gives what was there when it was asked for: an update writes new storage.
  const values = [...variables.values(), ...slots.flat().map(({ value }) => value)].map((each) =>
    each.data(),
  );
  return { header, values: await Promise.all(values) };
}

function savedTensor(name: string, { shape, dtype }: Tensor): SavedTensor {
  return { name, shape, dtype };
}

/** What an optimizer keeps, as the checkpoint has it. */
function slotsOf(
  optimizer: Optimizer,
  ownNames: ReadonlyMap<Variable, string>,
): { readonly saved: SavedSlot; readonly value: Variable }[] {
  return optimizer.slotsOfLiving().map(({ variable, slot, value }) => {
    const ownName = ownNames.get(variable);
    if (ownName === undefined) {
      throw new Error(
        `checkpoint: ${optimizer.name} keeps '${variable.name}/${optimizer.name}/${slot}' for a variable that the checkpoint would not have; ` +
          "wanted it among the option 'variables'",
      );
    }
    return { saved: { variable: ownName, ...savedTensor(slot, value) }, value };
  });
}
