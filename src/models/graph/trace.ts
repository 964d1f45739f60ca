/**
 * Makes a plan by running a model once. What depends on weights and shapes alone is computed here for good. Loops and branches are followed as
 * they turn out, so that a plan has none: a decision that depends on the inputs' values becomes a guard.
 *
 * Control flow is TensorFlow's: a node runs when its inputs are there, Switch hands its input to one of two sides, Merge takes what comes first,
 * and Enter, NextIteration and Exit lead into a loop, to its next turn, and out (Abadi et al., "TensorFlow: A System for Large-Scale Machine
 * Learning", 2016, section 3.4).
 */
import { onBackend } from '../../kernels';
import { sparingMemory } from '../../kernels/cpu/memory';
import { dispose, keep, scalar, tidy, type Tensor, type Variable } from '../../tensor';
import { described, shortened } from '../../tensor/argument';
import { MOST_ITEMS, NodeAttributes, type OpRow, type OpTable } from '../ops/row';
import { arrayOps, type ArrayCall } from './arrays';
import { CONSTANT, LEADS_BACK, NOTHING, type GraphNode, type NodeOutput, type Topology } from './graph';
import { firstTurn, nextTurn, placeIn, seenFrom, type Place } from './loops';
import { partsOf, runnable } from './parts';
import type { Plan } from './plan';
import { isLeaf, runNodes } from './schedule';
import { hostInputs, numbersOf, runRow, type Guard, type Step } from './step';
import { isArray, type Outputs, type Token, type Value, type Waiting } from './value';

/** What a plan is made of. */
export interface Traced {
  readonly graph: Topology;
  /** The needed nodes, each behind its inputs. */
  readonly order: readonly string[];
  readonly outputs: readonly NodeOutput[];
  readonly table: OpTable;
  /** The weights, by node. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** Whether what needs no values on the host runs as a program. */
  readonly isRecorded: boolean;
}

/** Folded values of at most so many elements are computed on the CPU, which need not be waited for. */
const SMALL = 4096;
/** Ends a loop that would not: one whose condition always holds. */
const MOST_RUNS = 50_000;

/** How a node of control flow hands its inputs on: as its outputs, and the place from which they are seen. */
type Flow = (node: GraphNode, x: Outputs, place: Place<Outputs>) => readonly [Outputs, Place<Outputs>];

const handsOn: Flow = (_node, x, place) => [x, place];

const flows: Readonly<Record<string, Flow>> = {
  CheckNumerics: handsOn,
  Identity: handsOn,
  IdentityN: handsOn,
  LoopCond: handsOn,
  PreventGradient: handsOn,
  [NOTHING]: (_node, _x, place) => [[null], place],
  Merge: (_node, x, place) => [[x.find((token) => token !== undefined)], place],
  Enter: (node, x, place) => {
    const turn = firstTurn(place, String(node.attributes.get('frame_name') ?? ''));
    if (node.attributes.get('is_constant') === true) turn.fixed.set(node.name, x);
    return [x, turn];
  },
  [LEADS_BACK]: (_node, x, place) => [x, nextTurn(place)],
  Exit: (_node, x, place) => [x, place.outside ?? place],
};

/** Whether a node of this op needs no row in the table of ops. */
export function isControlFlow(op: string): boolean {
  return op === 'Switch' || Object.hasOwn(flows, op) || Object.hasOwn(arrayOps, op);
}

/**
 * Runs a model once, and makes a plan of it.
 *
 * @param given the inputs, in the order of the graph's; undefined for one on which the outputs do not depend
 * @returns the plan, which the caller disposes, and the outputs of this run
 */
export function* trace(
  traced: Traced,
  given: readonly (Tensor | undefined)[],
  isNow: boolean,
): Waiting<{ plan: Plan; results: Tensor[] }> {
  const tracing = new Tracing(traced, given, isNow);
  try {
    yield* runNodes(traced.graph, traced.order, tracing.root, tracing);
    return tracing.finish();
  } catch (error) {
    tracing.abandon();
    throw error;
  }
}

/** A run of a model of which a plan is made. */
class Tracing {
  readonly root = placeIn<Outputs>('', null);
  readonly #steps: Step[] = [];
  readonly #guards: Guard[] = [];
  readonly #constants = new Map<number, Tensor>();
  readonly #weights = new Map<number, Tensor>();
  readonly #inputs: number[];
  /** The results of steps in this run, by slot. */
  readonly #results = new Map<number, Tensor>();
  /** How many nodes read each node. */
  readonly #readers: ReadonlyMap<string, number>;
  /** How many nodes have yet to read each slot. */
  readonly #reads = new Map<number, number>();
  #slots = 0;
  #runs = 0;

  constructor(
    private readonly traced: Traced,
    private readonly given: readonly (Tensor | undefined)[],
    private readonly isNow: boolean,
  ) {
    this.#inputs = traced.graph.inputs.map(() => -1);
    this.#readers = readersIn(traced);
  }

