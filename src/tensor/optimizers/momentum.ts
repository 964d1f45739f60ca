import { Optimizer } from './optimizer';

/**
 * Gradient descent with momentum (Polyak 1964): a ← momentum · a + g, v ← v − learningRate · a; with `useNesterov` the step
 * is taken along g + momentum · a (Sutskever et al., ICML 2013).
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
