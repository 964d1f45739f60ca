import { DEFAULT_EPSILON } from './epsilon';
import { Optimizer } from './optimizer';

/**
 * RMSProp (Tieleman & Hinton, "Lecture 6.5", Coursera 2012; with momentum and centered as in Graves, "Generating sequences with
 * recurrent neural networks", arXiv:1308.0850, 2013): steps by the gradient over the root of the running mean of its square.
 *
 * @param decay of the running means
 * @param momentum of the steps
 * @param centered divides by the root of the gradient's running variance instead
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const w = dl.variable(5);
 * const optimizer = dl.train.rmsprop(0.1);
 * optimizer.minimize(() => w.square());
 * w.print(); // nearer to 0
 * dl.dispose(w);
 * optimizer.dispose();
 * ```
 */
export class RMSPropOptimizer extends Optimizer {
  constructor(
    learningRate: number,
    decay = 0.9,
    momentum = 0,
    epsilon: number | null = null,
    centered = false,
  ) {
    super({
      name: 'rmsprop',
      update: centered ? 'centeredRmsprop' : 'rmsprop',
      settings: { learningRate, decay, momentum, epsilon: epsilon ?? DEFAULT_EPSILON },
      hyperparameters: (settings) => settings,
    });
  }
}
