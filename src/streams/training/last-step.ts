import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { getRandomState, type RandomState } from '../../tensor/random-state';
import { afterEmission, noteStep, trailNow } from '../emission';
import type { Place } from '../trail';
import { stepTaken } from './begun-steps';

/**
 * Where the data and the random numbers were when the emission of an optimizer's latest step had ended. A value may be seen below later
 * than that, when further examples are on their way already; the variables are those of the latest step in any case.
 */
export interface LastStep {
  readonly place: Place | null;
  readonly random: RandomState;
  /** Grows with each step of any optimizer. */
  readonly order: number;
}

const lastSteps = new WeakMap<Optimizer, LastStep>();
let order = 0;

/** To be called in the emission of a step, when it has been taken. */
export function rememberStep(optimizer: Optimizer): void {
  const { place } = trailNow();
  noteStep({ optimizer, step: optimizer.iterations });
  afterEmission(() => lastSteps.set(optimizer, { place, random: getRandomState(), order: order++ }));
  stepTaken(optimizer);
}

/** The latest step of optimizers that took some, in emissions that have ended. */
export function lastStepOf(optimizers: readonly Optimizer[]): LastStep {
  return optimizers
    .map((each) => lastSteps.get(each)!)
    .reduce((latest, each) => (each.order > latest.order ? each : latest));
}
