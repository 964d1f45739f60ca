import type { ModelInputs } from '../models';
import { graphOf } from '../models/formats/tfjs-graph';
import { listAt, parseJson, type Json, type JsonObject } from '../models/formats/json';
import { readWeights, weightsIn } from '../models/formats/weights';
import { GraphModel as Model } from '../models/graph-model';
import type { Graph } from '../models/graph/graph';
import { opTable } from '../models/ops';
import type { OpTable } from '../models/ops/row';
import { loadRecorder } from '../models/recorder';
import type { Tensor, DataType } from '../tensor';
import { shortened, wrongArgument } from '../tensor/argument';
import { isPlainObject } from '../tensor/container';
import { setOwn } from '../tensor/own-property';
import { weightBytes, type IOHandler, type ModelArtifacts } from './artifacts';
import { customOps } from './custom-ops';
import { sourceFiles } from './source-files';
import type { LoadOptions } from './io';

/** An input or output of a model. */
export interface ModelTensorInfo {
  /** Its name. */
  readonly name: string;
  /** The extents of its axes, −1 where any will do; undefined where the file does not say. */
  readonly shape?: readonly number[];
  /** The type of its elements. */
  readonly dtype: DataType;
}

/** What a model is fed with. */
type Inputs = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

/** `name:0` is `name`. */
const nodeOf = (name: string): string => name.replace(/:0$/, '');

/** A graph model with the methods and results of TensorFlow.js: several outputs are a list, in the order of `outputNodes`. */
export class GraphModel {
  /** The names of the inputs. */
  readonly inputNodes: readonly string[];
  /** The names of the outputs. */
  readonly outputNodes: readonly string[];
  /** The inputs, in order. */
  readonly inputs: readonly ModelTensorInfo[];
  /** The outputs, in order. */
  readonly outputs: readonly ModelTensorInfo[];
  /** The signature in the file; undefined if there is none. */
  readonly modelSignature: unknown;
  /** What the author of the file has added; undefined if nothing. */
  readonly metadata: unknown;
  readonly #model: Model;
  /** The name of each input in {@link Model.inputs}, by all names that it has. */
  readonly #inputNames = new Map<string, string>();

  constructor(graph: Graph, ops: OpTable, artifacts: ModelArtifacts, operator: string) {
    this.#model = new Model(graph, ops, operator);
    this.inputNodes = graph.inputs.map(({ name }) => name);
    this.outputNodes = graph.outputs.map(({ name }) => name);
    const info = (
      name: string,
      { shape, dtype }: { shape: readonly (number | null)[] | null; dtype: DataType | null },
    ): ModelTensorInfo => ({
      name,
      ...(shape && { shape: shape.map((extent) => extent ?? -1) }),
      dtype: dtype ?? 'float32',
    });
    this.inputs = graph.inputs.map((input) => info(input.node, input));
    this.outputs = graph.outputs.map((output) => info(output.from.node, output));
    for (const { name, node } of graph.inputs) this.#inputNames.set(node, name).set(name, name);
    this.modelSignature = artifacts.signature;
    this.metadata = artifacts.userDefinedMetadata;
  }

  /** The weights by name: each in a list of one. They are the model's, and must not be disposed. */
  get weights(): Readonly<Record<string, Tensor[]>> {
    const weights: Record<string, Tensor[]> = {};
    for (const [name, weight] of Object.entries(this.#model.variables)) setOwn(weights, name, [weight]);
    return weights;
  }

  /** The weights as variables, which can be trained. */
  get variables(): Model['variables'] {
    return this.#model.variables;
  }

  /** Runs the model; blocks where it decides by values. */
  predict(inputs: Inputs, _config?: object): Tensor | Tensor[] {
    return this.execute(inputs);
  }

  /** As {@link GraphModel.predict}, and never blocks. */
  predictAsync(inputs: Inputs, _config?: object): Promise<Tensor | Tensor[]> {
    return this.executeAsync(inputs);
  }

  /** Runs the part of the model on which some nodes depend; all outputs if none are named. */
  execute(inputs: Inputs, outputs: string | readonly string[] = this.outputNodes): Tensor | Tensor[] {
    return oneOrAll(this.#model.execute(this.#given('execute', inputs), [outputs].flat()));
  }

  /** As {@link GraphModel.execute}, and never blocks. */
  async executeAsync(
    inputs: Inputs,
    outputs: string | readonly string[] = this.outputNodes,
  ): Promise<Tensor | Tensor[]> {
    return oneOrAll(await this.#model.executeAsync(this.#given('executeAsync', inputs), [outputs].flat()));
  }

  /** Frees the weights. */
  dispose(): void {
    this.#model.dispose();
  }

  /** Nothing is kept of a run. */
  disposeIntermediateTensors(): void {
    return;
  }

  #given(operator: string, inputs: Inputs): ModelInputs {
    if (!isPlainObject(inputs)) return inputs;
    const named: Record<string, Tensor> = {};
    for (const [name, tensor] of Object.entries(inputs as Readonly<Record<string, Tensor>>)) {
      const known = this.#inputNames.get(nodeOf(name));
      if (known === undefined) throw wrongArgument(operator, 'inputs', name, this.inputNodes.join(', '));
      setOwn(named, known, tensor);
    }
    return named;
  }
}

function oneOrAll(results: Tensor[]): Tensor | Tensor[] {
  return results.length === 1 ? results[0]! : results;
}

/**
 * Loads a graph model.
 *
 * @param source an address, or a handler such as `io.fromMemory(artifacts)`
 * @throws (rejects) as `loadGraphModel` of rxtensor/models does
 */
export async function loadGraphModel(
  source: string | IOHandler,
  options: LoadOptions = {},
): Promise<GraphModel> {
  const operator = 'loadGraphModel';
  const files = await sourceFiles(operator, source, options);
  const where = `${operator}: ${shortened(files.name)}`;
  const json = parseJson(await files.readFirst(), where);
  const graph = graphOf(json, where);
  const manifest = listAt(json, 'weightsManifest', where);
  let heard = 0;
  const onBytes = (bytes: number, total: number | null): void => {
    heard += bytes;
    if (total) options.onProgress?.(heard / total);
  };
  const [constants] = await Promise.all([readWeights(files, manifest, where, onBytes), loadRecorder()]);
  return modelOf(operator, { ...graph, constants }, json);
}

/** Makes a model of artifacts in memory, or of a handler whose `load` gives them at once. */
export function loadGraphModelSync(source: IOHandler | ModelArtifacts): GraphModel {
  const operator = 'loadGraphModelSync';
  const artifacts = 'load' in source && source.load ? source.load() : (source as ModelArtifacts);
  if (artifacts instanceof Promise)
    throw wrongArgument(operator, 'source', artifacts, 'artifacts, or a handler that gives them at once');
  const graph = graphOf(artifacts as JsonObject, operator);
  const specs = (artifacts.weightSpecs ?? []) as unknown as readonly Json[];
  const constants = weightsIn(weightBytes(artifacts.weightData), specs, operator);
  return modelOf(operator, { ...graph, constants }, artifacts);
}

function modelOf(operator: string, graph: Graph, artifacts: ModelArtifacts): GraphModel {
  return new GraphModel(graph, { ...opTable, ...Object.fromEntries(customOps) }, artifacts, operator);
}
