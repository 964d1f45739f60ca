import { Optimizer } from './optimizer';

/**
 * Gradient descent with momentum (Polyak 1964): a ← momentum · a + g, v ← v − learningRate · a; with `useNesterov` the step
 * is taken along g + momentum · a (Sutskever et al., ICML 2013).
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const w = dl.variable(5);
 * const optimizer = dl.train.momentum(0.1, 0.9);
 * optimizer.minimize(() => w.square());
 * w.print(); // nearer to 0
 * dl.dispose(w);
 * optimizer.dispose();
 * ```
 */
export class MomentumOptimizer extends Optimizer {
  constructor(learningRate: number, momentum: number, useNesterov = false) {
    super({
      name: 'momentum',
      update: 'momentum',
      settings: { learningRate, momentum },
      hyperparameters: (settings) => ({ ...settings, nesterov: useNesterov ? 1 : 0 }),
    });
  }
}
