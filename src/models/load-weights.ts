import { shortened } from '../tensor/argument';
import { assertOptions } from '../tensor/options';
import { anyJson, at, type Json } from './formats/json';
import { safetensorsValues } from './formats/safetensors';
import { readWeights } from './formats/weights';
import { tensorsOf, type NamedTensors } from './named-tensors';
import type { Constant } from './graph/graph';
import { loaded, loadingOptions, type LoadingOptions } from './load';
import type { BytesListener, ModelFiles } from './model-files';
import type { ModelSource } from './model-source';

/** A safetensors file begins with the length of its header, whose eighth byte is 0 in every file that fits into memory. */
const isJson = (bytes: Uint8Array): boolean => bytes[7] !== 0;

/**
 * Loads weights alone.
 *
 * @param source a model or a manifest of weights of TensorFlow.js (graph or layers model), or a file in the format safetensors
 * @returns the weights by name, which the caller owns
 * @throws (rejects) as `loadGraphModel` does
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { loadWeights } from 'rxtensor/models';
 *
 * const manifest = [{ paths: ['w.bin'], weights: [{ name: 'kernel', shape: [2], dtype: 'float32' }] }];
 * const files = [new File([JSON.stringify(manifest)], 'weights_manifest.json'), new File([new Float32Array([1, 2])], 'w.bin')];
 * const { kernel } = await loadWeights(files);
 * kernel!.print(); // 1, 2
 * kernel!.dispose();
 * ```
 */
export async function loadWeights(source: ModelSource, options: LoadingOptions = {}): Promise<NamedTensors> {
  const operator = 'loadWeights';
  assertOptions<LoadingOptions>(operator, options, loadingOptions);
  const read = async (files: ModelFiles, onBytes: BytesListener): Promise<ReadonlyMap<string, Constant>> => {
    const where = `${operator}: ${shortened(files.name)}`;
    const first = await files.readFirst();
    if (!isJson(first)) return safetensorsValues(first, where);
    const json = anyJson(first, where);
    const manifest = Array.isArray(json) ? (json as Json) : at(json, 'weightsManifest');
    if (Array.isArray(manifest)) return readWeights(files, manifest as readonly Json[], where, onBytes);
    throw new Error(`${where} has no list 'weightsManifest'; wanted a model, or a manifest of weights`);
  };
  return loaded(operator, source, options, read, (weights) => tensorsOf(operator, weights));
}
