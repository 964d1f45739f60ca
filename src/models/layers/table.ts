/** All layers, by their class in Keras. */
import * as attention from './attention';
import * as convolutions from './convolutions';
import * as core from './core';
import * as images from './images';
import type { LayerKind } from './kind';
import * as merging from './merging';
import * as normalization from './normalization';
import * as pooling from './pooling';
import * as recurrent from './recurrent';
import * as wrappers from './wrappers';

/** Class names that older versions of Keras have written. */
const olderNames: Readonly<Record<string, string>> = {
  BatchNormalizationV1: 'BatchNormalization',
  BatchNormalizationV2: 'BatchNormalization',
  Convolution2D: 'Conv2D',
  SyncBatchNormalization: 'BatchNormalization',
};

/** The rows by class, without models and inputs. */
export function layerTable(): ReadonlyMap<string, LayerKind> {
  const modules: readonly object[] = [
    attention,
    core,
    convolutions,
    pooling,
    images,
    normalization,
    merging,
    recurrent,
    wrappers,
  ];
  const exported = modules.flatMap((each) => Object.values(each) as readonly Partial<LayerKind>[]);
  const rows = exported.filter((each): each is LayerKind => typeof each.className === 'string');
  const table = new Map(rows.map((row) => [row.className, row]));
  table.delete('InputLayer');
  for (const [older, name] of Object.entries(olderNames)) table.set(older, table.get(name)!);
  return table;
}
