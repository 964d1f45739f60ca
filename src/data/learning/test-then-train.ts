import { pipe, type OperatorFunction } from 'rxjs';
import { operator } from '../../streams/operator';
import { download } from '../../streams/operators/download';
import { trainStep, type TrainStepOptions } from '../../streams/operators/train-step';
import type { LossResult, OutputsOf } from '../../streams/training/loss';
import { hyperparameterOptions } from '../../streams/training/hyperparameters';
import { clippingOptions } from '../../streams/training/clipping';
import { gradientsOptions } from '../../streams/training/loss';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { assertOptions } from '../../tensor/options';
import type { Scalar } from '../../tensor/tensor';
import {
  assertForgetting,
  prequentialMeans,
  type PrequentialMeans,
  type PrequentialOptions,
} from './prequential';
import { wrongGiven } from '../../streams/checks/arguments';
import type { StepMetrics } from '../metrics/step-metrics';

/** How {@link testThenTrain} measures and trains. */
export interface TestThenTrainOptions<T, R, K extends string, M = null>
  extends TrainStepOptions, PrequentialOptions {
  /** Scalars to measure, of what the loss function gave and of the batch, by name: an accuracy, for example. */
  readonly metrics?: Readonly<Record<K, (outputs: OutputsOf<R>, batch: T) => Scalar>>;
  /** What is no mean of batches, as AUC and F1: {@link stepMetrics}, which measures all steps so far or a window of them. Not with `accumulate`. */
  readonly measure?: StepMetrics<OutputsOf<R>, T, M>;
  /** Where the means are, if a checkpoint keeps them or several streams share them: `prequentialMeans()`. */
  readonly means?: PrequentialMeans;
}

/** What {@link testThenTrain} emits for a batch. */
export interface Tested<K extends string, M = null> {
  /** The number of the step, as the optimizer counts: 1, 2, … */
  readonly step: number;
  /** The loss of the batch, and the metrics by their names, before the step: the batch was not seen yet. */
  readonly batch: Readonly<Record<K | 'loss', number>>;
  /** Their means over time. */
  readonly mean: Readonly<Record<K | 'loss', number>>;
  /** What the option `measure` amounts to with this batch, by names; null without it. */
  readonly measured: M;
}

/**
 * Prequential evaluation (Dawid 1984; Gama et al. 2013): each batch is first predicted and scored, then trained on. So every score is one of data
 * that the model has not seen, and no data is set aside. Emits numbers, later, as `download` does.
 *
 * ```text
 *  batches                                  --a---------b---------c--
 *  testThenTrain(adam, loss, {window: 2})   --s(a)------s(a,b)----s(b,c)--     s: scored before the step
 * ```
 *
 * The prediction is the one that the loss function makes on its way, with the variables before the step: it is computed once. (A model with
 * dropout is therefore scored with dropout.)
 *
 * @param optimizer stays the caller's to dispose
 * @param loss gives a scalar, alone or as `loss` among other outputs
 * @throws (as error notifications) what `trainStep` throws
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { testThenTrain } from 'rxtensor/data';
 * const slope = dl.variable(0);
 * const loss = ({ x, y }: { x: dl.Tensor; y: dl.Tensor }) => {
 *   const guess = slope.mul(x);
 *   return { loss: dl.losses.meanSquaredError(y, guess), guess };
 * };
 * dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] }, { epochs: 5 })
 *   .pipe(
 *     dl.batch(2),
 *     testThenTrain(dl.train.sgd(0.05), loss, {
 *       fading: 0.9,
 *       metrics: { error: ({ guess }, { y }) => guess.sub(y).abs().mean<dl.Scalar>() },
 *     }),
 *   )
 *   .subscribe({ next: ({ step, mean }) => console.log(step, mean.error), complete: () => dl.dispose(slope) });
 * ```
 */
export function testThenTrain<T, R extends LossResult, K extends string = never, M = null>(
  optimizer: Optimizer,
  loss: (batch: T) => R,
  options: TestThenTrainOptions<T, R, K, M> = {},
): OperatorFunction<T, Tested<K, M>> {
  const name = 'testThenTrain';
  assertOptions<TestThenTrainOptions<T, R, K, M>>(name, options, {
    ...hyperparameterOptions,
    ...clippingOptions,
    ...gradientsOptions,
    ...{
      accumulate: 1,
      onNaN: 1,
      recorded: 1,
      peers: 1,
      metrics: 1,
      measure: 1,
      means: 1,
      window: 1,
      fading: 1,
    },
  });
  if (typeof loss !== 'function') throw wrongGiven(name, "argument 'loss'", loss, 'a function of a batch');
  const { window, fading, means, metrics, measure, ...training } = options;
  const forgetting = { ...(window !== undefined && { window }), ...(fading !== undefined && { fading }) };
  assertForgetting(name, forgetting);
  if (means && Object.keys(forgetting).length > 0)
    throw new Error(
      `${name}: option 'means' is given beside 'window' or 'fading'; wanted those in prequentialMeans()`,
    );
  if (measure && typeof measure.update !== 'function')
    throw wrongGiven(name, "option 'measure'", measure, 'what stepMetrics() gives');
  if (measure && (options.accumulate ?? 1) !== 1)
    throw wrongGiven(name, "option 'accumulate'", options.accumulate, "1 beside 'measure'");
  if (measure && metrics && Object.hasOwn(metrics, 'measured'))
    throw new Error(
      `${name}: option 'metrics' has 'measured' beside the option 'measure'; wanted another name`,
    );
  type Functions = Record<K, (outputs: OutputsOf<R>, batch: T) => Scalar>;
  const stepping = trainStep<T, Record<K, Scalar>, R>(optimizer, loss, {
    ...training,
    metrics: { ...metrics, ...measure?.tensors } as Functions,
  });
  const averaging = operator<Downloads<K>, Tested<K, M>>(name, (output) => {
    const over = means ?? prequentialMeans(forgetting);
    return {
      next: ({ step, loss: lossOfBatch, metrics: { measured: values, ...numbers } }) => {
        const measured = (measure ? measure.update(values as ArrayLike<number>) : null) as M;
        // Without the option it is a metric with that name.
        const own = measure || values === undefined ? numbers : { ...numbers, measured: values };
        const batch = { ...own, loss: lossOfBatch } as Record<K | 'loss', number>;
        const mean = over.update(batch) as Record<K | 'loss', number>;
        output.emit(() => ({ step, batch, mean, measured }));
      },
    };
  });
  return pipe(stepping, download(), averaging as unknown as OperatorFunction<unknown, Tested<K, M>>);
}

interface Downloads<K extends string> {
  readonly step: number;
  readonly loss: number;
  readonly metrics: Readonly<Record<K, number>> & { readonly measured?: ArrayLike<number> | number };
}
