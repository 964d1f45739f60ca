import type { OperatorFunction } from 'rxjs';
import { mapping } from './map-tensor';
import type { WarmUpOptions } from './parts/warming';
import { withoutTaping } from '../../tensor/extent';

/**
 * Inference: projects each value as {@link mapTensor}, with nothing taped, so that intermediates are freed at once even where the
 * model has trainable variables. With the option `warmUp` it compiles what the model needs before the first value comes.
 *
 * ```text
 *  source            --a----b----c--|
 *  predict(model)    --A----B----C--|
 * ```
 *
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
  model: (value: T) => R,
  options: WarmUpOptions<T> = {},
): OperatorFunction<T, R> {
  if (typeof model !== 'function')
    throw new Error(`predict: argument 'model' is ${typeof model}; wanted a function`);
  return mapping('predict', (value: T) => withoutTaping(() => model(value)), options);
}
