import { wrongArgument } from '../argument';
import { DEFAULT_EPSILON } from './epsilon';
import { Optimizer } from './optimizer';

/**
 * Adagrad (Duchi, Hazan & Singer, "Adaptive subgradient methods for online learning and stochastic optimization", JMLR 2011):
 * steps by the gradient over the root of the sum of all its squares so far.
 *
 * @param initialAccumulatorValue what that sum begins with
 * @throws when `initialAccumulatorValue` is negative
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x = dl.variable(5);
 * const optimizer = dl.train.adagrad(0.1);
 * optimizer.minimize(() => x.square().asScalar());
 * x.print(); // near 4.9
 * dl.dispose(x);
 * optimizer.dispose();
 * ```
 */
export class AdagradOptimizer extends Optimizer {
  constructor(learningRate: number, initialAccumulatorValue = 0.1) {
    if (!(Number.isFinite(initialAccumulatorValue) && initialAccumulatorValue >= 0)) {
      throw wrongArgument(
        'adagrad',
        'initialAccumulatorValue',
        initialAccumulatorValue,
        'a finite, non-negative number',
      );
    }
    super({
      name: 'adagrad',
      update: 'adagrad',
      settings: { learningRate },
      initialState: initialAccumulatorValue,
      hyperparameters: (settings) => ({ ...settings, epsilon: DEFAULT_EPSILON }),
    });
  }
}
