import type { OperatorFunction } from 'rxjs';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { tidy } from '../../tensor/scope';
import type { Scalar, Tensor } from '../../tensor/tensor';
import { emission, trailNow } from '../emission';
import { assertPositiveInteger, wrongGiven } from '../checks/arguments';
import { oneAtATime } from './parts/one-at-a-time';
import { assertWarmUp, warming, warmUpOptions, type WarmUpOptions } from './parts/warming';
import { NOTHING, operator, type Output } from '../operator';
import { noTrail } from '../trail';
import { Accumulation, type Contribution } from '../training/accumulation';
import { assertClipping, clipped, clippingOptions, type ClippingOptions } from '../training/clipping';
import { mayStep, skippingGuard, stoppingGuard, type FiniteGuard } from '../training/finite-guard';
import {
  assertOptimizer,
  followHyperparameters,
  hyperparameterOptions,
  type HyperparameterOptions,
} from '../training/hyperparameters';
import {
  constant,
  gradientsOptions,
  lossAndOptions,
  outputsOf,
  stepGradients,
  type GradientsOptions,
  type LossResult,
} from '../training/loss';
import { assertMetrics, measure, type AnyMetrics, type Metrics, type StepReport } from '../training/metrics';
import { asItIs, type RecordFunction } from '../training/record-function';
import { noteStepOf, stepsOf } from '../training/noted-steps';
import { SHARED_STEPS, type Peers, type PeersOfSteps } from '../training/peers';
import { refusePromise } from './map-tensor';
import { assertOptions as assertKnown, type OptionNames } from '../../tensor/options';

/** How {@link trainStep} takes its steps: the hyper-parameters, the variables, and the treatment of gradients. */
export interface TrainStepOptions extends HyperparameterOptions, ClippingOptions, GradientsOptions {
  /**
   * Takes one step for every `accumulate` batches, with the mean of their gradients, and emits the mean of their losses (and metrics). With batches
   * of one size, this equals a step with a batch `accumulate` times as large, but needs the memory of one batch and of two sums of gradients. When the
   * source completes, the batches that are left make a last step. 1 when left out.
   */
  readonly accumulate?: number;
  /**
   * What to do when a loss or a gradient (before clipping) is not finite. When left out, such a step spoils the variables. With either value the
   * device itself skips the step, and nothing waits for that.
   *
   * - `'skip'`: continues with the next step; the loss is emitted as it is. Nothing is read from the device.
   * - `'error'`: no later step changes anything, and the stream ends with an error that names the step, as soon as that has been read (up
   *   to the source's `inFlight` emissions later): variables and slots are as after the last finite step.
   *
   * The optimizer's `iterations` count skipped steps too.
   */
  readonly onNaN?: 'skip' | 'error';
  /**
   * `recorded` of `rxtensor/programs`: records a step (forward, backward, clipping and update as one) and replays it. With `accumulate`, what is
   * done for each batch and the step are recorded apart. Without a loss function it records the step behind the gradients.
   */
  readonly recorded?: RecordFunction;
  /**
   * Takes each step together with other members of a run, from `dataParallel` of `rxtensor/nats`: with the mean of the gradients of all, before
   * they are clipped and checked. It needs a loss function, and excludes `accumulate`.
   */
  readonly peers?: Peers;
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
 * With `metrics` it emits `{loss, step, metrics}`. They are functions of what the loss function gave, `{loss, …outputs}`, and in the first
 * form of the batch: scalars or other tensors, of the variables before the step.
 *
 * With a loss function it takes the options `warmUp` and `untilWarm`: it compiles what a step needs before the first batch comes.
 *
 * @param optimizer stays the caller's to dispose
 * @param loss gives a scalar (alone, or as `loss` among other outputs) from a batch and from trainable variables
 * @throws (as error notifications) when the loss is not a scalar, depends on no trainable variable, on an emission that has ended, or on a
 *   tape that an earlier step has used up; and for a batch that comes from within the loss function
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const slope = dl.variable(0);
 * const sgd = dl.train.sgd(0.1);
 * dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] }, { epochs: 20, shuffle: true, seed: 1 })
 *   .pipe(dl.batch(2), dl.trainStep(sgd, ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x))), dl.download())
 *   .subscribe({
 *     next: (loss) => console.log(loss),
 *     complete: () => dl.dispose(slope),
 *   });
 * ```
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const slope = dl.variable(0);
 * const adam = dl.train.adam(0.1);
 * dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] })
 *   .pipe(
 *     dl.batch(1),
 *     dl.trainStep(
 *       adam,
 *       ({ x, y }) => {
 *         const guess = slope.mul(x);
 *         return { loss: dl.losses.meanSquaredError(y, guess), guess };
 *       },
 *       { accumulate: 2, clipNorm: 1, metrics: { error: ({ guess }, { y }) => guess.sub(y).abs().mean() } },
 *     ),
 *     dl.download(),
 *   )
 *   .subscribe({
 *     next: ({ loss, step, metrics }) => console.log(step, loss, metrics.error),
 *     complete: () => dl.dispose(slope),
 *   });
 * ```
 */
