import type { OperatorFunction } from 'rxjs';
import { isPlainObject, isTensor } from '../../tensor/container';
import type { NamedTensorMap } from '../../tensor/gradients';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import type { Scalar, Tensor } from '../../tensor/tensor';
import { operator } from '../operator';
import {
  assertOptimizer,
  followHyperparameters,
  hyperparameterOptions,
  type HyperparameterOptions,
} from '../training/hyperparameters';
import { constant } from '../training/loss';
import { noteStepOf } from '../training/noted-steps';
import { assertOptions } from '../../tensor/options';

/**
 * The second half of {@link trainStep}: one step of an optimizer with the gradients of each value; emits its loss. See
 * {@link gradients}, which is the first half.
 *
 * ```text
 *  source                  --{l,g}--{m,h}--|
 *  applyGradients(adam)    --l------m------|     the variables change before l is emitted
 * ```
 *
 * @param optimizer stays the caller's to dispose
 * @throws (as error notifications) when a gradient has no living variable of its name, or another shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const slope = dl.variable(0, true, 'slope');
 * const sgd = dl.train.sgd(0.1);
 * dl.examples([1, 2, 3, 4])
 *   .pipe(
 *     dl.batch(2),
 *     dl.gradients((x) => dl.losses.meanSquaredError(x.mul(2), slope.mul(x))),
 *     dl.applyGradients(sgd, { learningRate: 0.05 }),
 *     dl.download(),
 *   )
 *   .subscribe({ next: (loss) => console.log(loss), complete: () => dl.dispose(slope) });
 * ```
 */
export function applyGradients(
  optimizer: Optimizer,
  options: HyperparameterOptions = {},
): OperatorFunction<{ readonly loss: Tensor; readonly grads: NamedTensorMap }, Scalar> {
  const name = 'applyGradients';
  assertOptions<HyperparameterOptions>(name, options, hyperparameterOptions);
  assertOptimizer(name, optimizer, options);
  return operator(name, (output) => {
    const hyperparameters = followHyperparameters(optimizer, options, output.error);
    return {
      next: (value) => {
        output.emit(() => {
          assertLossGradients(name, value);
          hyperparameters.apply();
          optimizer.applyGradients(value.grads);
          noteStepOf(optimizer);
          return constant(value.loss) as Scalar;
        });
      },
      teardown: hyperparameters.unsubscribe,
    };
  });
}

function assertLossGradients(name: string, value: unknown): void {
  if (isPlainObject(value) && isTensor(value.loss) && isPlainObject(value.grads)) {
    value.loss.assertUsable(name, 'loss');
    return;
  }
  const found = isTensor(value) ? 'a tensor' : typeof value;
  throw new Error(`${name}: the value is ${found}; wanted {loss, grads}, as gradients() emits`);
}
