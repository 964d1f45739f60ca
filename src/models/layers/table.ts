/** All layers, by their class in Keras. */
import * as layers from './index';
import type { LayerKind } from './kind';

/** Class names that older versions of Keras have written. */
const olderNames: Readonly<Record<string, string>> = {
  BatchNormalizationV1: 'BatchNormalization',
  BatchNormalizationV2: 'BatchNormalization',
  Convolution2D: 'Conv2D',
  SyncBatchNormalization: 'BatchNormalization',
};

/** The rows by class, without models and inputs. */
export function layerTable(): ReadonlyMap<string, LayerKind> {
  const kinds = Object.values(layers as unknown as Readonly<Record<string, { readonly kind: LayerKind }>>);
  const table = new Map(kinds.map(({ kind }) => [kind.className, kind]));
  for (const [older, name] of Object.entries(olderNames)) table.set(older, table.get(name)!);
  return table;
}