// `never` accepts any metric until the compiler has inferred the result of the loss function.
export function trainStep<M extends Record<keyof M, Tensor>, R extends LossResult = never>(
  optimizer: Optimizer,
  options: TrainStepOptions & { readonly metrics: Metrics<R, [], M> },
): OperatorFunction<R, StepReport<M>>;
/** With metrics of the loss function's outputs and of the batch: emits `{loss, step, metrics}`. */
export function trainStep<T, M extends Record<keyof M, Tensor>, R extends LossResult = never>(
  optimizer: Optimizer,
  loss: (batch: T) => R,
  options: TrainStepOptions & WarmUpOptions<T> & { readonly metrics: Metrics<R, [batch: T], M> },
): OperatorFunction<T, StepReport<M>>;
/** Takes the loss itself, computed above in the same emission; emits it as a constant. */
export function trainStep(
  optimizer: Optimizer,
  options?: TrainStepOptions,
): OperatorFunction<LossResult, Scalar>;
/** Takes batches, and computes the loss of each; emits it as a constant. */
export function trainStep<T>(
  optimizer: Optimizer,
  loss: (batch: T) => LossResult,
  options?: TrainStepOptions & WarmUpOptions<T>,
): OperatorFunction<T, Scalar>;
export function trainStep(
  optimizer: Optimizer,
  lossOrOptions?: ((batch: unknown) => LossResult) | StepOptions,
  maybeOptions?: StepOptions,
): OperatorFunction<never, unknown> {
  const [loss, options] = lossAndOptions(name, lossOrOptions, maybeOptions);
  return stepping(optimizer, loss, options);
}

type StepOptions = TrainStepOptions & WarmUpOptions<unknown> & { readonly metrics?: AnyMetrics };

const name = 'trainStep';
const stepOptions: OptionNames<StepOptions> = {
  ...hyperparameterOptions,
  ...clippingOptions,
  ...gradientsOptions,
  ...warmUpOptions,
  ...{ accumulate: 1, onNaN: 1, metrics: 1, recorded: 1, peers: 1 },
};

