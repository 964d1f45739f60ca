import { assertFunction, described, wrongArgument } from '../tensor/argument';
import { assertOptions } from '../tensor/options';
import { makeTensor } from '../tensor/tensor-like';
import { at, listAt, parseJson } from './formats/json';
import { readModel } from './formats/tfjs-layers';
import { readWeights } from './formats/weights';
import type { Constant } from './graph/graph';
import type { LayersModel } from './layers-model';
import type { CustomLayer } from './layers/custom';
import type { DescribedWeight } from './layers/layer';
import { matchWeights } from './layers/match-weights';
import type { LoadOptions } from './load';
import { filesOf, type Fetching, type ModelFiles, type ModelSource } from './model-files';
import { unpacked } from './packed-files';
import type { ModelStore } from './save-layers-model';

/** Options of {@link loadLayersModel}. */
export interface LoadLayersOptions extends Omit<LoadOptions, 'format'> {
  /** Layers of one's own, by the class that the file names; `customLayer` makes them. */
  readonly layers?: Readonly<Record<string, CustomLayer>>;
}

const loadOptions = { onProgress: 'function', fetch: 'function', signal: 'object', layers: 'object' };

/**
 * Loads a model of layers with its weights, as Keras (2 and 3) and TensorFlow.js write it. The caller frees it by `model.dispose()`.
 *
 * @param source the address of `model.json`, the files that a person chose, a store in which the model was saved, or an object that reads files
 * @throws (rejects) naming the file, when one cannot be fetched or is damaged; and naming all layers that are not supported. Nothing is left
 *   allocated then
 */
export async function loadLayersModel(
  source: ModelSource | ModelStore,
  options: LoadLayersOptions = {},
): Promise<LayersModel> {
  const operator = 'loadLayersModel';
  assertOptions<LoadLayersOptions>(operator, options, loadOptions);
  const { onProgress, fetch = globalThis.fetch, signal, layers = {} } = options;
  if (onProgress !== undefined) assertFunction(operator, 'onProgress', onProgress);
  const kinds = Object.entries(layers).map(([name, layer]) => {
    const kind = (layer as Partial<CustomLayer> | null)?.kind;
    if (!kind) throw wrongArgument(operator, `layers.${name}`, layer, 'what customLayer gives');
    return [name, kind] as const;
  });
  const files = await filesFrom(source, { operator, fetch, signal });
  const json = parseJson(await files.readFirst(), `${operator}: ${files.name}`);
  const model = readModel(operator, at(json, 'modelTopology') ?? json, Object.fromEntries(kinds));
  const shapes = model.network.inputs.map(({ shape }) => shape);
  const wanted = [...model.describeWeights(shapes, '')];
  let bytes = 0;
  const manifest = listAt(json, 'weightsManifest', `${operator}: ${files.name}`);
  const weights = await readWeights(files, manifest, `${operator}: ${files.name}`, (more, total) => {
    bytes += more;
    onProgress?.({ bytes, total });
  });
  if (signal?.aborted)
    throw new Error(`${operator}: the loading was aborted: ${String(signal.reason)}`, {
      cause: signal.reason,
    });
  const values = valuesOf(operator, wanted, weights);
  model.build(shapes, (path, { shape, dtype = 'float32' }) =>
    makeTensor(operator, values.get(path)!.values, shape, dtype),
  );
  return model;
}

async function filesFrom(source: ModelSource | ModelStore, fetching: Fetching): Promise<ModelFiles> {
  const { operator } = fetching;
  if (typeof (source as Partial<ModelStore> | null)?.load !== 'function')
    return filesOf(source as ModelSource, fetching);
  const { name = 'the store' } = source as ModelStore;
  const bytes: unknown = await (source as ModelStore).load();
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
