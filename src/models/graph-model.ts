import type { DataType } from '../kernels';
import { dispose, keep, tidy, Variable, variable, type Tensor } from '../tensor';
import { described, shortened } from '../tensor/argument';
import { detached } from '../tensor/detached';
import { outsideOfExtents } from '../tensor/extent';
import { setOwn } from '../tensor/own-property';
import { makeTensor } from '../tensor/tensor-like';
import { freeName } from './free-name';
import { checkedNodes } from './graph/check';
import { CONSTANT, INPUT, SERVING, type Graph, type NodeOutput, type TensorDescription } from './graph/graph';
import { keptPlans } from './graph/kept-plans';
import { runPlan } from './graph/plan';
import { OTHER_WAY } from './graph/step';
import { isControlFlow, trace, type Traced } from './graph/trace';
import type { Waiting } from './graph/value';
import { waitsForValues } from './graph/waits';
import { inMicroBatches, type MicroBatchOptions } from './micro-batches';
import { neededTensors, type ModelInputs } from './model-inputs';
import type { NamedTensors } from './named-tensors';
import type { OpTable } from './ops/row';
import { loadRecorder } from './recorder';
import { withOperator } from './with-operator';

/** A scalar is a setting of the model, such as an axis or an epsilon, and no variable. */
const isVariable = ({
  dtype,
  shape,
}: {
  readonly dtype: DataType;
  readonly shape: readonly number[];
}): boolean => dtype === 'float32' && shape.length > 0;

/** What a model takes and gives, by the names that its file has for it. */
export interface ModelSignature {
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
}

