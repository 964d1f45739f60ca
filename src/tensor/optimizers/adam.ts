import { DEFAULT_EPSILON } from './epsilon';
import { Optimizer } from './optimizer';

/**
 * Adam (Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015): steps by the running mean of the gradient over
 * the root of the running mean of its square.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const w = dl.variable(5);
 * const optimizer = dl.train.adam(0.1);
 * optimizer.minimize(() => w.square());
 * w.print(); // nearer to 0
 * dl.dispose(w);
 * optimizer.dispose();
 * ```
 */
export class AdamOptimizer extends Optimizer {
  constructor(learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon: number | null = null) {
    super({
      name: 'adam',
      update: 'adam',
      settings: { learningRate, beta1, beta2, epsilon: epsilon ?? DEFAULT_EPSILON },
      hyperparameters: (settings, t) => ({
        ...settings,
        correction1: 1 - settings.beta1! ** t,
        correction2: 1 - settings.beta2! ** t,
      }),
    });
  }
}
