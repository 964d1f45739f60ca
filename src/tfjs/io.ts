/** `tf.io`: handlers that load and save models, and weights as bytes. */
import type { ModelFiles } from '../models';
import { filesOf } from '../models/model-source';
import type { Json } from '../models/formats/json';
import { weightsIn } from '../models/formats/weights';
import { tensorsOf, type NamedTensors } from '../models/named-tensors';
import type { Tensor } from '../tensor';
import { described } from '../tensor/argument';
import {
  artifactsJson,
  filesArtifacts,
  weightBytes,
  type IOHandler,
  type ModelArtifacts,
  type ModelArtifactsInfo,
  type SaveResult,
  type WeightData,
  type WeightsManifestEntry,
  type WeightsManifestGroup,
} from './artifacts';

/** Options of loaders. */
export interface LoadOptions {
  /** Is called with the part that has come, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  /** Sent along with each request. */
  readonly requestInit?: RequestInit;
  /** What takes the place of `fetch`. */
  readonly fetchFunc?: (address: string, init?: RequestInit) => Promise<Response>;
  /** Whether the address is a model's page of TensorFlow Hub. */
  readonly fromTFHub?: boolean;
}

/** The length in bytes of a text in UTF-8. */
const bytesIn = (value: unknown): number =>
  value === undefined ? 0 : new TextEncoder().encode(JSON.stringify(value)).length;

/** The sizes of a model. */
export function getModelArtifactsInfoForJSON(artifacts: ModelArtifacts): ModelArtifactsInfo {
  return {
    dateSaved: new Date(),
    modelTopologyType: 'JSON',
    modelTopologyBytes: bytesIn(artifacts.modelTopology),
    weightSpecsBytes: bytesIn(artifacts.weightSpecs),
    weightDataBytes: weightBytes(artifacts.weightData).length,
  };
}

/** A handler that gives a model in memory. */
export function fromMemory(artifacts: ModelArtifacts): IOHandler {
  return { load: () => Promise.resolve(artifacts) };
}

/** As {@link fromMemory}, for `loadGraphModelSync`. */
export function fromMemorySync(artifacts: ModelArtifacts): IOHandler {
  return { load: () => artifacts };
}

/** A handler that calls a function with each model that is saved. */
export function withSaveHandler(save: (artifacts: ModelArtifacts) => Promise<SaveResult>): IOHandler {
  return { save };
}

/** A handler that loads the files that a person has chosen: `model.json` and the files of weights. */
export function browserFiles(files: readonly File[]): IOHandler {
  const operator = 'io.browserFiles';
  const source = filesOf([...files], { operator, fetch: globalThis.fetch });
  return { load: () => filesArtifacts(source, operator) };
}

/** A handler that fetches a model, and posts one that is saved. */
export function http(address: string, options: LoadOptions = {}): IOHandler {
  const operator = 'io.http';
  return {
    load: () => filesArtifacts(fetchedModel(operator, address, options), operator),
    save: async (artifacts) => {
      const form = new FormData();
      const json = JSON.stringify(artifactsJson(artifacts, './model.weights.bin'));
      form.append('model.json', new Blob([json], { type: 'application/json' }), 'model.json');
      const weights = new Blob([weightBytes(artifacts.weightData) as Uint8Array<ArrayBuffer>]);
      form.append('model.weights.bin', weights, 'model.weights.bin');
      const send = options.fetchFunc ?? globalThis.fetch;
      const response = await send(address, { method: 'POST', ...options.requestInit, body: form });
      if (!response.ok)
        throw new Error(`${operator}: ${described(address)} answered ${response.status}; wanted a success`);
      return { modelArtifactsInfo: getModelArtifactsInfoForJSON(artifacts), responses: [response] };
    },
  };
}

export { http as browserHTTPRequest };

/** The files of a model on a server. */
export function fetchedModel(
  operator: string,
  address: string,
  { requestInit, fetchFunc = globalThis.fetch, fromTFHub = false }: LoadOptions,
): ModelFiles {
  const first = fromTFHub ? `${address.replace(/\/?$/, '/')}model.json?tfjs-format=file` : address.trim();
  // Called alone: the browser's refuses to be a method of something else.
  const fetch = (each: string, init?: object): Promise<Response> =>
    fetchFunc(each, { ...requestInit, ...init });
  return filesOf(first, { operator, fetch });
}

type Router = (address: string) => IOHandler | null;
const routers = { load: [] as Router[], save: [] as Router[] };

/** Registers a function that makes the handler for addresses of a kind, and null for others. */
export function registerLoadRouter(router: Router): void {
  routers.load.push(router);
}

/** As {@link registerLoadRouter}, for saving. */
export function registerSaveRouter(router: Router): void {
  routers.save.push(router);
}

/** The handlers that can load an address. */
export function getLoadHandlers(address: string): IOHandler[] {
  return routers.load.flatMap((router) => router(address) ?? []);
}

/** The handlers that can save to an address. */
export function getSaveHandlers(address: string): IOHandler[] {
  return routers.save.flatMap((router) => router(address) ?? []);
}

/** One buffer with the bytes of several. */
export function concatenateArrayBuffers(buffers: WeightData): ArrayBuffer {
  return weightBytes(buffers).slice().buffer;
}

/** Tensors as bytes, and what lies in them. */
export async function encodeWeights(
  tensors: NamedTensors | readonly { readonly name: string; readonly tensor: Tensor }[],
): Promise<{ data: ArrayBuffer; specs: WeightsManifestEntry[] }> {
  const named = Array.isArray(tensors)
    ? (tensors as readonly { name: string; tensor: Tensor }[])
    : Object.entries(tensors as NamedTensors).map(([name, tensor]) => ({ name, tensor }));
  const values = await Promise.all(named.map(({ tensor }) => tensor.data()));
  const specs = named.map(({ name, tensor: { shape, dtype } }) => ({ name, shape: [...shape], dtype }));
  const parts = values.map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return { data: weightBytes(parts.map((part) => part.slice().buffer)).slice().buffer, specs };
}

/** The tensors in bytes, which the caller or the open scope owns. @throws when the bytes are more or fewer than the specs say */
export function decodeWeights(data: WeightData, specs: readonly WeightsManifestEntry[]): NamedTensors {
  const operator = 'io.decodeWeights';
  return tensorsOf(operator, weightsIn(weightBytes(data), specs as unknown as readonly Json[], operator));
}

/** What a manifest says of all weights. */
export function getWeightSpecs(manifest: readonly WeightsManifestGroup[]): WeightsManifestEntry[] {
  return manifest.flatMap(({ weights }) => weights);
}