/** @param lossOf null where the values are the losses */
function stepping(
  optimizer: Optimizer,
  lossOf: ((batch: unknown) => LossResult) | null,
  options: StepOptions,
): OperatorFunction<unknown, unknown> {
  assertOptions(optimizer, options);
  if (!lossOf && options.warmUp)
    throw wrongGiven(name, "option 'warmUp'", options.warmUp, 'a loss function beside it');
  const { metrics, accumulate = 1, onNaN, recorded: record = asItIs, peers } = options;
  const inStep = (peers as PeersOfSteps | undefined)?.[SHARED_STEPS];
  if (peers && !(inStep && lossOf && accumulate === 1))
    throw wrongGiven(
      name,
      "option 'peers'",
      peers,
      "what dataParallel gives, a loss function, and no 'accumulate'",
    );

  const contribution = (value: unknown): Contribution => {
    const result = lossOf ? tidy(name, () => refusePromise(name, lossOf(value), 'the loss function')) : value;
    const outputs = outputsOf(name, result);
    return {
      metrics: metrics ? measure(name, metrics, outputs, lossOf ? [value] : []) : {},
      loss: constant(outputs.loss),
      grads: stepGradients(name, outputs.loss, options),
      weight: outputs.weight,
    };
  };
  /** Changes the variables. Returns whether the device does it; null where nothing guards the step. */
  const take = record((mean: Contribution, before: Tensor | null): Tensor | null => {
    const good = onNaN === undefined ? null : mayStep(mean, before);
    optimizer.applyGradients(clipped(mean.grads, options), good);
    return good;
  });
  const whole = (value: unknown, before: Tensor | null): Contribution & { good: Tensor | null } => {
    const mean = contribution(value);
    return { loss: mean.loss, metrics: mean.metrics, grads: {}, good: take(mean, before) };
  };
  // A loss from above is on the tape, which no program continues.
  const [contribute, takeWhole] = lossOf ? [record(contribution), record(whole)] : [contribution, whole];

  const guardOf = (output: Output<never>): FiniteGuard | null =>
    onNaN === undefined ? null : onNaN === 'skip' ? skippingGuard() : stoppingGuard(name, output);

  /** Takes a step of all kinds of work that steps do, to warm up. */
  const rehearse = (output: Output<never>, batch: unknown): void => {
    const accumulation = new Accumulation(output, Math.min(accumulate, 2), asItIs);
    try {
      emission(name, () => {
        let mean: Contribution | null;
        do mean = accumulation.add(contribution(batch));
        while (!mean);
        // Before the first step there is none that it goes on from; before later ones there is.
        take(mean, onNaN === 'error' ? mayStep(mean, null) : null);
      });
    } finally {
      accumulation.release();
    }
  };

  return operator<unknown, unknown>(name, (output) => {
    const answering = warming(options, output, (batch) => rehearse(output, batch));
    const hyperparameters = followHyperparameters(optimizer, options, output.error);
    const training = stepsOf(optimizer);
    const accumulation = new Accumulation(output, accumulate, record);
    const guard = guardOf(output);
    const before = (): Tensor | null => guard?.before() ?? null;
    const taken = ({ loss, metrics: measured }: Contribution, good: Tensor | null): unknown => {
      if (good) guard?.watch(optimizer.iterations, good);
      training.end(accumulation);
      noteStepOf(optimizer);
      return metrics ? { loss, step: optimizer.iterations, metrics: measured } : loss;
    };
    const step = (mean: Contribution): unknown => {
      hyperparameters.apply();
      return taken(mean, take(mean, before()));
    };
    const alone = oneAtATime(name, 'the loss function, or a metric,');
    const stepWith = (value: unknown): unknown => {
      if (accumulate === 1) {
        hyperparameters.apply();
        const { good, ...mean } = alone(() => takeWhole(value, before()));
        return taken(mean, good);
      }
      const mean = accumulation.add(alone(() => contribute(value)));
      if (mean) return step(mean);
      training.begin(accumulation);
      return NOTHING;
    };
    /** The trail of the last batch, for a step that the source's completion triggers. */
    let trail = noTrail;
    const shared = inStep?.(name, output, {
      optimizer,
      options,
      emit: (...emission) => answering.emit(...emission),
      contribution: (batch) => alone(() => contribute(batch)),
      step,
    });
    const afterwards = (work: () => void, isComplete?: boolean): void => {
      const guarded = (): void => (guard ? guard.afterwards(work) : work());
      if (shared) shared.afterwards(guarded, isComplete);
      else guarded();
    };
    return {
      next: (value) => {
        if (shared) {
          shared.next(value);
          return;
        }
        trail = trailNow();
        answering.emit(() => tidy(name, () => stepWith(value)));
      },
      error: (error) => afterwards(() => output.error(error)),
      complete: () => {
        if (accumulation.isPartial)
          answering.emit(() => tidy(name, () => step(accumulation.takeRest())), trail);
        afterwards(output.complete, true);
      },
      teardown: () => {
        shared?.leave();
        hyperparameters.unsubscribe();
        accumulation.release();
        training.end(accumulation);
        guard?.release();
      },
    };
  });
}

function assertOptions(optimizer: Optimizer, options: StepOptions): void {
  const { accumulate = 1, onNaN, metrics = {}, recorded } = options;
  assertKnown<StepOptions>(name, options, stepOptions);
  assertOptimizer(name, optimizer, options);
  assertClipping(name, options);
  assertMetrics(name, metrics);
  assertWarmUp(name, options);
  assertPositiveInteger(name, "option 'accumulate'", accumulate);
  if (recorded !== undefined && typeof recorded !== 'function')
    throw wrongGiven(name, "option 'recorded'", recorded, 'the function recorded of rxtensor/programs');
  if (onNaN !== undefined && onNaN !== 'skip' && onNaN !== 'error') {
    throw new Error(`${name}: option 'onNaN' is ${String(onNaN)}; wanted 'skip' or 'error'`);
  }
}
