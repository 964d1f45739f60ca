import type { OperatorFunction } from 'rxjs';
import { mapping } from './map-tensor';
import { withoutTaping } from '../../tensor/extent';

/**
 * Inference: projects each value as {@link mapTensor}, with nothing taped, so that intermediates are freed at once even where the
 * model has trainable variables.
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
 */
export function predict<T, R>(model: (value: T) => R): OperatorFunction<T, R> {
  if (typeof model !== 'function')
    throw new Error(`predict: argument 'model' is ${typeof model}; wanted a function`);
  return mapping('predict', (value: T) => withoutTaping(() => model(value)));
}
