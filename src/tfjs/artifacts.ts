/** Models as TensorFlow.js's handlers hand them over: the JSON, and all weights in one buffer. */
import { parseJson, type Json, type JsonObject } from '../models/formats/json';
import { joinedBytes } from '../tensor/joined-bytes';
import type { BytesListener, ModelFiles } from '../models';
import { shortened } from '../tensor/argument';

/** What a manifest says of one weight. */
export interface WeightsManifestEntry {
  /** Its name. */
  readonly name: string;
  /** The extents of its axes. */
  readonly shape: readonly number[];
  /** The type of its elements. */
  readonly dtype: string;
  /** How smaller numbers in the file stand for its values: value = number · scale + min. */
  readonly quantization?: { readonly scale?: number; readonly min?: number; readonly dtype: string };
}

/** Files, and the weights in them. */
export interface WeightsManifestGroup {
  /** The files, which are joined in this order. */
  readonly paths: readonly string[];
  /** The weights in them, in order. */
  readonly weights: readonly WeightsManifestEntry[];
}

/** The bytes of all weights, in one buffer or in several. */
export type WeightData = ArrayBuffer | readonly ArrayBuffer[];

/** A model with its weights. */
export interface ModelArtifacts {
  /** The nodes or layers, as they stand in `model.json`. */
  readonly modelTopology?: unknown;
  /** The names, shapes and types of the weights. */
  readonly weightSpecs?: readonly WeightsManifestEntry[];
  /** The values of the weights, one behind the other, in the order of `weightSpecs`. */
  readonly weightData?: WeightData;
  /** Whether it is a graph or has layers: `graph-model` or `layers-model`. */
  readonly format?: string;
  /** The library that it was trained with. */
  readonly generatedBy?: string;
  /** The converter that wrote it. */
  readonly convertedBy?: string | null;
  /** The names of its inputs and outputs. */
  readonly signature?: unknown;
  /** What its author has added. */
  readonly userDefinedMetadata?: unknown;
  /** The optimizer and the losses that it was trained with. */
  readonly trainingConfig?: unknown;
}

/** What a handler says after saving. */
export interface SaveResult {
  /** What was saved, and how long it is. */
  readonly modelArtifactsInfo: ModelArtifactsInfo;
  /** The answers of the server, where one was asked. */
  readonly responses?: readonly Response[];
}

/** The sizes of a saved model in bytes. */
export interface ModelArtifactsInfo {
  /** When it was saved. */
  readonly dateSaved: Date;
  /** The form of the nodes or layers. */
  readonly modelTopologyType: 'JSON';
  /** The length of the nodes or layers as JSON. */
  readonly modelTopologyBytes: number;
  /** The length of their names, shapes and types as JSON. */
  readonly weightSpecsBytes: number;
  /** The length of the values of the weights. */
  readonly weightDataBytes: number;
}

/** Loads or saves models. `load` may give the artifacts at once or later. */
export interface IOHandler {
  /** Reads a model. */
  readonly load?: () => ModelArtifacts | Promise<ModelArtifacts>;
  /** Writes a model. */
  readonly save?: (artifacts: ModelArtifacts) => Promise<SaveResult>;
}

/** The path of the only file of weights. */
const WEIGHTS = 'weights.bin';

/** The bytes of weights, one buffer behind another. */
export function weightBytes(data: WeightData | undefined): Uint8Array {
  return joinedBytes([data ?? []].flat().map((part) => new Uint8Array(part)));
}

/** The files of a model in memory. */
export function artifactFiles({ weightSpecs = [], weightData, ...json }: ModelArtifacts): ModelFiles {
  const manifest = [{ paths: [WEIGHTS], weights: weightSpecs }];
  const text = JSON.stringify({ ...json, weightsManifest: manifest });
  return {
    name: 'the model',
    readFirst: () => Promise.resolve(new TextEncoder().encode(text)),
    read: (path, onBytes) => {
      if (path !== WEIGHTS) return Promise.reject(new Error(`the model has no file '${shortened(path)}'`));
      const bytes = weightBytes(weightData);
      onBytes?.(bytes.length, bytes.length);
      return Promise.resolve(bytes);
    },
  };
}

/** The artifacts in the files of a model. @throws (rejects) when they are not JSON, or a file is missing */
export async function filesArtifacts(
  files: ModelFiles,
  operator: string,
  onBytes?: BytesListener,
): Promise<ModelArtifacts> {
  const { weightsManifest, ...json } = parseJson(
    await files.readFirst(),
    `${operator}: ${shortened(files.name)}`,
  );
  const groups = (Array.isArray(weightsManifest) ? weightsManifest : []) as readonly WeightsManifestGroup[];
  const paths = groups.flatMap((group) => group.paths);
  const parts = await Promise.all(paths.map((path) => files.read(path, onBytes)));
  const bytes = joinedBytes(parts);
  return {
    ...(json as JsonObject as ModelArtifacts),
    weightSpecs: groups.flatMap(({ weights }) => weights),
    weightData: bytes.slice().buffer,
  };
}

/** The JSON of a model, as it is saved beside a file of weights. */
export function artifactsJson(
  { weightSpecs = [], weightData: _bytes, ...json }: ModelArtifacts,
  path: string,
): Json {
  return { ...json, weightsManifest: [{ paths: [path], weights: weightSpecs }] } as unknown as Json;
}
