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
import { mapping } from './map-tensor';
import type { WarmUpOptions } from './parts/warming';
import { withoutTaping } from '../../tensor/extent';

/** One version of a model, which {@link predict} uses until the next one comes. */
export interface ModelVersion<T, R> {
  readonly predict: (value: T) => R;
  /** Called when it comes into use. The function that it returns is called when it is in use no more, and may free what it needs. */
  readonly hold?: () => () => void;
}

/**
 * Inference: projects each value as {@link mapTensor}, with nothing taped, so that intermediates are freed at once even where the
 * model has trainable variables. With the option `warmUp` it compiles what the model needs before the first value comes.
 *
 * ```text
 *  source            --a----b----c--|
 *  predict(model)    --A----B----C--|
 * ```
 *
 * An observable of models, functions or {@link ModelVersion}s, gives the next version while the stream runs: it is swapped in between two emissions. The
 * source is subscribed to when the first version has come.
 *
 * @throws (as error notifications) what the model throws, and an error of the observable of models
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const weight = dl.tidy(() => dl.variable(dl.scalar(2)));
 * dl.examples([1, 2])
 *   .pipe(dl.predict((x) => weight.mul(x)), dl.download())
 *   .subscribe({ next: (y) => console.log(y), complete: () => weight.dispose() });
 * ```
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const weight = dl.tidy(() => dl.variable(dl.ones([4, 2])));
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
  model: ((value: T) => R) | Observable<((value: T) => R) | ModelVersion<T, R>>,
  options: WarmUpOptions<T> = {},
): OperatorFunction<T, R> {
  if (isObservable(model)) return following(model, options);
  if (typeof model !== 'function')
    throw new Error(`predict: argument 'model' is ${typeof model}; wanted a function`);
  return inferring(() => model, options);
}

function inferring<T, R>(model: () => (value: T) => R, options: WarmUpOptions<T>): OperatorFunction<T, R> {
  return mapping('predict', (value: T) => withoutTaping(() => model()(value)), options);
}

function following<T, R>(
  models: Observable<((value: T) => R) | ModelVersion<T, R>>,
  options: WarmUpOptions<T>,
): OperatorFunction<T, R> {
  return (source) =>
    defer(() => {
      const first = new ReplaySubject<void>(1);
      const failed = new Subject<never>();
      let model: (value: T) => R;
      let letGo: (() => void) | undefined;
      const use = (version: ((value: T) => R) | ModelVersion<T, R>): void => {
        const before = letGo;
        model = typeof version === 'function' ? version : version.predict;
        letGo = typeof version === 'function' ? undefined : version.hold?.();
        // A value may be on its way through the version before.
        if (before) afterEmission(before);
        first.next();
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
        switchMap(() => source),
        inferring((): ((value: T) => R) => model, options),
        takeUntil(failed),
        finalize(() => {
          subscription.unsubscribe();
          if (letGo) afterEmission(letGo);
        }),
      );
    });
}
