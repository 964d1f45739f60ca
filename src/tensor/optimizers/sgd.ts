import { Optimizer } from './optimizer';

/**
 * Stochastic gradient descent: v ← v − learningRate · g.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const optimizer = dl.train.sgd(0.1);
 * optimizer.dispose();
 * ```
 */
export class SGDOptimizer extends Optimizer {
  constructor(learningRate: number) {
    super({
      name: 'sgd',
      update: 'sgd',
      settings: { learningRate },
      hyperparameters: (settings) => settings,
    });
  }
}
