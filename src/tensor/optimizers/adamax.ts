import { DEFAULT_EPSILON } from './epsilon';
import { Optimizer } from './optimizer';

/**
 * AdaMax (Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015, section 7.1): Adam with the greatest magnitude of the
 * gradients, decaying, in place of the root of their mean square.
 *
 * @param decay the learning rate of step t = 1, 2, … is learningRate / (1 + decay · (t − 1))
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const w = dl.variable(5);
 * const optimizer = dl.train.adamax(0.1);
 * optimizer.minimize(() => w.square());
 * w.print(); // nearer to 0
 * dl.dispose(w);
 * optimizer.dispose();
 * ```
 */
export class AdamaxOptimizer extends Optimizer {
  constructor(learningRate = 0.002, beta1 = 0.9, beta2 = 0.999, epsilon: number | null = null, decay = 0) {
    super({
      name: 'adamax',
      update: 'adamax',
      settings: { learningRate, beta1, beta2, epsilon: epsilon ?? DEFAULT_EPSILON, decay },
      hyperparameters: (settings, t) => ({
        ...settings,
        rate: settings.learningRate! / (1 + settings.decay! * (t - 1)) / (1 - settings.beta1! ** t),
      }),
    });
  }
}
