import { DEFAULT_EPSILON } from './epsilon';
import { Optimizer } from './optimizer';

/**
 * Adadelta (Zeiler, "ADADELTA: an adaptive learning rate method", arXiv:1212.5701, 2012): steps by the gradient times the root of
 * the running mean of the squares of the steps over that of the gradients. The paper has no learning rate; its is 1. As in the
 * paper the present gradient is in the mean that it is divided by; TensorFlow.js divides by the mean before it.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const w = dl.variable(5);
 * const optimizer = dl.train.adadelta(1);
 * optimizer.minimize(() => w.square());
 * w.print(); // nearer to 0
 * dl.dispose(w);
 * optimizer.dispose();
 * ```
 */
export class AdadeltaOptimizer extends Optimizer {
  constructor(learningRate = 0.001, rho = 0.95, epsilon: number | null = null) {
    super({
      name: 'adadelta',
      update: 'adadelta',
      settings: { learningRate, rho, epsilon: epsilon ?? DEFAULT_EPSILON },
      hyperparameters: (settings) => settings,
    });
  }
}
