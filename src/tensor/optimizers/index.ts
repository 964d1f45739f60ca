import { AdamOptimizer } from './adam';
import { MomentumOptimizer } from './momentum';
import { SGDOptimizer } from './sgd';

export { AdamOptimizer, MomentumOptimizer, SGDOptimizer };
export { Optimizer } from './optimizer';

/** Makes optimizers. */
export const train = {
  /** See {@link SGDOptimizer}. */
  sgd: (learningRate: number): SGDOptimizer => new SGDOptimizer(learningRate),
  /** See {@link MomentumOptimizer}. */
  momentum: (learningRate: number, momentum: number, useNesterov = false): MomentumOptimizer =>
    new MomentumOptimizer(learningRate, momentum, useNesterov),
  /** See {@link AdamOptimizer}. */
  adam: (learningRate?: number, beta1?: number, beta2?: number, epsilon?: number): AdamOptimizer =>
    new AdamOptimizer(learningRate, beta1, beta2, epsilon),
} as const;
