import { Optimizer } from './optimizer';

/**
 * Stochastic gradient descent: v ← v − learningRate · g.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const w = dl.variable(5);
 * const optimizer = dl.train.sgd(0.1);
 * optimizer.minimize(() => w.square());
 * w.print(); // nearer to 0
 * dl.dispose(w);
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
