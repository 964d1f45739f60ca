import { Optimizer } from './optimizer';

/**
 * Lion (Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023): steps by the sign alone of a mean of the
 * gradient and its running mean, so that all steps have one size; wants a learning rate some ten times smaller than Adam's.
 *
 * @param weightDecay decoupled, as in {@link AdamWOptimizer}
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x = dl.variable(1);
 * const optimizer = dl.train.lion(0.25);
 * optimizer.minimize(() => x.square().asScalar());
 * x.print(); // 0.75
 * dl.dispose(x);
 * optimizer.dispose();
 * ```
 */
export class LionOptimizer extends Optimizer {
  constructor(learningRate = 0.0001, beta1 = 0.9, beta2 = 0.99, weightDecay = 0) {
    super({
      name: 'lion',
      update: 'lion',
      settings: { learningRate, beta1, beta2, weightDecay },
      hyperparameters: (settings) => settings,
    });
  }
}
