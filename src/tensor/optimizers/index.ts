import { withDefaults } from '../defaults';
import { AdadeltaOptimizer } from './adadelta';
import { AdagradOptimizer } from './adagrad';
import { AdamOptimizer } from './adam';
import { AdamWOptimizer } from './adam-w';
import { AdamaxOptimizer } from './adamax';
import { LionOptimizer } from './lion';
import { MomentumOptimizer } from './momentum';
import { RMSPropOptimizer } from './rmsprop';
import { SGDOptimizer } from './sgd';

export {
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamaxOptimizer,
  AdamOptimizer,
  AdamWOptimizer,
  LionOptimizer,
  MomentumOptimizer,
  RMSPropOptimizer,
  SGDOptimizer,
};
export { Optimizer } from './optimizer';

/** Calls a constructor: its arguments and defaults are written once, there. */
function made<Arguments extends unknown[], T>(
  constructor: new (...args: Arguments) => T,
): (...args: Arguments) => T {
  return (...args) => new constructor(...withDefaults(constructor.length, args));
}

/** Makes optimizers. */
export const train = {
  /** See {@link SGDOptimizer}. */
  sgd: made(SGDOptimizer),
  /** See {@link MomentumOptimizer}. */
  momentum: made(MomentumOptimizer),
  /** See {@link AdagradOptimizer}. */
  adagrad: made(AdagradOptimizer),
  /** See {@link AdadeltaOptimizer}. */
  adadelta: made(AdadeltaOptimizer),
  /** See {@link AdamOptimizer}. */
  adam: made(AdamOptimizer),
  /** See {@link AdamaxOptimizer}. */
  adamax: made(AdamaxOptimizer),
  /** See {@link AdamWOptimizer}. */
  adamW: made(AdamWOptimizer),
  /** See {@link RMSPropOptimizer}. */
  rmsprop: made(RMSPropOptimizer),
  /** See {@link LionOptimizer}. */
  lion: made(LionOptimizer),
} as const;
