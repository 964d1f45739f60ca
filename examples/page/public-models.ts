import { combineLatest, filter, map, of, type Observable } from 'rxjs';
import { modelFrom, type GraphModel, type ModelFromOptions } from 'rxtensor/models';

/** Models by the names of their files. */
export type Models<Name extends string> = Readonly<Record<Name, GraphModel>>;

/** How much has come of the models, from 0 to 1, or null while that is not known; then the models. */
export type Loading<Name extends string> =
  { readonly share: number | null } | { readonly models: Models<Name> };

/** Where a model is, below the folder of models, and its format where that is not TensorFlow.js's. */
export interface ModelFile {
  readonly file: string;
  readonly format?: ModelFromOptions['format'];
}

/**
 * Loads public models, which are served beside the pages (see `model-files.ts`). They are freed when the subscriber leaves.
 *
 * @param files those that are not `NAME.json`
 * @throws as an error notification, when a model is not there
 */
export function publicModels<Name extends string>(
  names: readonly Name[],
  files?: Readonly<Partial<Record<Name, ModelFile>>>,
): Observable<Loading<Name>> {
  if (names.length === 0) return of({ models: {} as Models<Name> });
  const events = names.map((name) => {
    const { file, format }: ModelFile = files?.[name] ?? { file: `${name}.json` };
    return modelFrom(`../models/${file}`, format && { format });
  });
  return combineLatest(events).pipe(
    map((all): Loading<Name> => {
      const models = all.flatMap((event) => ('model' in event ? [event.model] : []));
      if (models.length === names.length) {
        return { models: Object.fromEntries(names.map((name, i) => [name, models[i]])) as Models<Name> };
      }
      const parts = all.flatMap((event) => ('progress' in event ? [event.progress] : []));
      // Those that are here already count no more.
      const [bytes, total] = parts.reduce<readonly [number, number | null]>(
        ([sum, whole], part) => [
          sum + part.bytes,
          whole === null || part.total === null ? null : whole + part.total,
        ],
        [0, 0],
      );
      return { share: total === null || total === 0 ? null : bytes / total };
    }),
    filter((event) => 'models' in event || event.share !== null),
  );
}
