import type { DataType } from '../kernels';
import { keep, tidy, Variable, variable, type Tensor } from '../tensor';
import { described, shortened } from '../tensor/argument';
import { setOwn } from '../tensor/own-property';
import { makeTensor } from '../tensor/tensor-like';
import { variableNamed } from '../tensor/variable';
import { checkGraph, orderedNodes } from './graph/check';
import { CONSTANT, INPUT, type Graph, type NodeOutput, type TensorDescription } from './graph/graph';
import { OTHER_WAY, disposePlan, runPlan, type Plan } from './graph/plan';
import { isControlFlow, trace, type Traced } from './graph/trace';
import type { Waiting } from './graph/value';
import { givenTensors, type ModelInputs } from './model-inputs';
import { opTable } from './ops';

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

const isKnown = (op: string): boolean => Object.hasOwn(opTable, op) || isControlFlow(op);

/** For each kind of input, so many plans are kept; the least recently used goes first. */
const MOST_PLANS = 16;

/** A weight shorter than this is a setting of the model, such as an axis, and no variable. */
const isVariable = ({
  dtype,
  shape,
}: {
  readonly dtype: DataType;
  readonly shape: readonly number[];
}): boolean => dtype === 'float32' && shape.length > 0;

/** A plan with the weights that were folded into it, and their values then. */
interface Kept {
  readonly key: string;
  readonly plan: Plan;
  readonly storages: readonly (readonly [Variable, unknown])[];
}

/**
 * A model that was loaded: a function of tensors with named variables. It can be called in `tidy`, `mapTensor` and `predict`, and inside a loss.
 * Its weights are not trainable at first; set {@link GraphModel.trainable}, or `trainable` of single variables.
 */
export class GraphModel {
  /** The inputs, in the order in which `predict` takes them. */
  readonly inputs: readonly TensorDescription[];
  /** The outputs, in the order in which `predict` gives them. */
  readonly outputs: readonly TensorDescription[];
  readonly #graph: Graph;
  readonly #weights = new Map<string, Tensor>();
  /** The last used comes last. */
  #plans: Kept[] = [];
  readonly #orders = new Map<string, readonly string[]>();
  #isDisposed = false;

