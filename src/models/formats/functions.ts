/**
 * Functions of TensorFlow 2's graphs. Calls of them are replaced by their nodes when a model is read, and branches and loops by the nodes of
 * TensorFlow 1's control flow, which graph/trace runs: Switch and Merge, Enter, NextIteration and Exit.
 */
import { shortened } from '../../tensor/argument';
import { CONSTANT, LEADS_BACK, type GraphNode, type NodeOutput } from '../graph/graph';

/** A function: nodes that compute results from arguments. Its nodes read arguments as outputs of nodes of their names. */
export interface GraphFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly nodes: readonly GraphNode[];
  readonly results: readonly NodeOutput[];
}

export type GraphFunctions = ReadonlyMap<string, GraphFunction>;

/** Functions that call each other twice make very many nodes of few. */
const MOST_NODES = 100_000;
const DEEPEST = 64;

/** The ops that have outputs of several names, with these names. */
const outputNames: Readonly<Record<string, readonly string[]>> = {
  TopKV2: ['values', 'indices'],
  NonMaxSuppressionV5: ['selected_indices', 'selected_scores', 'valid_outputs'],
  Switch: ['output_false', 'output_true'],
  Merge: ['output', 'value_index'],
  TensorArrayV3: ['handle', 'flow'],
};

/** `argument`, `node:output:2`: a value in a function, where outputs have names. */
export function valueIn(text: string, opOf: (node: string) => string | undefined): NodeOutput {
  const [node = '', name = '', index = '0'] = text.split(':');
  const op = opOf(node) ?? '';
  const names = Object.hasOwn(outputNames, op) ? outputNames[op]! : [];
  return { node, output: Math.max(0, names.indexOf(name)) + Number(index) };
}

/** What calls a function is replaced by; the outputs are those of the call. */
type Lowering = (call: GraphNode, around: Around) => readonly NodeOutput[];

/** Where a call is. */
interface Around {
  /** The functions that are being inlined. */
  readonly callers: readonly string[];
  /** The nodes that must have run: a node that reads nothing else would run though its branch is not taken, or once for all turns of a loop. */
  readonly after: readonly string[];
}

const value = (node: string, output = 0): NodeOutput => ({ node, output });

/**
 * The nodes of a graph without calls of functions. A constant of a function is there once.
 *
 * @throws when a function is missing, calls itself, or takes another number of arguments
 */
