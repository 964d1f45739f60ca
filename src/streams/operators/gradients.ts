import type { OperatorFunction } from 'rxjs';
import type { NamedTensorMap } from '../../tensor/gradients';
import { tidy } from '../../tensor/scope';
import type { Scalar } from '../../tensor/tensor';
import { operator } from '../operator';
import {
  constant,
  gradientsOptions,
  lossAndOptions,
  outputsOf,
  stepGradients,
  type GradientsOptions,
  type LossResult,
} from '../training/loss';
import { refusePromise } from './map-tensor';
import { assertOptions } from '../../tensor/options';

/** A loss and its gradients by the names of the variables. */
export interface LossGradients {
  /** The loss, a constant. */
  readonly loss: Scalar;
  /** The gradients: constants, each of the shape of its variable. */
  readonly grads: NamedTensorMap;
}

/**
 * The first half of {@link trainStep}: computes the gradients of a loss without taking a step. Plain operators between it and the second half,
 * {@link applyGradients}, may clip the gradients, add noise, or average the gradients of several sources.
 *
 * ```text
 *  batches            --a---------b---------c--|
 *  gradients(loss)    --{l,g}(a)--{l,g}(b)--{l,g}(c)|     g: by the names of the variables
 * ```
 *
 * With a loss function it takes batches. Without one it takes the loss itself, which operators above computed in the same emission.
 * The gradients are constants and live as long as the emission; a tape that is not retained is used up.
 *
 * @param loss gives a scalar (alone, or as `loss` among other outputs) from a batch and from trainable variables
 * @throws (as error notifications) when the loss is not a scalar, depends on no trainable variable, on an emission that has ended, or on a
 *   tape that an earlier step has used up
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const slope = dl.variable(0, true, 'slope');
 * const sgd = dl.train.sgd(0.1);
 * dl.examples([1, 2, 3, 4])
 *   .pipe(
 *     dl.batch(2),
 *     dl.gradients((x) => dl.losses.meanSquaredError(x.mul(2), slope.mul(x))),
 *     dl.mapTensor(({ loss, grads }) => ({ loss, grads: { slope: grads['slope']!.clipByValue(-1, 1) } })),
 *     dl.applyGradients(sgd),
 *     dl.download(),
 *   )
 *   .subscribe({ next: (loss) => console.log(loss), complete: () => dl.dispose(slope) });
 * ```
 */
export function gradients(options?: GradientsOptions): OperatorFunction<LossResult, LossGradients>;
/** Takes batches, and computes the loss of each. */
export function gradients<T>(
  loss: (batch: T) => LossResult,
  options?: GradientsOptions,
): OperatorFunction<T, LossGradients>;
export function gradients(
  lossOrOptions?: ((batch: unknown) => LossResult) | GradientsOptions,
  maybeOptions?: GradientsOptions,
): OperatorFunction<never, LossGradients> {
  const name = 'gradients';
  const [lossOf, options] = lossAndOptions(name, lossOrOptions, maybeOptions);
  assertOptions<GradientsOptions>(name, options, gradientsOptions);
  return operator<unknown, LossGradients>(name, (output) => ({
    next: (value) => {
      output.emit(() =>
        tidy(name, () => {
          const result = lossOf
            ? tidy(name, () => refusePromise(name, lossOf(value), 'the loss function'))
            : value;
          const { loss } = outputsOf(name, result);
          return { loss: constant(loss) as Scalar, grads: stepGradients(name, loss, options) };
        }),
      );
    },
  }));
}
