import { Observable } from 'rxjs';
import type { GraphModel } from './graph-model';
import { loadModel, type LoadOptions, type LoadProgress } from './load';
import type { Tensor } from '../tensor';
import type { ModelInputs } from './model-inputs';
import type { ModelSource } from './model-source';
import type { NamedTensors } from './named-tensors';

/** What {@link modelFrom} emits: how much has come, and then the model. */
export type ModelEvent<
  Inputs extends ModelInputs = ModelInputs,
  Outputs extends Tensor | NamedTensors = Tensor | NamedTensors,
> = { readonly progress: LoadProgress } | { readonly model: GraphModel<Inputs, Outputs> };

/** Options of {@link modelFrom}. */
export type ModelFromOptions = Omit<LoadOptions, 'onProgress' | 'signal'>;

/**
 * Loads a model for each subscriber: emits progress, then the model, and stays open while the model is in use. When the subscriber leaves, the
 * loading is aborted, or the model is freed.
 *
 * @param source as for `loadGraphModel`
 * @throws (as an error notification) as `loadGraphModel` does
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { modelFrom } from 'rxtensor/models';
 * import { of, switchMap, take } from 'rxjs';
 *
 * const node = [
 *   { name: 'x', op: 'Placeholder' },
 *   { name: 'y', op: 'Relu', input: ['x'] },
 * ];
 * const file = new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [] })], 'model.json');
 * modelFrom<number[], dl.Tensor>(file)
 *   .pipe(
 *     switchMap((event) => {
 *       if (!('model' in event)) return of(event.progress.bytes + ' bytes');
 *       return of([-1, 2]).pipe(
 *         dl.mapTensor((x) => event.model.predict(x)),
 *         dl.download(),
 *       );
 *     }),
 *     take(1),
 *   )
 *   .subscribe((values) => console.log(values)); // 0, 2
 * ```
 */
export function modelFrom<
  Inputs extends ModelInputs = ModelInputs,
  Outputs extends Tensor | NamedTensors = Tensor | NamedTensors,
>(source: ModelSource, options: ModelFromOptions = {}): Observable<ModelEvent<Inputs, Outputs>> {
  return new Observable((subscriber) => {
    const aborting = new AbortController();
    let model: GraphModel<Inputs, Outputs> | null = null;
    subscriber.add(() => {
      aborting.abort('nobody listens any more');
      model?.dispose();
    });
    const onProgress = (progress: LoadProgress): void => subscriber.next({ progress });
    loadModel<Inputs, Outputs>('modelFrom', source, { ...options, onProgress, signal: aborting.signal }).then(
      (loaded) => {
        if (subscriber.closed) {
          loaded.dispose();
          return;
        }
        model = loaded;
        subscriber.next({ model });
      },
      (error: unknown) => subscriber.error(error),
    );
  });
}
