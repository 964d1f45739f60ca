import type { Tensor } from '../tensor';
import { assertFunction, wrongArgument } from '../tensor/argument';
import { assertOptions } from '../tensor/options';
import type { BytesListener, Fetch, ModelFiles } from './model-files';
import type { ModelInputs } from './model-inputs';
import { freedFiles } from './freed-bytes';
import { filesOf, type ModelSource } from './model-source';
import type { NamedTensors } from './named-tensors';
import type { ModelFormat } from './formats/format';
import { tfjsGraph } from './formats/tfjs-graph';
import { GraphModel } from './graph-model';
import { loadRecorder } from './recorder';

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
  /** Whether the model runs as programs, which are a chunk of their own; true by default. Without them it calls ops one by one, as observers and debug mode see them. */
  readonly recorded?: boolean;
}

/** What every loader takes. */
export type LoadingOptions = Omit<LoadOptions, 'format' | 'recorded'>;

export const loadingOptions = { onProgress: 'function', fetch: 'function', signal: 'object' };

/**
 * Loads a model with its weights, which the caller frees by `model.dispose()`.
 *
 * @param source the address of the model's first file (such as `model.json`), the files that a person chose, or an object that reads files
 * @throws (rejects) naming the file, when one cannot be fetched, is damaged, or holds another number of bytes than the model says; and
 *   naming all ops of the model that are not supported. Nothing is left allocated then
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { loadGraphModel } from 'rxtensor/models';
 *
 * // Files on a server: loadGraphModel('/models/face/model.json').
 * const node = [
 *   { name: 'x', op: 'Placeholder' },
 *   { name: 'y', op: 'Relu', input: ['x'] },
 * ];
 * const file = new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [] })], 'model.json');
 * const model = await loadGraphModel<dl.Tensor, dl.Tensor>(file, {
 *   onProgress: ({ bytes, total }) => console.log(bytes, total),
 * });
 * const y = dl.tidy(() => model.predict(dl.tensor1d([-1, 2])));
 * y.print(); // 0, 2
 * y.dispose();
 * model.dispose();
 * ```
 */
export function loadGraphModel<
  Inputs extends ModelInputs = ModelInputs,
  Outputs extends Tensor | NamedTensors = Tensor | NamedTensors,
>(source: ModelSource, options: LoadOptions = {}): Promise<GraphModel<Inputs, Outputs>> {
  return loadModel<Inputs, Outputs>('loadGraphModel', source, options);
}

/** As {@link loadGraphModel}, with the operator for messages. */
export async function loadModel<Inputs extends ModelInputs, Outputs extends Tensor | NamedTensors>(
  operator: string,
  source: ModelSource,
  options: LoadOptions,
): Promise<GraphModel<Inputs, Outputs>> {
  assertOptions<LoadOptions>(operator, options, { ...loadingOptions, format: 'object', recorded: 'boolean' });
  const { format = tfjsGraph, recorded = true } = options;
  if (typeof (format as Partial<ModelFormat>).read !== 'function')
    throw wrongArgument(operator, 'format', format, 'a format, such as tfjsGraph');
  return loaded(
    operator,
    source,
    options,
    async (files, onBytes) => {
      const [graph] = await Promise.all([
        format.read(files, operator, onBytes),
        recorded ? loadRecorder() : undefined,
      ]);
      return graph;
    },
    (graph) => new GraphModel<Inputs, Outputs>(graph, format.ops, operator, recorded),
  );
}

/**
 * Reads files, says how much has come, and makes something of what was read.
 *
 * @param make has taken all values from the files when it returns
 * @throws (rejects) when it was aborted meanwhile
 */
export async function loaded<Read, Made>(
  operator: string,
  source: ModelSource,
  { onProgress, fetch = globalThis.fetch, signal }: LoadingOptions,
  read: (files: ModelFiles, onBytes: BytesListener) => Promise<Read>,
  make: (read: Read) => Made,
): Promise<Made> {
  if (onProgress !== undefined) assertFunction(operator, 'onProgress', onProgress);
  let bytes = 0;
  const { files, free } = freedFiles(filesOf(source, { operator, fetch, signal }));
  const result = await read(files, (more, total) => {
    bytes += more;
    onProgress?.({ bytes, total });
  });
  if (signal?.aborted)
    throw new Error(`${operator}: the loading was aborted: ${String(signal.reason)}`, {
      cause: signal.reason,
    });
  const made = make(result);
  free();
  return made;
}
