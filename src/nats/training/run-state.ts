import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { getRandomState, setRandomState } from '../../tensor/random-state';
import type { Variable } from '../../tensor/variable';
import { restore } from '../../streams/checkpoints/restore';
import { snapshot } from '../../streams/checkpoints/snapshot';
import { stepsOf } from '../../streams/training/noted-steps';
import type { SharedState } from './state-transfer';

/** The state of a run in one member: its variables, by the names of a snapshot, and its optimizer. */
export function runState(variables: ReadonlyMap<string, Variable>, optimizer: Optimizer): SharedState {
  return {
    snapshot: () => {
      const last = stepsOf(optimizer).last ?? { place: null, random: getRandomState(), order: 0 };
      return snapshot({ variables, optimizers: [optimizer], last });
    },
    restore: (checkpoint, place) => {
      restore(checkpoint, variables, [optimizer], place);
      setRandomState(checkpoint.header.random);
    },
  };
}