  readonly isReady = (node: GraphNode, place: Place<Outputs>): boolean => {
    const isThere = (input: NodeOutput): boolean => this.#token(input, place) !== undefined;
    const hasRun = (name: string): boolean =>
      isLeaf(this.traced.graph.nodes.get(name)!) || seenFrom(place, name) !== undefined;
    const hasInputs = node.op === 'Merge' ? node.inputs.some(isThere) : node.inputs.every(isThere);
    return hasInputs && node.after.every(hasRun);
  };

  readonly run = (node: GraphNode, place: Place<Outputs>): Waiting<readonly [Outputs, Place<Outputs>]> => {
    if (++this.#runs > MOST_RUNS)
      throw new Error(`the model runs more than ${MOST_RUNS} nodes; wanted loops that end sooner`);
    return this.#runAndFree(node, place);
  };

  finish(): { plan: Plan; results: Tensor[] } {
    const values = this.traced.outputs.map((output) => {
      const token = this.#token(output, this.root);
      if (token && !isArray(token)) return token;
      throw new Error(
        `the output ${output.output} of node '${output.node}' was not computed; wanted a tensor`,
      );
    });
    const outputs = values.map(({ slot }) => slot);
    const known = new Map([...this.#constants, ...this.#weights]);
    const plan: Plan = {
      parts: partsOf(this.#steps, this.#guards, known, outputs).map((part) =>
        runnable(part, known, this.traced.isRecorded),
      ),
      guards: this.#guards,
      constants: this.#constants,
      weights: this.#weights,
      inputs: this.#inputs,
      outputs,
    };
    const results = values.map(({ tensor }) => tensor.clone<Tensor>());
    dispose([...this.#results.values()]);
    return { plan, results };
  }

  /** Frees what was made. */
  abandon(): void {
    dispose([...this.#results.values(), ...this.#constants.values()]);
  }

  #token({ node, output }: NodeOutput, place: Place<Outputs>): Token | undefined {
    const named = this.traced.graph.nodes.get(node)!;
    return (isLeaf(named) ? this.#leaf(named) : seenFrom(place, node))?.[output];
  }

  /** The value of a weight or an input. */
  #leaf({ name, op }: GraphNode): Outputs {
    const known = this.root.fixed.get(name);
    if (known) return known;
    const isWeight = op === CONSTANT;
    const i = this.traced.graph.inputs.findIndex(({ node }) => node === name);
    const tensor = isWeight ? this.traced.weights.get(name)! : this.given[i]!;
    const isTrained = (tensor as Partial<Variable>).trainable === true;
    const value = this.#value(tensor, isWeight && !isTrained, true);
    if (isWeight) this.#weights.set(value.slot, tensor);
    else this.#inputs[i] = value.slot;
    const outputs = [value];
    this.root.fixed.set(name, outputs);
    return outputs;
  }

  #value(tensor: Tensor, isConstant: boolean, hasFixedShape: boolean): Value {
    return { slot: this.#slots++, tensor, isConstant, hasFixedShape };
  }

  #constant(made: Tensor): Value {
    const value = this.#value(keep(made), true, true);
    this.#constants.set(value.slot, made);
    return value;
  }

  *#runAndFree(node: GraphNode, place: Place<Outputs>): Waiting<readonly [Outputs, Place<Outputs>]> {
    const ran = yield* this.#run(node, place);
    // What loops and lists hold lives to the end: it may be read again.
    const isReadOnce = place === this.root && !holdsValues(node.op);
    this.#count(ran[0], isReadOnce ? (this.#readers.get(node.name) ?? 0) : Infinity);
    for (const name of new Set(node.inputs.map((input) => input.node)))
      this.#count(seenFrom(place, name) ?? [], isReadOnce ? -1 : Infinity);
    return ran;
  }

  /** Counts nodes that have yet to read some values, and frees those that nobody will. */
  #count(outputs: Outputs, more: number): void {
    for (const token of outputs) {
      if (!token || isArray(token)) continue;
      const left = (this.#reads.get(token.slot) ?? 0) + more;
      this.#reads.set(token.slot, left);
      if (left > 0) continue;
      this.#results.get(token.slot)?.dispose();
      this.#results.delete(token.slot);
    }
  }

  *#run(node: GraphNode, place: Place<Outputs>): Waiting<readonly [Outputs, Place<Outputs>]> {
    const { op } = node;
    const x = node.inputs.map((input) => this.#token(input, place));
    if (op === CONSTANT) return [this.#leaf(node), place];
    if (op === 'Switch') {
      const holds = yield* this.#decide(tensorIn(node, x, 1));
      return [holds ? [undefined, x[0]] : [x[0], undefined], place];
    }
    const flow = Object.hasOwn(flows, op) ? flows[op] : undefined;
    if (flow) return flow(node, x, place);
    if (Object.hasOwn(arrayOps, op)) return [yield* arrayOps[op]!(this.#arrayCall(node, x)), place];
    return [
      yield* this.#compute(
        node,
        this.traced.table[op]!,
        x.map((_, i) => tensorIn(node, x, i)),
      ),
      place,
    ];
  }

  /** Whether a condition holds. One that depends on the inputs' values becomes a guard. */
  *#decide({ tensor, slot, isConstant }: Value): Waiting<boolean> {
    const expected = (yield* numbersOf(tensor, this.isNow))[0] !== 0;
    if (!isConstant) this.#guards.push({ position: this.#steps.length, slot, expected });
    return expected;
  }

  /** Runs an op, as a step of the plan, or for good. */
  *#compute(node: GraphNode, row: OpRow, x: readonly Value[]): Waiting<Value[]> {
    const numbers = new Map<number, readonly number[]>();
    const fixed = new Map<number, readonly number[]>();
    for (const i of hostInputs(row, x.length)) {
      const read = yield* numbersOf(x[i]!.tensor, this.isNow);
      numbers.set(i, read);
      if (x[i]!.isConstant) fixed.set(i, read);
    }
    const attributes = new NodeAttributes(node.attributes, node.name);
    const work = { name: node.name, op: node.op, row, attributes };
    const tensors = x.map(({ tensor }) => tensor);
    const run = (): readonly Tensor[] => sparingMemory(() => runRow(work, tensors, (i) => numbers.get(i)));
    const isFolded = x.every((value) => (row.ofShape ? value.hasFixedShape : value.isConstant));
    if (isFolded) {
      const isSmall = tensors.every(({ size }) => size <= SMALL);
      return (isSmall ? onCpu(run) : run()).map((tensor) => this.#constant(tensor));
    }
    const isDecided = fixed.size === numbers.size && !row.shapedByValues;
    const hasFixedShape = isDecided && x.every((value) => value.hasFixedShape);
    const values = run().map((tensor) => {
      const value = this.#value(keep(tensor), false, hasFixedShape);
      this.#results.set(value.slot, tensor);
      return value;
    });
    this.#steps.push({
      ...work,
      inputs: x.map(({ slot }) => slot),
      outputs: values.map(({ slot }) => slot),
      numbers: fixed,
      hasFixedShapes: x.every((value) => value.hasFixedShape),
    });
    return values;
  }

  #arrayCall(node: GraphNode, x: Outputs): ArrayCall {
    const of = `${node.op} of node '${node.name}'`;
    const value = (i: number): Value => tensorIn(node, x, i);
    const compute = (op: 'Pack' | 'Unpack', values: readonly Value[]): Waiting<Value[]> =>
      this.#compute({ ...node, op, attributes: new Map([['axis', 0]]) }, this.traced.table[op]!, values);
    const { isNow } = this;
    return {
      array: x.find(isArray) ?? { items: [] },
      value,
      *numbers(i) {
        const { tensor, isConstant } = value(i);
        if (isConstant) {
          const read = yield* numbersOf(tensor, isNow);
          if (read.every((number) => number >= 0 && number < MOST_ITEMS)) return read;
          throw new Error(`${of}: input ${i} is ${described(read)}; wanted numbers from 0 to ${MOST_ITEMS}`);
        }
        throw new Error(`${of}: input ${i} depends on values; wanted one that depends on shapes alone`);
      },
      *stack(items) {
        return (yield* compute('Pack', items))[0]!;
      },
      unstack: (whole) => compute('Unpack', [whole]),
      scalar: (number) => this.#constant(tidy(() => scalar(number, 'int32'))),
      item: ({ items }, i) => {
        const item = items[i];
        if (item) return item;
        throw new Error(`${of}: element ${i} of ${items.length} is read, and was not written`);
      },
    };
  }
}

const holdsValues = (op: string): boolean =>
  op === 'Enter' || op === LEADS_BACK || Object.hasOwn(arrayOps, op);

/** How many nodes read each node, and how many outputs of the model it has. */
function readersIn({ graph, order, outputs }: Traced): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const read = (node: string): unknown => readers.set(node, (readers.get(node) ?? 0) + 1);
  for (const { node } of outputs) read(node);
  for (const name of order)
    for (const node of new Set(graph.nodes.get(name)!.inputs.map((input) => input.node))) read(node);
  return readers;
}

/** @throws when a list came there, or nothing */
function tensorIn({ name, op }: GraphNode, x: Outputs, i: number): Value {
  const token = x[i];
  if (token && !isArray(token)) return token;
  throw new Error(
    `${op} of node '${shortened(name)}': input ${i} is ${token ? 'a list' : 'missing'}; wanted a tensor`,
  );
}

function onCpu<T>(work: () => T): T {
  let result!: T;
  onBackend('cpu', () => {
    result = work();
  });
  return result;
}