export function withoutCalls(
  given: ReadonlyMap<string, GraphNode>,
  functions: GraphFunctions,
  where: string,
): Map<string, GraphNode> {
  const nodes = new Map<string, GraphNode>();

  const add = (
    name: string,
    op: string,
    inputs: readonly NodeOutput[],
    after: readonly string[] = [],
    attributes: GraphNode['attributes'] = new Map(),
  ): NodeOutput => {
    if (nodes.size >= MOST_NODES)
      throw new Error(`${where} makes more than ${MOST_NODES} nodes of its functions; wanted fewer`);
    if (nodes.has(name)) throw new Error(`${where} has two nodes '${shortened(name)}'; wanted unique names`);
    nodes.set(name, { name, op, inputs, after, attributes });
    return value(name);
  };

  /** Adds a node, or what it calls. */
  const place = (node: GraphNode, around: Around): void => {
    const lower = Object.hasOwn(lowerings, node.op) ? lowerings[node.op] : undefined;
    if (!lower) add(node.name, node.op, node.inputs, node.after, node.attributes);
    else add(node.name, 'IdentityN', lower(node, { ...around, after: [...around.after, ...node.after] }));
  };

  /** Adds the nodes of a function, and gives its results. */
  const inline = (
    call: GraphNode,
    attribute: string,
    part: string,
    values: readonly NodeOutput[],
    { callers, after }: Around,
  ): readonly NodeOutput[] => {
    const of = `${where}: ${call.op} of node '${shortened(call.name)}'`;
    const name = String(call.attributes.get(attribute));
    const body = functions.get(name);
    if (!body) throw new Error(`${of} calls '${shortened(name)}'; wanted a function of the model`);
    if (callers.includes(name) || callers.length >= DEEPEST)
      throw new Error(
        `${of} calls '${shortened(name)}' in a call of ${shortened([...new Set(callers)].join(', '))}; wanted functions that do not call themselves, at most ${DEEPEST} in each other`,
      );
    if (values.length !== body.parameters.length)
      throw new Error(
        `${of} calls '${shortened(name)}' with ${values.length} arguments; wanted ${body.parameters.length}`,
      );
    const own = new Map(body.nodes.map((node) => [node.name, node]));
    const isConstant = (node: string): boolean => own.get(node)?.op === CONSTANT;
    const here = (node: string): string => `${call.name}/${part}${node}`;
    const seen = (input: NodeOutput): NodeOutput => {
      const parameter = body.parameters.indexOf(input.node);
      if (parameter >= 0) return values[parameter]!;
      return isConstant(input.node) ? value(input.node) : { ...input, node: here(input.node) };
    };
    for (const node of body.nodes) {
      if (node.op === CONSTANT) {
        if (nodes.get(node.name)?.op !== CONSTANT) add(node.name, CONSTANT, [], [], node.attributes);
        continue;
      }
      const waits = node.inputs.every((input) => isConstant(input.node));
      const before = node.after.filter((each) => own.has(each) && !isConstant(each)).map(here);
      place(
        {
          ...node,
          name: here(node.name),
          inputs: node.inputs.map(seen),
          after: waits ? [...before, ...after] : before,
        },
        { callers: [...callers, name], after },
      );
    }
    // A result that is an argument or a constant comes no sooner than the others.
    return body.results.map((result, i) => add(here(`result_${i}`), 'Identity', [seen(result)], after));
  };

  const call: Lowering = (node, around) => inline(node, 'f', '', node.inputs, around);

  const branch: Lowering = (node, around) => {
    const { name } = node;
    const [condition, ...values] = node.inputs;
    if (!condition)
      throw new Error(`${where}: ${node.op} of node '${shortened(name)}' has no inputs; wanted a condition`);
    const sides = (input: NodeOutput, part: string): NodeOutput =>
      add(`${name}/${part}`, 'Switch', [input, condition], around.after);
    const taken = sides(condition, 'taken');
    const switches = values.map((input, i) => sides(input, `switch_${i}`));
    const [then, otherwise] = (
      [
        ['then_branch', 'then/', 1],
        ['else_branch', 'else/', 0],
      ] as const
    ).map(([attribute, part, output]) => {
      const begins = add(`${name}/${part}begins`, 'Identity', [{ ...taken, output }]);
      const inputs = switches.map((each) => ({ ...each, output }));
      return inline(node, attribute, part, inputs, { ...around, after: [begins.node] });
    }) as [readonly NodeOutput[], readonly NodeOutput[]];
    if (then.length !== otherwise.length)
      throw new Error(
        `${where}: the branches of node '${shortened(name)}' give ${then.length} and ${otherwise.length} results; wanted the same number`,
      );
    return then.map((result, i) => add(`${name}/merge_${i}`, 'Merge', [result, otherwise[i]!]));
  };

  const loop: Lowering = (node, around) => {
    const { name, inputs } = node;
    const attributes = new Map([['frame_name', name]]);
    const enters = inputs.map((input, i) =>
      add(`${name}/enter_${i}`, 'Enter', [input], around.after, attributes),
    );
    const back = (i: number): string => `${name}/next_${i}`;
    const merges = enters.map((enter, i) => add(`${name}/merge_${i}`, 'Merge', [enter, value(back(i))]));
    const after = merges.slice(0, 1).map((merge) => merge.node);
    const [condition] = inline(node, 'cond', 'cond/', merges, { ...around, after });
    if (!condition || inputs.length === 0)
      throw new Error(
        `${where}: the loop '${shortened(name)}' has ${inputs.length} values and no condition; wanted both`,
      );
    const goesOn = add(`${name}/goes_on`, 'LoopCond', [condition]);
    const switches = merges.map((merge, i) => add(`${name}/switch_${i}`, 'Switch', [merge, goesOn]));
    const turn = switches.map((each, i) => add(`${name}/turn_${i}`, 'Identity', [{ ...each, output: 1 }]));
    const begins = turn.slice(0, 1).map((each) => each.node);
    const results = inline(node, 'body', 'body/', turn, { ...around, after: begins });
    if (results.length !== inputs.length)
      throw new Error(
        `${where}: a turn of the loop '${shortened(name)}' gives ${results.length} values; wanted ${inputs.length}`,
      );
    results.forEach((result, i) => add(back(i), LEADS_BACK, [result]));
    return switches.map((each, i) => add(`${name}/exit_${i}`, 'Exit', [each]));
  };

  const lowerings: Readonly<Record<string, Lowering>> = {
    PartitionedCall: call,
    StatefulPartitionedCall: call,
    If: branch,
    StatelessIf: branch,
    While: loop,
    StatelessWhile: loop,
  };

  for (const node of given.values()) place(node, { callers: [], after: [] });
  return nodes;
}
