import type { Tensor, Variable } from '../tensor';
import { described, shortened } from '../tensor/argument';
import { setOwn } from '../tensor/own-property';
import { SERVING, type Graph, type NodeOutput, type TensorDescription } from './graph/graph';
import { graphRuns, type GraphRuns } from './graph/runs';
import { graphSummary } from './graph/summary';
import { waitsForValues } from './graph/waits';
import { makeWeights, variablesIn } from './graph/weights';
import { inMicroBatches, type MicroBatchOptions } from './micro-batches';
import type { ModelInputs } from './model-inputs';
import type { NamedTensors } from './named-tensors';
import type { OpTable } from './ops/row';
import { loadRecorder } from './recorder';

/** What a model takes and gives, by the names that its file has for it. */
export interface ModelSignature {
  /** The inputs, in order. */
  readonly inputs: readonly TensorDescription[];
  /** The outputs, in order. */
  readonly outputs: readonly TensorDescription[];
}

/**
 * A model that was loaded: a function of tensors with named variables. It can be called in `tidy`, `mapTensor` and `predict`, and inside a loss.
 * Its weights are not trainable at first; set {@link GraphModel.trainable}, or `trainable` of single variables.
 *
 * The type parameters tell what `predict` takes and gives, where a program knows it: `loadGraphModel<{ image: Tensor4D }, { boxes: Tensor2D }>(…)`.
 *
 * @example
 * ```ts
 * import { loadGraphModel } from 'rxtensor/models';
 * const node = [{ name: 'x', op: 'Placeholder' }, { name: 'y', op: 'Relu', input: ['x'] }];
 * const file = new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [] })], 'model.json');
 * const model = await loadGraphModel([file]);
 * console.log(model.inputs.map(({ name }) => name)); // ['x']
 * model.dispose();
 * ```
 */
export class GraphModel<
  Inputs extends ModelInputs = ModelInputs,
  Outputs extends Tensor | NamedTensors = Tensor | NamedTensors,
