import { isObservable, pipe, type Observable, type OperatorFunction, type Subscription } from 'rxjs';
import { detached, handOver } from '../../tensor/detached';
import { assertLoss, lossGradients } from '../../tensor/gradients';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { tidy } from '../../tensor/scope';
import type { Scalar, Tensor } from '../../tensor/tensor';
import type { Variable } from '../../tensor/variable';
import { operator } from '../operator';
import { mapping } from './map-tensor';

export interface TrainStepOptions {
  /** Used from the next step on; an observable is followed while the stream is subscribed to. The optimizer's own when left out. */
  readonly learningRate?: number | Observable<number>;
  /** The variables to change; all trainable ones that the loss depends on when left out. */
  readonly variables?: Variable[];
  /** Leaves the tape as it is, so that another step below can use it too. */
  readonly retainTape?: boolean;
}

/**
 * One step of an optimizer for each emission; emits the loss, a constant scalar.
 *
 * With a loss function it takes batches. Without one it takes the loss itself, a scalar that operators above computed in the same
 * emission, and back-propagates through them. The first form is the second after `mapTensor(loss)`.
 *
 * ```text
 *  batches                    --a----b----c--|
 *  trainStep(adam, loss)      --l(a)-l(b)-l(c)|     the variables change before each l is emitted
 * ```
 *
 * @param optimizer stays the caller's to dispose
 * @param loss gives a scalar, from a batch and from trainable variables
 * @throws (as error notifications) when the loss is no scalar, depends on no trainable variable, on an emission that has ended, or on a
 *   tape that an earlier step has used up
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const slope = dl.variable(dl.scalar(0));
 * const sgd = dl.train.sgd(0.1);
 * dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] }, { epochs: 20, shuffle: true, seed: 1 })
 *   .pipe(dl.batch(2), dl.trainStep(sgd, ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x))), dl.download())
 *   .subscribe({
 *     next: (loss) => console.log(loss),
 *     complete: () => dl.dispose(slope),
 *   });
 * ```
 */
export function trainStep(optimizer: Optimizer, options?: TrainStepOptions): OperatorFunction<Tensor, Scalar>;
export function trainStep<T>(
  optimizer: Optimizer,
  loss: (batch: T) => Tensor,
  options?: TrainStepOptions,
): OperatorFunction<T, Scalar>;
export function trainStep(
  optimizer: Optimizer,
  lossOrOptions?: ((batch: never) => Tensor) | TrainStepOptions,
  maybeOptions?: TrainStepOptions,
): OperatorFunction<never, Scalar> {
  if (typeof lossOrOptions === 'function') {
    return pipe(mapping('trainStep', lossOrOptions), step(optimizer, maybeOptions ?? {}));
  }
  return step(optimizer, lossOrOptions ?? {});
}

function step(optimizer: Optimizer, options: TrainStepOptions): OperatorFunction<Tensor, Scalar> {
  const name = 'trainStep';
  if (typeof (optimizer as Partial<Optimizer> | undefined)?.applyGradients !== 'function') {
    throw new Error(
      `${name}: argument 'optimizer' is ${typeof optimizer}; wanted an optimizer, as train.adam()`,
    );
  }
  const { learningRate, variables, retainTape = false } = options;
  return operator<Tensor, Scalar>(name, (output) => {
    const rate = follow(learningRate, output.error);
    return {
      next: (loss) => {
        output.emit(() => {
          if (rate.value !== undefined) optimizer.setLearningRate(rate.value);
          tidy(name, () => {
            assertLoss(name, loss);
            assertOnTape(loss);
            const gradients = lossGradients(name, loss, variables, {
              differentiable: false,
              consume: !retainTape,
            });
            optimizer.applyGradients(gradients);
          });
          const constant = detached(loss);
          handOver(constant);
          return constant as Scalar;
        });
      },
      teardown: () => rate.subscription?.unsubscribe(),
    };
  });
}

function assertOnTape(loss: Tensor): void {
  if (loss.edge !== null) return;
  throw new Error(
    'trainStep: the loss is a constant, no operation on a trainable variable that was recorded led to it; wanted a loss computed in the ' +
      'same emission, in mapTensor, in the loss function, or by stock operators below a source or operator of this library ' +
      '(put scoped() after a stock source). What another trainStep emits, and what predict computes, is a constant',
  );
}

/** A number, or the latest of an observable; what it throws at the stream ends the stream. */
function follow(
  source: number | Observable<number> | undefined,
  fail: (error: unknown) => void,
): { value: number | undefined; subscription: Subscription | null } {
  const latest: { value: number | undefined; subscription: Subscription | null } = {
    value: undefined,
    subscription: null,
  };
  if (isObservable(source)) {
    latest.subscription = source.subscribe({ next: (value) => (latest.value = value), error: fail });
  } else {
    latest.value = source;
  }
  return latest;
}
