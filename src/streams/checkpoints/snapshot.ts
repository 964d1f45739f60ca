import type { Optimizer } from '../../tensor/optimizers/optimizer';
import type { Tensor } from '../../tensor/tensor';
import type { Variable } from '../../tensor/variable';
import type { LastStep } from '../training/training-steps';
import type { Checkpoint } from './format';
import type { SavedSlot, SavedTensor } from './header';

/** The state that a checkpoint saves. */
export interface TrainingState {
  /** By their names in the checkpoint. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** In the order in which they step. */
  readonly optimizers: readonly Optimizer[];
  readonly last: LastStep;
  /** What else is kept, as JSON. */
  readonly kept?: string | undefined;
}

/** Copies the present state. Computations that run while the result is awaited do not change it. */
export async function snapshot({ variables, optimizers, last, kept }: TrainingState): Promise<Checkpoint> {
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
    kept,
  };
  // A read returns the values at the moment of the call, because updates write to new storage.
  const values = [...variables.values(), ...slots.flat().map(({ value }) => value)].map((each) =>
    each.data(),
  );
  return { header, values: await Promise.all(values) };
}

function savedTensor(name: string, { shape, dtype }: Tensor): SavedTensor {
  return { name, shape, dtype };
}

/** The slots of an optimizer, under their names in the checkpoint. */
function slotsOf(
  optimizer: Optimizer,
  ownNames: ReadonlyMap<Variable, string>,
): { readonly saved: SavedSlot; readonly value: Variable }[] {
  return optimizer.slotsOfLiving().map(({ variable, slot, value }) => {
    const ownName = ownNames.get(variable);
    if (ownName === undefined) {
      throw new Error(
        `checkpoint: ${optimizer.name} keeps '${variable.name}/${optimizer.name}/${slot}' for a variable that is not in the checkpoint; ` +
          "wanted it among the option 'variables'",
      );
    }
    return { saved: { variable: ownName, ...savedTensor(slot, value) }, value };
  });
}
