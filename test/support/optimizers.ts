import * as dl from '../../src/index';

/** One of every optimizer, by name. */
export const everyOptimizer: Readonly<Record<string, () => dl.Optimizer>> = {
  sgd: () => dl.train.sgd(0.1),
  momentum: () => dl.train.momentum(0.1, 0.9),
  nesterov: () => dl.train.momentum(0.1, 0.9, true),
  adagrad: () => dl.train.adagrad(0.1),
  adadelta: () => dl.train.adadelta(),
  adam: () => dl.train.adam(),
  adamax: () => dl.train.adamax(),
  adamW: () => dl.train.adamW(),
  rmsprop: () => dl.train.rmsprop(0.1),
  centered: () => dl.train.rmsprop(0.1, 0.9, 0.5, 1e-4, true),
  lion: () => dl.train.lion(),
};
