import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { getRandomState } from '../../tensor/random-state';
import { afterEmission, noteStep, trailNow } from '../emission';
import { newIdentity } from '../identity';
import { TrainingSteps } from './training-steps';

const known = new WeakMap<Optimizer, TrainingSteps>();
let order = 0;

/** The steps of an optimizer. All operators that train with it share them. */
export function stepsOf(optimizer: Optimizer): TrainingSteps {
  const steps = known.get(optimizer) ?? new TrainingSteps(newIdentity(), optimizer);
  known.set(optimizer, steps);
  return steps;
}

/** Records a step. Call this during its emission, after the optimizer has taken the step. */
export function noteStepOf(optimizer: Optimizer): void {
  const training = stepsOf(optimizer);
  const { place } = trailNow();
  noteStep({ training, step: optimizer.iterations });
  afterEmission(() => (training.last = { place, random: getRandomState(), order: order++ }));
  training.taken();
}
