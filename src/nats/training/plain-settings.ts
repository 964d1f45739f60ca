import { isObservable } from 'rxjs';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import type { SharedStep } from '../../streams/training/peers';

/** What all members of a run must have alike in the way they take steps, by its names. */
export type PlainSettings = Readonly<Record<string, string | number>>;

/** The hyper-parameters of an optimizer that are the same from the beginning to the end: those that observables give are left out. */
export function plainHyperparameters(
  optimizer: Optimizer,
  {
    learningRate,
    hyperparameters = {},
  }: Pick<SharedStep['options'], 'learningRate' | 'hyperparameters'> = {},
): PlainSettings {
  const { update, settings, hyperparameters: rowOf } = optimizer.definition;
  // What was chosen for good, as Nesterov's form, shows where all that can be set is 0.
  const chosen = rowOf(Object.fromEntries(Object.keys(settings).map((key) => [key, 0])), 1);
  const given = { ...(learningRate === undefined ? {} : { learningRate }), ...hyperparameters };
  return Object.fromEntries(
    Object.entries({ update, ...chosen, ...settings, ...given }).flatMap(([key, value]) =>
      isObservable(value) ? [] : [[key, value]],
    ),
  );
}

/** How `trainStep` takes steps, as far as it is the same from the first to the last. What is left out is a difference, too. */
export function plainSettings({
  optimizer,
  options,
}: Pick<SharedStep, 'optimizer' | 'options'>): PlainSettings {
  const { clipNorm = 'none', clipValue = 'none', onNaN = 'none', metrics = {} } = options;
  return {
    ...plainHyperparameters(optimizer, options),
    ...{ clipNorm, clipValue, onNaN, metrics: JSON.stringify(Object.keys(metrics)) },
  };
}