  /** @throws when the graph is damaged, or has unsupported ops: nothing is allocated then */
  constructor(graph: Graph, operator: string) {
    checkGraph(graph, isKnown, operator);
    this.#graph = graph;
    this.inputs = graph.inputs.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
    this.outputs = graph.outputs.map(({ name, shape, dtype }) => ({ name, shape, dtype }));
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

  /** The weights by the names of their nodes. */
  get variables(): Readonly<Record<string, Variable>> {
    const variables: Record<string, Variable> = {};
    for (const [node, weight] of this.#weights) {
      if (isVariable(weight)) setOwn(variables, node, weight);
    }
    return variables;
  }

  /** Whether all weights are trainable. */
  get trainable(): boolean {
    return Object.values(this.variables).every(({ trainable }) => trainable);
  }

  /** Makes all weights trainable, or none. */
  set trainable(trainable: boolean) {
    for (const weight of Object.values(this.variables)) weight.trainable = trainable;
  }

  /**
   * Runs the model. It blocks until the device is done only where the model itself decides by values.
   *
   * @param inputs the only input, a list, or an object by the names in {@link GraphModel.inputs}
   * @returns the output; of a model with several, an object by the names in {@link GraphModel.outputs}
   * @throws when an input is missing, or has another shape or dtype than the model takes
   */
  predict(inputs: ModelInputs): Tensor | NamedTensors {
    return this.#named(
      this.#runNow(
        'predict',
        inputs,
        this.#graph.outputs.map(({ from }) => from),
      ),
    );
  }

  /** As {@link GraphModel.predict}, but never blocks. */
  async predictAsync(inputs: ModelInputs): Promise<Tensor | NamedTensors> {
    const outputs = this.#graph.outputs.map(({ from }) => from);
    return this.#named(await this.#runLater('predictAsync', inputs, outputs));
  }

  /**
   * Runs the part of the model on which some values depend.
   *
   * @param names names of outputs, or of any nodes; `name:1` is a node's second output
   * @returns a tensor for one name, a list for a list of names
   * @throws when the model has no node of such a name, or as {@link GraphModel.predict} does
   */
  execute(inputs: ModelInputs, names: string): Tensor;
  execute(inputs: ModelInputs, names: readonly string[]): Tensor[];
  execute(inputs: ModelInputs, names: string | readonly string[]): Tensor | Tensor[] {
    const results = this.#runNow('execute', inputs, this.#found('execute', names));
    return typeof names === 'string' ? results[0]! : results;
  }

  /** As {@link GraphModel.execute}, but never blocks. */
  async executeAsync(inputs: ModelInputs, names: readonly string[]): Promise<Tensor[]> {
    return this.#runLater('executeAsync', inputs, this.#found('executeAsync', names));
  }

  /** A table of the ops, weights, inputs and outputs. */
  summary(): string {
    const shown = ({ name, shape, dtype }: TensorDescription): string =>
      `  ${name}: ${dtype ?? 'any dtype'} ${shape ? `[${shape.map((extent) => extent ?? '?').join(', ')}]` : 'of any shape'}`;
    const counts = new Map<string, number>();
    for (const name of this.#order(this.#graph.outputs.map(({ from }) => from))) {
      const { op } = this.#graph.nodes.get(name)!;
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

  /** Frees the weights, and what was computed from them. */
  dispose(): void {
    this.#isDisposed = true;
    for (const { plan } of this.#plans) disposePlan(plan);
    this.#plans = [];
    for (const weight of this.#weights.values()) if (!weight.isDisposed) weight.dispose();
  }

  #named(results: readonly Tensor[]): Tensor | NamedTensors {
    if (results.length === 1) return results[0]!;
    const named: Record<string, Tensor> = {};
    this.outputs.forEach(({ name }, i) => setOwn(named, name, results[i]));
    return named;
  }

  #runNow(operator: string, inputs: ModelInputs, outputs: readonly NodeOutput[]): Tensor[] {
    return tidy(operator, () => {
      const running = this.#run(operator, inputs, outputs, true).next();
      if (running.done) return running.value;
      throw new Error(`${operator}: the model has to wait for the device; wanted ${operator}Async`);
    });
  }

  async #runLater(operator: string, inputs: ModelInputs, outputs: readonly NodeOutput[]): Promise<Tensor[]> {
    const running = this.#run(operator, inputs, outputs, false);
    let step = running.next();
    while (!step.done) {
      let read: unknown;
      try {
        read = await step.value;
      } catch (error) {
        running.throw(error);
        throw error;
      }
      step = running.next(read);
    }
    return step.value;
  }

  *#run(
    operator: string,
    inputs: ModelInputs,
    outputs: readonly NodeOutput[],
    isNow: boolean,
  ): Waiting<Tensor[]> {
    if (this.#isDisposed) throw new Error(`${operator}: the model was disposed; wanted one that is not`);
    const { given, made } = givenTensors(operator, this.#graph.inputs, inputs);
    try {
      const wanted = outputs.map(({ node, output }) => `${node}:${output}`).join();
      const shapes = given.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join();
      const trained = [...this.#weights.values()].map((weight) =>
        Number(weight instanceof Variable && weight.trainable),
      );
      const key = `${wanted}|${shapes}|${trained.join('')}`;
      for (const kept of this.#plans.filter((each) => each.key === key)) {
        if (kept.storages.some(([variable, storage]) => variable.storage !== storage)) {
          this.#forget(kept);
          continue;
        }
        const results = yield* runPlan(kept.plan, given, isNow);
        if (results === OTHER_WAY) continue;
        this.#plans = [...this.#plans.filter((each) => each !== kept), kept];
        return results;
      }
      const traced: Traced = {
        graph: this.#graph,
        order: this.#order(outputs),
        outputs,
        table: opTable,
        weights: this.#weights,
      };
      const { plan, results } = yield* trace(traced, given, isNow);
      this.#keep(key, plan);
      return results;
    } finally {
      for (const each of made) each.dispose();
    }
  }

  #keep(key: string, plan: Plan): void {
    if (this.#isDisposed) {
      disposePlan(plan);
      return;
    }
    const folded = [...plan.weights.values()].filter((each): each is Variable => each instanceof Variable);
    this.#plans.push({
      key,
      plan,
      storages: folded.flatMap((each) => (each.trainable ? [] : [[each, each.storage] as const])),
    });
    while (this.#plans.length > MOST_PLANS) this.#forget(this.#plans[0]!);
  }

  #forget(kept: Kept): void {
    this.#plans = this.#plans.filter((each) => each !== kept);
    disposePlan(kept.plan);
  }

  #order(outputs: readonly NodeOutput[]): readonly string[] {
    const key = outputs.map(({ node }) => node).join();
    let order = this.#orders.get(key);
    if (!order) this.#orders.set(key, (order = orderedNodes(this.#graph, outputs, 'execute')));
    return order;
  }

  /** The values of that names. */
  #found(operator: string, names: string | readonly string[]): NodeOutput[] {
    return (typeof names === 'string' ? [names] : names).map((name) => {
      const output = this.#graph.outputs.find((each) => each.name === name);
      if (output) return output.from;
      const colon = /:(\d+)$/.exec(name);
      const node = colon ? name.slice(0, colon.index) : name;
      if (this.#graph.nodes.has(node)) return { node, output: colon ? Number(colon[1]) : 0 };
      throw new Error(
        `${operator}: argument 'names' has ${described(name)}; wanted a node of the model, or an output: ${this.outputs.map((each) => shortened(each.name)).join(', ')}`,
      );
    });
  }
}

/** A name for a variable: that of its node, with a number where a variable has it already. */
function freeName(node: string): string {
  let name = node;
  for (let number = 1; variableNamed(name); number++) name = `${node}_${number}`;
  return name;
}
