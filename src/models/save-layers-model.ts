/** Saving models of layers, in TensorFlow.js's format: `model.json`, and one file with the weights. */
import { wrongArgument } from '../tensor/argument';
import { joinedBytes } from '../tensor/joined-bytes';
import type { LayersModel } from './layers-model';
import type { CallOptions } from './layers/kind';
import type { Layer } from './layers/layer';
import { isModel } from './layers/network';
import type { SymbolicCall, SymbolicTensor } from './layers/symbolic';
import { snakeCase } from './layers/setting';
import { packed } from './packed-files';

/** A place for the files of a model. */
export interface ModelFileSink {
  /** Writes a file. The model's own comes last: where it is, the weights are. */
  readonly write: (path: string, bytes: Uint8Array) => Promise<unknown>;
  /** Is called when all files are written. */
  readonly close?: () => Promise<unknown>;
}

/** A place that keeps bytes under one name, as the stores of checkpoints do. */
export interface ModelStore {
  /** Its name, for error messages. */
  readonly name?: string;
  /** Keeps the bytes in place of those before. */
  readonly save: (bytes: Uint8Array) => Promise<unknown>;
  /** The bytes that were saved last; null if there are none. */
  readonly load: () => Promise<Uint8Array | null>;
}

/** Where a model is saved. */
export type ModelSink = ModelFileSink | ModelStore;

export const MODEL_FILE = 'model.json';
export const WEIGHTS_FILE = 'group1-shard1of1.bin';

/** A model of layers and its weights, as files. */
export async function modelFilesOf(model: LayersModel): Promise<ReadonlyMap<string, Uint8Array>> {
  const weights = storedWeights(model);
  const reading = Promise.all(weights.map(([, weight]) => weight.data()));
  const manifest = weights.map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
  const json = {
    format: 'layers-model',
    generatedBy: 'rxtensor',
    convertedBy: null,
    modelTopology: modelToJson(model),
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: manifest }],
  };
  const values = await reading;
  const bytes = joinedBytes(
    values.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  );
  return new Map([
    [WEIGHTS_FILE, bytes],
    [MODEL_FILE, new TextEncoder().encode(JSON.stringify(json))],
  ]);
}

/** The weights by the names that files have: without the models around a layer, unless another one has that name. */
function storedWeights(model: LayersModel) {
  const names = new Set<string>();
  return Object.entries(model.variables).map(([path, weight]) => {
    const inner = withoutModels(model, path);
    const name = names.has(inner) ? path : inner;
    names.add(name);
    return [name, weight] as const;
  });
}

function withoutModels(model: LayersModel, path: string): string {
  const nested = model.layers.find(
    (layer): layer is LayersModel => isModel(layer) && path.startsWith(`${layer.name}/`),
  );
  return nested ? withoutModels(nested, path.slice(nested.name.length + 1)) : path;
}

/** @throws (rejects) when the sink is none, or fails */
export async function writeModel(model: LayersModel, sink: ModelSink): Promise<void> {
  const { write, save } = (sink ?? {}) as Partial<ModelFileSink & ModelStore>;
  if (typeof write !== 'function' && typeof save !== 'function')
    throw wrongArgument('save', 'sink', sink, 'a store, toDownload(), toServer(), or an object with write');
  const files = await modelFilesOf(model);
  if (typeof save === 'function') {
    await (sink as ModelStore).save(packed(files));
    return;
  }
  for (const [path, bytes] of files) await (sink as ModelFileSink).write(path, bytes);
  await (sink as ModelFileSink).close?.();
}

/** A model as Keras writes it. */
export function modelToJson(model: LayersModel): Readonly<Record<string, unknown>> {
  return { ...layerToJson(model), keras_version: '2.15.0', backend: 'rxtensor' };
}

/** A layer with what is within: models write their layers. */
export function layerToJson(layer: Layer): {
  readonly class_name: string;
  readonly config: Record<string, unknown>;
} {
  if (!isModel(layer)) return layer.toJson();
  const { name, trainable, className } = layer;
  return {
    class_name: className,
    config: {
      name,
      trainable,
      ...(className === 'Sequential' ? sequentialConfig(layer) : functionalConfig(layer)),
    },
  };
}

function sequentialConfig({ network, layers }: LayersModel): object {
  return { layers: [network.inputs[0]!.call.layer, ...layers].map(layerToJson) };
}

