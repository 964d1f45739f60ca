import { described, shortened, wrongArgument } from '../tensor/argument';
import { assertOptions } from '../tensor/options';
import type { Tensor } from '../tensor/tensor';
import { makeTensor } from '../tensor/tensor-like';
import { at, listAt, parseJson } from './formats/json';
import { readModel } from './formats/tfjs-layers';
import { readWeights } from './formats/weights';
import type { Constant } from './graph/graph';
import type { LayersModel } from './layers-model';
import type { CustomLayer } from './layers/custom';
import type { DescribedWeight } from './layers/layer';
import { matchWeights } from './layers/match-weights';
import { loaded, loadingOptions, type LoadingOptions } from './load';
import type { BytesListener, ModelFiles } from './model-files';
import type { ModelSource } from './model-source';
import type { NamedTensors } from './named-tensors';
import { unpacked } from './packed-files';
import { loadRecorder } from './recorder';
import type { ModelStore } from './save-layers-model';

/** Options of {@link loadLayersModel}. */
export interface LoadLayersOptions extends LoadingOptions {
  /** Layers of one's own, by the class that the file names; `customLayer` makes them. */
  readonly layers?: Readonly<Record<string, CustomLayer>>;
}

/**
 * Loads a model of layers with its weights, as Keras (2 and 3) and TensorFlow.js write it. The caller frees it by `model.dispose()`. Its type parameter
 * says what the model's `predict` gives: `loadLayersModel<Tensor>(…)` for a model with one output.
 *
 * @param source the address of `model.json`, the files that a person chose, a store in which the model was saved, or an object that reads files
 * @throws (rejects) naming the file, when one cannot be fetched or is damaged; and naming all layers that are not supported. Nothing is left
 *   allocated then
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers, loadLayersModel, sequential } from 'rxtensor/models';
 * const store = dl.memoryStore();
 * const model = sequential([layers.dense({ units: 1, inputShape: [2] })]);
 * await model.save(store);
 * const again = await loadLayersModel(store); // or the address of model.json
 * console.log(Object.keys(again.variables));
 * model.dispose();
 * again.dispose();
 * ```
 */
export async function loadLayersModel<Outputs extends Tensor | NamedTensors = Tensor | NamedTensors>(
  source: ModelSource | ModelStore,
  options: LoadLayersOptions = {},
): Promise<LayersModel<Outputs>> {
  const operator = 'loadLayersModel';
  assertOptions<LoadLayersOptions>(operator, options, { ...loadingOptions, layers: 'object' });
  const kinds = Object.entries(options.layers ?? {}).map(([name, layer]) => {
    const kind = (layer as Partial<CustomLayer> | null)?.kind;
    if (!kind) throw wrongArgument(operator, `layers.${name}`, layer, 'what customLayer gives');
    return [name, kind] as const;
  });
  const from = isStore(source) ? await storedFiles(operator, source) : source;
  const recorder = loadRecorder();
  const read = async (files: ModelFiles, onBytes: BytesListener) => {
    const where = `${operator}: ${shortened(files.name)}`;
    const json = parseJson(await files.readFirst(), where);
    const model = readModel(operator, at(json, 'modelTopology') ?? json, Object.fromEntries(kinds));
    const weights = await readWeights(files, listAt(json, 'weightsManifest', where), where, onBytes);
    await recorder;
    return { model, weights };
  };
  return loaded(operator, from, options, read, ({ model, weights }) => {
    const shapes = model.network.inputs.map(({ shape }) => shape);
    const values = valuesOf(operator, [...model.describeWeights(shapes, '')], weights);
    model.build(shapes, (path, { shape, dtype = 'float32' }) =>
      makeTensor(operator, values.get(path)!.values, shape, dtype),
    );
    return model as LayersModel<Outputs>;
  });
}

function isStore(source: ModelSource | ModelStore): source is ModelStore {
  return typeof (source as Partial<ModelStore> | null)?.load === 'function';
}

/** The files that a store keeps. @throws (rejects) when it keeps no model */
async function storedFiles(operator: string, store: ModelStore): Promise<ModelFiles> {
  const { name = 'the store' } = store;
  const bytes: unknown = await store.load();
  if (bytes instanceof Uint8Array) return unpacked(operator, name, bytes);
  throw new Error(`${operator}: ${name} gave ${described(bytes)}; wanted a model that was saved there`);
}

/** The values by the paths of weights. @throws when shapes differ */
function valuesOf(
  operator: string,
  wanted: readonly DescribedWeight[],
  weights: ReadonlyMap<string, Constant>,
): ReadonlyMap<string, Constant> {
  const names = matchWeights(operator, wanted, weights.keys());
  return new Map(
    wanted.map(({ path, shape }) => {
      const stored = weights.get(names.get(path)!)!;
      if (stored.shape.join() === shape.join()) return [path, stored] as const;
      throw new Error(
        `${operator}: the weight '${path}' is [${stored.shape.join(', ')}] in the file; wanted [${shape.join(', ')}], as its layer says`,
      );
    }),
  );
}
