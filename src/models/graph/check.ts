import { shortened } from '../../tensor/argument';
import { CONSTANT, INPUT, LEADS_BACK, NOTHING, type NodeOutput, type Topology } from './graph';

const MOST_NAMED = 8;

/**
 * The nodes on which the outputs depend, each behind its inputs. Only these are ever run. An edge that closes a loop is no input here.
 *
 * @throws when a node is missing, or nodes depend on each other in a circle
 */
function orderedNodes(
  graph: Pick<Topology, 'nodes'>,
  outputs: readonly NodeOutput[],
  operator: string,
): string[] {
  const ordered: string[] = [];
  const state = new Map<string, 'open' | 'placed'>();
  const visit = (name: string, neededBy: string) => ({
    name,
    neededBy,
    next: 0,
    follows: null as readonly string[] | null,
  });
  const roots = outputs.map(({ node }) => visit(node, 'an output'));
  for (let root = roots.shift(); root; root = roots.shift()) {
    // A stack of its own: a chain of nodes may be longer than the engine's stack is deep.
    const stack = [root];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { name, neededBy } = top;
      const node = graph.nodes.get(name);
      if (!node)
        throw new Error(
          `${operator}: the model has no node '${shortened(name)}', on which ${neededBy} depends; wanted a complete graph`,
        );
      if (top.next === 0 && state.get(name) === 'placed') {
        stack.pop();
        continue;
      }
      if (top.next === 0 && state.get(name) === 'open')
        throw new Error(
          `${operator}: the node '${shortened(name)}' of the model depends on itself, through ${neededBy}; wanted a graph without cycles`,
        );
      state.set(name, 'open');
      top.follows ??= [...node.inputs.map((input) => input.node), ...node.after];
      const of = `'${shortened(name)}'`;
      const input = node.op === LEADS_BACK ? undefined : top.follows[top.next++];
      if (input !== undefined) {
        stack.push(visit(input, of));
        continue;
      }
      if (node.op === LEADS_BACK) roots.push(...top.follows.map((each) => visit(each, of)));
      state.set(name, 'placed');
      ordered.push(name);
      stack.pop();
    }
  }
  return ordered;
}

/** The nodes, and which constants have values. */
export interface CheckedGraph extends Pick<Topology, 'nodes'> {
  readonly constants: { readonly has: (node: string) => boolean };
}

/**
 * As {@link orderedNodes}, and checks that they can run.
 *
 * @param known whether there is an op of that name
 * @throws naming all unsupported ops at once; when a node is missing, a cycle is found, or a constant has no values
 */
export function checkedNodes(
  graph: CheckedGraph,
  outputs: readonly NodeOutput[],
  known: (op: string) => boolean,
  operator: string,
): string[] {
  const unknown = new Map<string, string>();
  const ordered = orderedNodes(graph, outputs, operator);
  for (const name of ordered) {
    const { op } = graph.nodes.get(name)!;
    if (op === INPUT || op === NOTHING) continue;
    if (op === CONSTANT) {
      if (!graph.constants.has(name))
        throw new Error(
          `${operator}: the constant '${shortened(name)}' has no values; wanted them among the model's weights`,
        );
    } else if (!known(op)) unknown.set(op, name);
  }
  if (unknown.size === 0) return ordered;
  const named = [...unknown]
    .slice(0, MOST_NAMED)
    .map(([op, name]) => `${shortened(op)} (in '${shortened(name)}')`);
  if (unknown.size > MOST_NAMED) named.push(`and ${unknown.size - MOST_NAMED} more`);
  throw new Error(
    `${operator}: the model uses ops that are not supported: ${named.join(', ')}; docs/models.md lists those that are`,
  );
}
