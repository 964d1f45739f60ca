import {
  defer,
  finalize,
  isObservable,
  ReplaySubject,
  Subject,
  switchMap,
  take,
  takeUntil,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { afterEmission, subscribing } from '../emission';
import { assertPositiveInteger } from '../checks/arguments';
import { mapping } from './map-tensor';
import { mapTensorAsync } from './map-tensor-async';
import { warmUpOptions, type WarmUpOptions } from './parts/warming';
import { withoutTaping } from '../../tensor/extent';
import { assertOptions } from '../../tensor/options';
import { tidy } from '../../tensor/scope';
import { warmUp } from '../../tensor/warm-up';

/** A model, such as a loaded one, or one version of it, which {@link predict} uses until the next one comes. */
export interface ModelVersion<T, R> {
  /** Computes the prediction for a value. */
  readonly predict: (value: T) => R;
  /** Whether it waits for values on the host while it runs: `inBatches` is called for its values one by one then. */
  readonly waits?: boolean;
  /** Gives a function that runs the model for several values at once and never blocks; see {@link PredictOptions.maxBatch}. */
  readonly inBatches?: (options: Required<BatchingOptions>) => (value: T) => PromiseLike<R>;
  /** Called when it comes into use. The function that it returns is called when it is in use no more, and may free what it needs. */
  readonly hold?: () => () => void;
}

/** How {@link predict} joins values that wait for a loaded model. */
export interface BatchingOptions {
  /** The most rows of one run. Values that come while the model runs wait, and are joined along their first axis. */
  readonly maxBatch?: number;
  /** How many milliseconds a value waits for others, so that more are joined; 0 when left out. */
  readonly maxWait?: number;
}

/** Options of {@link predict}. */
export interface PredictOptions<T> extends WarmUpOptions<T>, BatchingOptions {}

/** A function that gives promises and says so, such as what `detector` of `rxtensor/vision` gives: {@link predict} waits for them. */
export interface WaitingModel<T, R> {
  /** Computes the prediction for a value. */
  (value: T): Promise<R>;
  /** Says it. */
  readonly waits: true;
}

type Model<T, R> = ((value: T) => R) | ModelVersion<T, R>;

/**
 * Inference: projects each value as {@link mapTensor}, with nothing taped, so that intermediates are freed at once even where the
 * model has trainable variables. With the option `warmUp` it compiles what the model needs before the first value comes.
 *
 * ```text
 *  source            --a----b----c--|
 *  predict(model)    --A----B----C--|
 * ```
 *
 * A loaded model (`rxtensor/models`) that waits for values on the host, `maxBatch`, or a {@link WaitingModel} makes it asynchronous, with back-pressure as
 * {@link mapTensorAsync}.
 *
 * An observable of models, functions or {@link ModelVersion}s, gives the next version while the stream runs: it is swapped in between two emissions. The
 * source is subscribed to when the first version has come.
 *
 * @throws (as error notifications) what the model throws, and an error of the observable of models
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const weight = dl.variable(2);
 * dl.examples([1, 2])
 *   .pipe(dl.predict((x) => weight.mul(x)), dl.download())
 *   .subscribe({ next: (y) => console.log(y), complete: () => weight.dispose() });
 * ```
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const weight = dl.variable(() => dl.ones([4, 2]));
 * // The CPU answers until WebGL has its programs.
 * const classify = dl.predict((x: dl.Tensor) => dl.softmax(dl.matMul(x, weight)), {
 *   warmUp: () => dl.zeros([1, 4]),
 *   untilWarm: 'cpu',
 * });
 * dl.examples([1, 2])
 *   .pipe(dl.mapTensor((x) => dl.fill([1, 4], x)), classify, dl.download())
 *   .subscribe({ next: (y) => console.log(y), complete: () => weight.dispose() });
 * ```
 */
export function predict<T, R>(
  model: WaitingModel<T, R> | Observable<WaitingModel<T, R>>,
): OperatorFunction<T, R>;
/** As above, for what answers at once, or in batches. */
export function predict<T, R>(
  model: Model<T, R> | Observable<Model<T, R>>,
  options?: PredictOptions<T>,
): OperatorFunction<T, R>;
export function predict<T, R>(
  model: Model<T, R> | Observable<Model<T, R>>,
  options: PredictOptions<T> = {},
): OperatorFunction<T, R> {
  assertOptions<PredictOptions<T>>('predict', options, { ...warmUpOptions, maxBatch: 1, maxWait: 1 });
  const { maxBatch = 1 } = options;
  assertPositiveInteger('predict', "option 'maxBatch'", maxBatch, 'infinite too');
  if (isObservable(model)) return following(model, options);
  const version = versionOf(model);
  return inferring(() => version, options);
}

/** @throws unless it is a model */
function versionOf<T, R>(model: Model<T, R>): ModelVersion<T, R> {
  const version = typeof model === 'function' ? { predict: model, waits: 'waits' in model } : model;
  if (typeof (version as typeof version | null)?.predict !== 'function')
    throw new Error(`predict: argument 'model' is ${typeof model}; wanted a function, or a model`);
  return version;
}

function inferring<T, R>(
  model: () => ModelVersion<T, R>,
  { maxBatch = 0, maxWait = 0, ...options }: PredictOptions<T>,
): OperatorFunction<T, R> {
  const now = (value: T): R => withoutTaping(() => model().predict(value));
  if (!maxBatch && !model().waits) return mapping('predict', now, options);
  const { warmUp: example } = options;
  const concurrency = maxBatch || 1;
  return (source) =>
    defer(() => {
      const warm = example && warmUp(() => tidy(() => now(example())));
      let asked: ModelVersion<T, R>;
      let answer: (value: T) => PromiseLike<R>;
      const later = async (value: T): Promise<R> => {
        if (warm) await warm;
        const version = model();
        if (version !== asked) {
          if (maxBatch && !version.inBatches)
            throw new Error("predict: option 'maxBatch' is given; wanted a loaded model");
          asked = version;
          answer = version.inBatches?.({ maxBatch: concurrency, maxWait }) ?? (now as typeof answer);
        }
        return answer(value);
      };
      return source.pipe(mapTensorAsync(later, { concurrency }));
    });
}

function following<T, R>(
  models: Observable<Model<T, R>>,
  options: PredictOptions<T>,
): OperatorFunction<T, R> {
  return (source) =>
    defer(() => {
      const first = new ReplaySubject<void>(1);
      const failed = new Subject<never>();
      let model: ModelVersion<T, R>;
      let letGo: (() => void) | undefined;
      const use = (version: Model<T, R>): void => {
        try {
          const before = letGo;
          model = versionOf(version);
          letGo = model.hold?.();
          // A value may be on its way through the version before.
          if (before) afterEmission(before);
          first.next();
        } catch (error) {
          failed.error(error);
        }
      };
      const subscription = subscribing(() =>
        models.subscribe({
          next: use,
          error: (error) => failed.error(error),
          complete: () => first.complete(),
        }),
      );
      return first.pipe(
        take(1),
        switchMap(() => source.pipe(inferring(() => model, options))),
        takeUntil(failed),
        finalize(() => {
          subscription.unsubscribe();
          if (letGo) afterEmission(letGo);
        }),
      );
    });
}
