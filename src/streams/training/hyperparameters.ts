import { isObservable, Subscription, type Observable } from 'rxjs';
import { assertOwnTensors } from '../../tensor/copies';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { wrongGiven } from '../checks/arguments';
import { nearest, type OptionNames } from '../../tensor/options';

/** A number, or an observable of numbers: each step uses the latest value. */
export type Hyperparameter = number | Observable<number>;

/** The hyper-parameters of an optimizer while a stream is subscribed to. */
export interface HyperparameterOptions {
  /** By default, and until an observable has emitted, the learning rate of the optimizer is used. */
  readonly learningRate?: Hyperparameter;
  /** The optimizer's other hyper-parameters, by the names that its method `set` takes, as `{beta1: 0.8}` for Adam. */
  readonly hyperparameters?: Readonly<Record<string, Hyperparameter>>;
}

export const hyperparameterOptions: OptionNames<HyperparameterOptions> = {
  learningRate: 1,
  hyperparameters: 1,
};

/** Hyper-parameters, some of which may come from observables that are subscribed to. */
export interface FollowedHyperparameters {
  /** Gives the optimizer the latest values. */
  readonly apply: () => void;
  readonly unsubscribe: () => void;
}

/** @throws unless `optimizer` is an optimizer that has every hyper-parameter in the options */
export function assertOptimizer(name: string, optimizer: Optimizer, options: HyperparameterOptions): void {
  assertOwnTensors(name, 'optimizer', optimizer);
  if (typeof (optimizer as Partial<Optimizer> | undefined)?.applyGradients !== 'function') {
    throw new Error(
      `${name}: argument 'optimizer' is ${typeof optimizer}; wanted an optimizer, as train.adam()`,
    );
  }
  const { learningRate, hyperparameters = {} } = options;
  for (const key of Object.keys(hyperparameters)) {
    if (!optimizer.settings.includes(key)) {
      throw new Error(
        `${name}: option 'hyperparameters' names '${key}'; wanted those of ${optimizer.name}: ${nearest(key, optimizer.settings)}`,
      );
    }
  }
  for (const [key, value] of Object.entries({ learningRate, ...hyperparameters })) {
    if (value === undefined || typeof value === 'number' || isObservable(value)) continue;
    throw wrongGiven(name, `option '${key}'`, value, 'a number, or an observable of numbers');
  }
  if (learningRate !== undefined && 'learningRate' in hyperparameters) {
    throw new Error(
      `${name}: options 'learningRate' and 'hyperparameters' both give the learning rate; wanted one`,
    );
  }
}

/**
 * Subscribes to the observables among the hyper-parameters.
 *
 * @param fail called with the error of an observable
 */
export function followHyperparameters(
  optimizer: Optimizer,
  options: HyperparameterOptions,
  fail: (error: unknown) => void,
): FollowedHyperparameters {
  const { learningRate, hyperparameters = {} } = options;
  const sources = Object.entries(
    learningRate === undefined ? hyperparameters : { learningRate, ...hyperparameters },
  );
  const latest = new Map<string, number>();
  const subscription = new Subscription();
  for (const [key, source] of sources) {
    if (!isObservable(source)) latest.set(key, source);
    else subscription.add(source.subscribe({ next: (value) => latest.set(key, value), error: fail }));
  }
  return {
    apply: () => latest.forEach((value, key) => optimizer.set(key, value)),
    unsubscribe: () => subscription.unsubscribe(),
  };
}
