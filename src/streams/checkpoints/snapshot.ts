import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { dispose, withoutScopes } from '../../tensor/scope';
import type { Tensor } from '../../tensor/tensor';
import type { Variable } from '../../tensor/variable';
import type { LastStep } from '../training/last-step';
import type { Checkpoint, SavedOptimizer, SavedTensor } from './format';
import type { Weight } from './named-variables';

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
  // Views on what the variables hold now: an update writes new storage.
  const weights = withoutScopes(() => optimizers.map((each) => each.getWeights()));
  const iterations = optimizers.map((each) => each.iterations);
  const values = Promise.all([...variables.values()].map((each) => each.data()));
  // One that fails while the slots are awaited is dealt with below.
  values.catch(() => undefined);
  const slots = await Promise.all(weights);
  let saved: SavedOptimizer[];
  let slotValues: Promise<Checkpoint['values']>;
  try {
    saved = slots.map((each, i) => savedOptimizer(optimizers[i]!, iterations[i]!, each, variables));
    slotValues = Promise.all(slots.flatMap(slotsIn).map(({ tensor }) => tensor.data()));
  } finally {
    // A read gives what was there when it was asked for: nothing is held while it is under way.
    dispose(slots.flat().map(({ tensor }) => tensor));
  }
  const read = await Promise.all([values, slotValues]);
  return {
    header: {
      position: last.place?.position ?? 0,
      length: last.place?.length ?? null,
      random: last.random,
      variables: [...variables].map(([name, each]) => savedTensor(name, each)),
      optimizers: saved,
    },
    values: read.flat(),
  };
}

/** Of what `getWeights` gives: the first is the number of steps. */
function slotsIn(weights: readonly Weight[]): readonly Weight[] {
  return weights.slice(1);
}

function savedTensor(name: string, { shape, dtype }: Tensor): SavedTensor {
  return { name, shape, dtype };
}

function savedOptimizer(
  { name }: Optimizer,
  iterations: number,
  weights: readonly Weight[],
  variables: ReadonlyMap<string, Variable>,
): SavedOptimizer {
  const slots = slotsIn(weights).map((slot) => {
    const owner = [...variables].find(([, each]) => slot.name.startsWith(`${each.name}/${name}/`));
    if (!owner) {
      throw new Error(
        `checkpoint: ${name} keeps '${slot.name}' for a variable that the checkpoint would not have; wanted it among the option 'variables'`,
      );
    }
    const [ownName, variable] = owner;
    const slotName = slot.name.slice(`${variable.name}/${name}/`.length);
    return { variable: ownName, ...savedTensor(slotName, slot.tensor) };
  });
  return { name, iterations, slots };
}