/**
 * A model that was loaded: a function of tensors with named variables. It can be called in `tidy`, `mapTensor` and `predict`, and inside a loss.
 * Its weights are not trainable at first; set {@link GraphModel.trainable}, or `trainable` of single variables.
 *
 * The type parameters tell what `predict` takes and gives, where a program knows it: `loadGraphModel<{ image: Tensor4D }, { boxes: Tensor2D }>(…)`.
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
  readonly #graph: Graph;
  readonly #ops: OpTable;
  readonly #isRecorded: boolean;
  /** The values of the outputs. */
  readonly #outputs: readonly NodeOutput[];
  readonly #weights = new Map<string, Tensor>();
  readonly #plans = keptPlans();
  readonly #orders = new Map<string, Order>();
  /** The key of {@link GraphModel.outputs}. */
  readonly #key: string;
  #isDisposed = false;

  /**
   * @param isRecorded whether it runs as programs, once they are loaded
   * @throws when the graph is damaged, or has unsupported ops: nothing is allocated then
   */
  constructor(graph: Graph, ops: OpTable, operator: string, isRecorded = true) {
    this.#graph = graph;
    this.#ops = ops;
    this.#isRecorded = isRecorded;
    if (isRecorded) void loadRecorder();
    this.#outputs = graph.outputs.map(({ from }) => from);
    this.#key = keyOf(this.#outputs);
    this.#order(operator, this.#outputs);
    this.inputs = graph.inputs.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
    this.outputs = graph.outputs.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
    const signatures: Record<string, ModelSignature> = {};
    setOwn(signatures, graph.signature ?? SERVING, { inputs: this.inputs, outputs: this.outputs });
    this.signatures = signatures;
    try {
      for (const [node, { shape, dtype, values }] of graph.constants) {
        if (graph.nodes.get(node)?.op !== CONSTANT) continue;
        // In a scope, which would own a tensor; a variable belongs to nobody else.
        tidy(() => {
          const value = keep(makeTensor(operator, values, shape, dtype));
          this.#weights.set(node, value);
          if (!isVariable(value)) return;
          this.#weights.set(node, variable(value, false, freeName(node)));
          value.dispose();
        });
      }
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** The nodes that compute the outputs, in the order in which they run: {@link GraphModel.execute} takes their names. */
  get nodes(): readonly { readonly name: string; readonly op: string }[] {
    return this.#order('nodes', this.#outputs).names.map((name) => ({
      name,
      op: this.#graph.nodes.get(name)!.op,
    }));
  }

  /** The weights by the names of their nodes. */
  get variables(): Readonly<Record<string, Variable>> {
    const variables: Record<string, Variable> = {};
    for (const [node, weight] of this.#weights) {
      if (isVariable(weight)) setOwn(variables, node, weight);
    }
    return variables;
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
   * const model = await loadGraphModel(file);
   * const y = dl.tidy(() => model.predict(dl.tensor1d([-1, 2])) as dl.Tensor);
   * y.print(); // 0, 2
   * y.dispose();
   * model.dispose();
   * ```
   */
  predict(inputs: Inputs): Outputs {
    return this.#byName(this.#runNow('predict', inputs, this.#outputs));
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
   * const model = await loadGraphModel(file);
   * const x = dl.tensor1d([-1, 2]);
   * const y = (await model.predictAsync({ x })) as dl.Tensor;
   * y.print(); // 0, 2
   * dl.dispose([x, y]);
   * model.dispose();
   * ```
   */
  async predictAsync(inputs: Inputs): Promise<Outputs> {
    return this.#byName(await this.#runLater('predictAsync', inputs, this.#outputs));
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
    const results = this.#runNow('execute', inputs, this.#found('execute', names));
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
    const results = await this.#runLater('executeAsync', inputs, this.#found('executeAsync', names));
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
    const shown = ({ name, shape, dtype }: TensorDescription): string =>
      `  ${name}: ${dtype ?? 'any dtype'} ${shape ? `[${shape.map((extent) => extent ?? '?').join(', ')}]` : 'of any shape'}`;
    const counts = new Map<string, number>();
    for (const { op } of this.nodes) {
      if (op !== CONSTANT && op !== INPUT) counts.set(op, (counts.get(op) ?? 0) + 1);
    }
    const ops = [...counts].sort(([, a], [, b]) => b - a).map(([op, count]) => `  ${op}: ${count}`);
    const variables = Object.values(this.variables);
    const parameters = variables.reduce((sum, { size }) => sum + size, 0);
    return [
      'inputs',
      ...this.inputs.map(shown),
      'outputs',
      ...this.outputs.map(shown),
      `variables: ${variables.length}, of ${parameters} numbers`,
      'ops',
      ...ops,
    ].join('\n');
  }

  /** Whether the model may wait for values on the host while it runs: `predict` blocks then. */
  get waits(): boolean {
    return waitsForValues(this.#graph, this.#order('waits', this.#outputs).names, this.#ops);
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
    this.#isDisposed = true;
    this.#plans.dispose();
    for (const weight of this.#weights.values()) if (!weight.isDisposed) weight.dispose();
  }

  #byName(results: readonly Tensor[]): Outputs {
    if (results.length === 1) return results[0] as Outputs;
    const named: Record<string, Tensor> = {};
    this.outputs.forEach(({ name }, i) => setOwn(named, name, results[i]));
    return named as Outputs;
  }

  #runNow(operator: string, inputs: ModelInputs, outputs: readonly NodeOutput[]): Tensor[] {
    return tidy(operator, () => {
      this.#assertUsable(operator);
      const given = this.#given(operator, inputs, outputs);
      const running = this.#run(operator, given, outputs, true).next();
      if (running.done) return running.value;
      throw new Error(`${operator}: the model has to wait for the device; wanted ${operator}Async`);
    });
  }

  async #runLater(operator: string, inputs: ModelInputs, outputs: readonly NodeOutput[]): Promise<Tensor[]> {
    this.#assertUsable(operator);
    // The caller may free its own meanwhile, and no scope may free what is made here before the end.
    const given = tidy(operator, () =>
      this.#given(operator, inputs, outputs).map((input) => input && detached(input)),
    );
    try {
      const running = this.#run(operator, given, outputs, false);
      let step = outsideOfExtents(() => running.next());
      while (!step.done) {
        let next: () => typeof step;
        try {
          const read = await step.value;
          this.#assertUsable(operator);
          next = () => running.next(read);
        } catch (error) {
          next = () => running.throw(error);
        }
        step = outsideOfExtents(next);
      }
      return step.value;
    } finally {
      dispose(given);
    }
  }

  #given(operator: string, inputs: ModelInputs, outputs: readonly NodeOutput[]): (Tensor | undefined)[] {
    const { needed } = this.#order(operator, outputs);
    return neededTensors(operator, this.#graph.inputs, inputs, ({ node }) => needed.has(node));
  }

  #assertUsable(operator: string): void {
    if (this.#isDisposed) throw new Error(`${operator}: the model was disposed; wanted one that is not`);
  }

  *#run(
    operator: string,
    given: readonly (Tensor | undefined)[],
    outputs: readonly NodeOutput[],
    isNow: boolean,
  ): Waiting<Tensor[]> {
    try {
      const shapes = given.map((input) => (input ? `${input.dtype}[${input.shape.join()}]` : '')).join();
      let trained = '';
      let position = 0;
      for (const weight of this.#weights.values()) {
        if (weight instanceof Variable && weight.trainable) trained += `${position},`;
        position++;
      }
      const key = `${this.#keyOf(outputs)}|${shapes}|${trained}`;
      const known = yield* this.#plans.run(key, (plan) => runPlan(plan, given, isNow));
      if (known !== OTHER_WAY) return known;
      const traced: Traced = {
        graph: this.#graph,
        order: this.#order(operator, outputs).names,
        outputs,
        table: this.#ops,
        weights: this.#weights,
        isRecorded: this.#isRecorded,
      };
      const { plan, results } = yield* trace(traced, given, isNow);
      this.#plans.keep(key, plan);
      return results;
    } catch (error) {
      throw withOperator(operator, error);
    }
  }

  #keyOf(outputs: readonly NodeOutput[]): string {
    return outputs === this.#outputs ? this.#key : keyOf(outputs);
  }

  #order(operator: string, outputs: readonly NodeOutput[]): Order {
    const key = this.#keyOf(outputs);
    let order = this.#orders.get(key);
    if (!order) {
      const isKnown = (op: string): boolean => Object.hasOwn(this.#ops, op) || isControlFlow(op);
      const names = checkedNodes(this.#graph, outputs, isKnown, operator);
      this.#orders.set(key, (order = { names, needed: new Set(names) }));
    }
    return order;
  }

  /** The values of those names. */
  #found(operator: string, names: string | readonly string[]): NodeOutput[] {
    return (typeof names === 'string' ? [names] : names).map((name) => {
      const output = this.#graph.outputs.find((each) => each.name === name);
      if (output) return output.from;
      // ONNX's names may end so.
      if (this.#graph.nodes.has(name)) return { node: name, output: 0 };
      const colon = /:(\d+)$/.exec(name);
      const node = colon ? name.slice(0, colon.index) : name;
      if (this.#graph.nodes.has(node)) return { node, output: colon ? Number(colon[1]) : 0 };
      throw new Error(
        `${operator}: argument 'names' has ${described(name)}; wanted a node of the model, or an output: ${this.outputs.map((each) => shortened(each.name)).join(', ')}`,
      );
    });
  }
}

/** The nodes that outputs need, each behind its inputs. */
interface Order {
  readonly names: readonly string[];
  readonly needed: ReadonlySet<string>;
}

/** No name can hold what separates them here. */
function keyOf(outputs: readonly NodeOutput[]): string {
  return JSON.stringify(outputs.map(({ node, output }) => [node, output]));
}