> {
  /** The inputs, in the order in which `predict` takes them. */
  readonly inputs: readonly TensorDescription[];
  /** The outputs, in the order in which `predict` gives them. */
  readonly outputs: readonly TensorDescription[];
  /** The signature by its name in the file; `serving_default` in files that have no name for it. */
  readonly signatures: Readonly<Record<string, ModelSignature>>;
  readonly #nodes: Graph['nodes'];
  readonly #ops: OpTable;
  readonly #runs: GraphRuns;
  /** The values of the outputs. */
  readonly #outputs: readonly NodeOutput[];
  readonly #weights = new Map<string, Tensor>();

  /**
   * @param isRecorded whether it runs as programs, once they are loaded
   * @throws when the graph is damaged, or has unsupported ops: nothing is allocated then
   */
  constructor(graph: Graph, ops: OpTable, operator: string, isRecorded = true) {
    this.#nodes = graph.nodes;
    this.#ops = ops;
    if (isRecorded) void loadRecorder();
    this.#outputs = graph.outputs.map(({ from }) => from);
    this.#runs = graphRuns(graph, ops, this.#weights, isRecorded);
    this.#runs.order(operator, this.#outputs);
    this.inputs = graph.inputs.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
    this.outputs = graph.outputs.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
    const signatures: Record<string, ModelSignature> = {};
    setOwn(signatures, graph.signature ?? SERVING, { inputs: this.inputs, outputs: this.outputs });
    this.signatures = signatures;
    try {
      makeWeights(operator, graph, this.#weights);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** The nodes that compute the outputs, in the order in which they run: {@link GraphModel.execute} takes their names. */
  get nodes(): readonly { readonly name: string; readonly op: string }[] {
    const { names } = this.#runs.order('nodes', this.#outputs);
    return names.map((name) => ({ name, op: this.#nodes.get(name)!.op }));
  }

  /** The weights by the names of their nodes. */
  get variables(): Readonly<Record<string, Variable>> {
    return variablesIn(this.#weights);
  }

  /** Whether all weights are trainable. Setting it makes all of them trainable, or none. */
  get trainable(): boolean {
    return Object.values(this.variables).every(({ trainable }) => trainable);
  }

  set trainable(trainable: boolean) {
    for (const weight of Object.values(this.variables)) weight.trainable = trainable;
  }

  /**
   * Runs the model. It blocks until the device is done only where the model itself decides by values.
   *
   * @param inputs the only input, a list, or an object by the names in {@link GraphModel.inputs}
   * @returns the output; of a model with several, an object by the names in {@link GraphModel.outputs}
   * @throws when an input is missing, or has another shape or dtype than the model takes
   *
   * @example
   * ```ts
   * import * as dl from 'rxtensor';
   * import { loadGraphModel } from 'rxtensor/models';
   *
   * const node = [
   *   { name: 'x', op: 'Placeholder' },
   *   { name: 'y', op: 'Relu', input: ['x'] },
   * ];
   * const file = new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [] })], 'model.json');
   * const model = await loadGraphModel<dl.Tensor, dl.Tensor>(file);
   * const y = dl.tidy(() => model.predict(dl.tensor1d([-1, 2])));
   * y.print(); // 0, 2
   * y.dispose();
   * model.dispose();
   * ```
   */
  predict(inputs: Inputs): Outputs {
    return this.#byName(this.#runs.now('predict', inputs, this.#outputs));
  }

  /**
   * As {@link GraphModel.predict}, but never blocks.
   *
   * @example
   * ```ts
   * import * as dl from 'rxtensor';
   * import { loadGraphModel } from 'rxtensor/models';
   *
   * const node = [
   *   { name: 'x', op: 'Placeholder' },
   *   { name: 'y', op: 'Relu', input: ['x'] },
   * ];
   * const file = new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [] })], 'model.json');
   * const model = await loadGraphModel<{ x: dl.Tensor }, dl.Tensor>(file);
   * const x = dl.tensor1d([-1, 2]);
   * const y = await model.predictAsync({ x });
   * y.print(); // 0, 2
   * dl.dispose([x, y]);
   * model.dispose();
   * ```
   */
  async predictAsync(inputs: Inputs): Promise<Outputs> {
    return this.#byName(await this.#runs.later('predictAsync', inputs, this.#outputs));
  }

  /**
   * Runs the part of the model on which some values depend.
   *
   * @param names names of outputs, or of any nodes; `name:1` is a node's second output
   * @returns a tensor for one name, a list for a list of names
   * @throws when the model has no node of such a name, or as {@link GraphModel.predict} does
   *
   * @example
   * ```ts
   * import * as dl from 'rxtensor';
   * import { loadGraphModel } from 'rxtensor/models';
   *
   * const node = [
   *   { name: 'x', op: 'Placeholder' },
   *   { name: 'y', op: 'Relu', input: ['x'] },
   * ];
   * const file = new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [] })], 'model.json');
   * const model = await loadGraphModel(file);
   * const [x, y] = dl.tidy(() => model.execute(dl.tensor1d([-1, 2]), ['x', 'y']));
   * y!.print(); // 0, 2
   * dl.dispose([x, y]);
   * model.dispose();
   * ```
   */
  execute(inputs: ModelInputs, names: string): Tensor;
  execute(inputs: ModelInputs, names: readonly string[]): Tensor[];
  execute(inputs: ModelInputs, names: string | readonly string[]): Tensor | Tensor[] {
    const results = this.#runs.now('execute', inputs, this.#found('execute', names));
    return typeof names === 'string' ? results[0]! : results;
  }

  /**
   * As {@link GraphModel.execute}, but never blocks.
   *
   * @example
   * ```ts
   * import * as dl from 'rxtensor';
   * import { loadGraphModel } from 'rxtensor/models';
   *
   * const node = [
   *   { name: 'x', op: 'Placeholder' },
   *   { name: 'y', op: 'Relu', input: ['x'] },
   * ];
   * const file = new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [] })], 'model.json');
   * const model = await loadGraphModel(file);
   * const x = dl.tensor1d([-1, 2]);
   * const y = await model.executeAsync(x, 'y');
   * y.print(); // 0, 2
   * dl.dispose([x, y]);
   * model.dispose();
   * ```
   */
  executeAsync(inputs: ModelInputs, names: string): Promise<Tensor>;
  executeAsync(inputs: ModelInputs, names: readonly string[]): Promise<Tensor[]>;
  async executeAsync(inputs: ModelInputs, names: string | readonly string[]): Promise<Tensor | Tensor[]> {
    const results = await this.#runs.later('executeAsync', inputs, this.#found('executeAsync', names));
    return typeof names === 'string' ? results[0]! : results;
  }

  /**
   * A table of the ops, weights, inputs and outputs.
   *
   * @example
   * ```ts
   * import { loadGraphModel } from 'rxtensor/models';
   *
   * const node = [
   *   { name: 'x', op: 'Placeholder' },
   *   { name: 'y', op: 'Relu', input: ['x'] },
   * ];
   * const file = new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [] })], 'model.json');
   * const model = await loadGraphModel(file);
   * console.log(model.summary());
   * model.dispose();
   * ```
   */
  summary(): string {
    return graphSummary(this);
  }

  /** Whether the model may wait for values on the host while it runs: `predict` blocks then. */
  get waits(): boolean {
    const { names } = this.#runs.order('waits', this.#outputs);
    return waitsForValues(this.#nodes, names, this.#ops);
  }

  /**
   * A function that runs the model on a value, together with others that come meanwhile: `predict(model, { maxBatch })` of streams uses it.
   *
   * @returns a function whose promise gives what `predict` would; the value's tensors must live until then
   */
  inBatches(options: MicroBatchOptions): (inputs: Inputs) => Promise<Outputs> {
    return inMicroBatches('predict', (inputs: Inputs) => this.predictAsync(inputs), options);
  }

  /** Frees the weights, and what was computed from them. A run that waits ends with an error. */
  dispose(): void {
    this.#runs.dispose();
    for (const weight of this.#weights.values()) if (!weight.isDisposed) weight.dispose();
  }

  #byName(results: readonly Tensor[]): Outputs {
    if (results.length === 1) return results[0] as Outputs;
    const named: Record<string, Tensor> = {};
    this.outputs.forEach(({ name }, i) => setOwn(named, name, results[i]));
    return named as Outputs;
  }

  /** The values of those names. */
  #found(operator: string, names: string | readonly string[]): NodeOutput[] {
    return (typeof names === 'string' ? [names] : names).map((name) => {
      const output = this.outputs.findIndex((each) => each.name === name);
      if (output >= 0) return this.#outputs[output]!;
      // ONNX's names may end so.
      if (this.#nodes.has(name)) return { node: name, output: 0 };
      const colon = /:(\d+)$/.exec(name);
      const node = colon ? name.slice(0, colon.index) : name;
      if (this.#nodes.has(node)) return { node, output: colon ? Number(colon[1]) : 0 };
      throw new Error(
        `${operator}: argument 'names' has ${described(name)}; wanted a node of the model, or an output: ${this.outputs.map((each) => shortened(each.name)).join(', ')}`,
      );
    });
  }
}
