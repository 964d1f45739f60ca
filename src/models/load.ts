import { assertFunction, wrongArgument } from '../tensor/argument';
import { assertOptions } from '../tensor/options';
import { filesOf, type Fetch, type ModelSource } from './model-files';
import type { ModelFormat } from './formats/format';
import { tfjsGraph } from './formats/tfjs-graph';
import { GraphModel } from './graph-model';

/** How much of a model has been loaded. */
export interface LoadProgress {
  /** The bytes of weights that have come. */
  readonly bytes: number;
  /** All of them; null while that is not known. */
  readonly total: number | null;
}

/** Options of {@link loadGraphModel}. */
export interface LoadOptions {
  /** The format of the files; {@link tfjsGraph} by default. */
  readonly format?: ModelFormat;
  /** Is called as bytes come. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Replaces the global `fetch`, to send headers with each request. */
  readonly fetch?: Fetch;
  /** Aborts the loading. */
  readonly signal?: AbortSignal;
}

const loadOptions = { format: 'object', onProgress: 'function', fetch: 'function', signal: 'object' };

/**
 * Loads a model with its weights, which the caller frees by `model.dispose()`.
 *
 * @param source the address of the model's first file (such as `model.json`), the files that a person chose, or an object that reads files
 * @throws (rejects) naming the file, when one cannot be fetched, is damaged, or holds another number of bytes than the model says; and
 *   naming all ops of the model that are not supported. Nothing is left allocated then
 */
export async function loadGraphModel(source: ModelSource, options: LoadOptions = {}): Promise<GraphModel> {
  const operator = 'loadGraphModel';
  assertOptions<LoadOptions>(operator, options, loadOptions);
  const { format = tfjsGraph, onProgress, fetch = globalThis.fetch, signal } = options;
  if (onProgress !== undefined) assertFunction(operator, 'onProgress', onProgress);
  if (typeof (format as Partial<ModelFormat>).read !== 'function')
    throw wrongArgument(operator, 'format', format, 'a format, such as tfjsGraph');
  let bytes = 0;
  const files = filesOf(source, { operator, fetch, signal });
  const graph = await format.read(files, operator, (more, total) => {
    bytes += more;
    onProgress?.({ bytes, total });
  });
  if (signal?.aborted)
    throw new Error(`${operator}: the loading was aborted: ${String(signal.reason)}`, {
      cause: signal.reason,
    });
  return new GraphModel(graph, format.ops, operator);
}
