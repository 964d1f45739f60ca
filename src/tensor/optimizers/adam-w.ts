import { DEFAULT_EPSILON } from './epsilon';
import { Optimizer } from './optimizer';

/**
 * AdamW (Loshchilov & Hutter, "Decoupled weight decay regularization", ICLR 2019): Adam, and every step also takes
 * learningRate · weightDecay of each value away, which unlike a penalty in the loss is not scaled by the gradients' size.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const w = dl.variable(5);
 * const optimizer = dl.train.adamW(0.001, 0.9, 0.999, 1e-7, 0.01);
 * optimizer.minimize(() => w.square());
 * w.print(); // nearer to 0
 * dl.dispose(w);
 * optimizer.dispose();
 * ```
 */
export class AdamWOptimizer extends Optimizer {
  constructor(
    learningRate = 0.001,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon: number | null = null,
    weightDecay = 0.01,
  ) {
    super({
      name: 'adamW',
      update: 'adamW',
      settings: { learningRate, beta1, beta2, epsilon: epsilon ?? DEFAULT_EPSILON, weightDecay },
      hyperparameters: (settings, t) => ({
        ...settings,
        correction1: 1 - settings.beta1! ** t,
        correction2: 1 - settings.beta2! ** t,
      }),
    });
  }
}