function functionalConfig({ network }: LayersModel): object {
  const indices = callIndices(network.calls);
  const reference = ({ call, index }: SymbolicTensor) => [call.layer.name, indices.get(call)!, index];
  const inbound = ({ inputs, options }: SymbolicCall) =>
    inputs.map((each) => [...reference(each), keyedOptions(options)]);
  return {
    layers: network.layers.map((layer) => ({
      name: layer.name,
      ...layerToJson(layer),
      inbound_nodes: network.calls
        .filter((call) => call.layer === layer && call.inputs.length > 0)
        .map(inbound),
    })),
    input_layers: network.inputs.map(reference),
    output_layers: network.outputs.map(reference),
  };
}

/** Which of its layer's calls each is. Keras counts the making of a model as its first. */
function callIndices(calls: readonly SymbolicCall[]): ReadonlyMap<SymbolicCall, number> {
  const counts = new Map<Layer, number>();
  return new Map(
    calls.map((call) => {
      const index = counts.get(call.layer) ?? Number(isModel(call.layer));
      counts.set(call.layer, index + 1);
      return [call, index];
    }),
  );
}

const keyedOptions = (options: CallOptions): object =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [snakeCase(key), value as unknown]),
  );

/**
 * Offers the files of a model to the person in front of the page.
 *
 * @example
 * ```ts browser
 * import { layers, sequential, toDownload } from 'rxtensor/models';
 * const model = sequential([layers.dense({ units: 1, inputShape: [2] })]);
 * await model.save(toDownload('digits')); // digits.json and digits.model.weights.bin
 * model.dispose();
 * ```
 */
export function toDownload(name: string): ModelFileSink {
  if (typeof name !== 'string' || name === '' || name.includes('/'))
    throw wrongArgument('toDownload', 'name', name, 'a name for the files');
  // The files lie side by side, so their names begin with the model's.
  return {
    write: (path, bytes) => {
      const isModel = path === MODEL_FILE;
      const content = isModel ? withPaths(bytes, (each) => `${name}.${each}`) : bytes;
      const file = isModel ? `${name}.json` : `${name}.${path}`;
      const address = URL.createObjectURL(new Blob([content as Uint8Array<ArrayBuffer>]));
      const anchor = document.createElement('a');
      anchor.href = address;
      anchor.download = file;
      anchor.click();
      // The browser reads it after the click.
      setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS);
      return Promise.resolve();
    },
  };
}

const REVOKE_AFTER_MS = 60_000;

function withPaths(bytes: Uint8Array, rename: (path: string) => string): Uint8Array {
  const json = JSON.parse(new TextDecoder().decode(bytes)) as {
    readonly weightsManifest: readonly { readonly paths: readonly string[] }[];
  };
  const weightsManifest = json.weightsManifest.map((group) => ({ ...group, paths: group.paths.map(rename) }));
  return new TextEncoder().encode(JSON.stringify({ ...json, weightsManifest }));
}

/**
 * Sends the files of a model in one form, as TensorFlow.js does: `model.json` without the manifest's paths changed, and `model.weights.bin`.
 *
 * @param init what `fetch` takes besides, such as headers
 * @example
 * ```ts
 * import { layers, sequential, toServer } from 'rxtensor/models';
 * const model = sequential([layers.dense({ units: 1, inputShape: [2] })]);
 * const fetch = () => Promise.resolve(new Response('ok')); // stands for a server
 * await model.save(toServer('https://example.org/models/digits', { method: 'POST', fetch }));
 * model.dispose();
 * ```
 */
export function toServer(
  address: string | URL,
  init: Omit<RequestInit, 'body'> & { readonly fetch?: typeof globalThis.fetch } = {},
): ModelFileSink {
  if (!(address instanceof URL) && (typeof address !== 'string' || address === ''))
    throw wrongArgument('toServer', 'address', address, 'an address');
  const { fetch = globalThis.fetch, ...request } = init;
  const form = new FormData();
  return {
    write: (path, bytes) => {
      const isModel = path === MODEL_FILE;
      const sent = isModel ? withPaths(bytes, () => 'model.weights.bin') : bytes;
      const name = isModel ? MODEL_FILE : 'model.weights.bin';
      const type = isModel ? 'application/json' : 'application/octet-stream';
      form.append(name, new Blob([sent as Uint8Array<ArrayBuffer>], { type }), name);
      return Promise.resolve();
    },
    close: async () => {
      const response = await fetch(String(address), { method: 'POST', ...request, body: form });
      if (!response.ok)
        throw new Error(
          `toServer: ${String(address)} answered with status ${`${response.status} ${response.statusText}`.trim()}; wanted 200`,
        );
    },
  };
}
