/**
 * Ops on images that are written with their channels in front (NCHW) run here with their channels last (NHWC). This pass puts a transposition at the
 * borders between such ops and others. Between two of them, and through ops that can follow either order, values stay as they are.
 */
import type { Graph, GraphNode, NodeOutput } from './graph';

/** How the order of axes passes through an op. */
export type LayoutRule =
  /** Takes images as its first input, and gives images: always with their channels last. */
  | 'images'
  /** Computes each element alone, from the first input and settings. */
  | 'each'
  /** Has axes as settings, which count in another order if the flag `channels_last` is set. */
  | 'axes'
  /** Computes each element alone, from inputs that are broadcast together. */
  | 'broadcast'
  /** As 'axes', of all inputs. */
  | 'joined'
  /** Takes one of its inputs. */
  | 'merged'
  /** Reads axes in the order of the flag `channels_last`, and gives something that is no image. */
  | 'asked'
  /** As 'axes' where it keeps the axes over which it reduces; else as 'asked', where the order of the others is the same. */
  | 'reduced'
  /** Permutes axes. */
  | 'transposed';

export interface LayoutTable {
  /** The rule of each op. Others take and give values as the file has them. */
  readonly rules: Readonly<Record<string, LayoutRule>>;
  /** The ops that move the channels of each input behind the other axes, and back. The attribute `rank` asks to put axes of 1 in front. */
  readonly toLast: string;
  readonly toFirst: string;
  /** The rank of an output, if it can be told. */
  readonly rank: (output: NodeOutput) => number | undefined;
  /** The axes over which a node reduces; null if they depend on values. */
  readonly reducedAxes: (node: GraphNode) => readonly number[] | null;
}

/** Where an axis of an image goes when its channels become the last. */
export function axisInLast(axis: number, rank: number): number {
  const from = axis < 0 ? axis + rank : axis;
  if (rank < 3 || from === 0) return from;
  return from === 1 ? rank - 1 : from - 1;
}

const upTo = (rank: number): number[] => Array.from({ length: rank }, (_, axis) => axis);
/** The order of axes that puts the channels last. */
export const lastOrder = (rank: number): number[] => (rank < 3 ? upTo(rank) : [0, ...upTo(rank).slice(2), 1]);
/** The order of axes that puts the last one second. */
export const firstOrder = (rank: number): number[] =>
  rank < 3 ? upTo(rank) : [0, rank - 1, ...upTo(rank).slice(1, -1)];

/** An attribute that is a list of numbers. */
export function numbersAt({ attributes }: GraphNode, name: string): readonly number[] | undefined {
  const value = attributes.get(name);
  const isNumbers = Array.isArray(value) && value.every((each) => typeof each === 'number');
  return isNumbers ? value : undefined;
}

const isSame = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join();

/**
 * @param order all nodes, each behind its inputs
 * @returns a graph in which a node of the file gives under its name what it gives there
 */
export function inChannelsLast(graph: Graph, order: readonly string[], table: LayoutTable): Graph {
  const { rules, toLast, toFirst, rank } = table;
  const nodes = new Map<string, GraphNode>();
  /** The outputs that hold a value with its channels last. */
  const lasts = new Map<string, NodeOutput>();
  /** The outputs that hold a value as in the file, where that is not under its own name. */
  const firsts = new Map<string, NodeOutput>();
  const keyOf = ({ node, output }: NodeOutput): string => `${output}:${node}`;
  const first = (value: NodeOutput): NodeOutput => firsts.get(keyOf(value)) ?? value;
  const hasLast = (value: NodeOutput | undefined): boolean => value !== undefined && lasts.has(keyOf(value));

  const free = (name: string): string => {
    let found = name;
    for (let number = 1; graph.nodes.has(found) || nodes.has(found); number++) found = `${name}_${number}`;
    return found;
  };
  const add = (
    { after }: GraphNode,
    name: string,
    op: string,
    inputs: readonly NodeOutput[],
    attributes: GraphNode['attributes'] = new Map(),
  ): NodeOutput => {
    nodes.set(name, { name, op, inputs, after, attributes });
    return { node: name, output: 0 };
  };

  /** The value with its channels last. It is made where the value is, since others may ask for it, too. */
  const last = (value: NodeOutput, toRank?: number): NodeOutput => {
    const isExpanded = toRank !== undefined && toRank !== rank(value);
    const key = isExpanded ? `${toRank}:${keyOf(value)}` : keyOf(value);
    let found = lasts.get(key);
    if (!found) {
      const attributes = new Map(isExpanded ? [['rank', toRank]] : []);
      const producer = graph.nodes.get(value.node)!;
      found = add(producer, free(`${value.node}/last`), toLast, [first(value)], attributes);
      lasts.set(key, found);
    }
    return found;
  };

  const inFirst = (node: GraphNode): void => {
    nodes.set(node.name, { ...node, inputs: node.inputs.map(first) });
  };
  /** Its outputs have their channels last. Under its name stands a transposition back, which runs only where someone asks for it. */
  const inLast = (node: GraphNode, inputs: readonly NodeOutput[], isFlagged: boolean): void => {
    const attributes = isFlagged ? new Map([...node.attributes, ['channels_last', true]]) : node.attributes;
    const own = add(node, free(`${node.name}/last`), node.op, inputs, attributes).node;
    const count = Math.max(1, Number(node.attributes.get('outputs') ?? 1));
    const outputs = Array.from({ length: count }, (_, output) => ({ node: own, output }));
    for (const { output } of outputs) lasts.set(keyOf({ node: node.name, output }), outputs[output]!);
    add(node, node.name, toFirst, outputs);
    for (const each of count > 1 ? outputs : [])
      firsts.set(
        keyOf({ node: node.name, output: each.output }),
        add(node, free(`${node.name}/first`), toFirst, [each]),
      );
  };
  const asked = (node: GraphNode): void => {
    nodes.set(node.name, {
      ...node,
      inputs: node.inputs.map((value, i) => (i === 0 ? last(value) : first(value))),
      attributes: new Map([...node.attributes, ['channels_last', true]]),
    });
  };
  const firstInputLast = ({ inputs }: GraphNode): NodeOutput[] =>
    inputs.map((value, i) => (i === 0 ? last(value) : first(value)));

  /** Whether the axes that are left have the same order with the channels last. */
  const keepsOrder = (node: GraphNode): boolean => {
    const extents = rank(node.inputs[0]!);
    const axes = table.reducedAxes(node);
    if (extents === undefined || axes === null) return false;
    const gone = new Set(axes.length === 0 ? upTo(extents) : axes.map((axis) => (axis + extents) % extents));
    const left = (all: readonly number[]): number[] => all.filter((axis) => !gone.has(axis));
    return isSame(left(upTo(extents)), left(lastOrder(extents)));
  };

  const broadcast = (node: GraphNode): boolean => {
    const ranks = node.inputs.map(rank);
    if (ranks.includes(undefined)) return false;
    const greatest = Math.max(...(ranks as number[]));
    const fits = node.inputs.every((value, i) => !hasLast(value) || ranks[i] === greatest);
    if (!fits || !node.inputs.some(hasLast)) return false;
    const isSingle = ({ node: name }: NodeOutput): boolean => graph.constants.get(name)?.values.length === 1;
    const inputs = node.inputs.map((value, i) =>
      ranks[i] === 0 || isSingle(value) ? first(value) : last(value, greatest),
    );
    inLast(node, inputs, false);
    return true;
  };

  const transposed = (node: GraphNode): void => {
    const perm = numbersAt(node, 'perm');
    const [value] = node.inputs;
    if (!perm || !value) {
      inFirst(node);
      return;
    }
    const extents = perm.length;
    if (hasLast(value)) {
      if (isSame(perm, lastOrder(extents))) add(node, node.name, 'Identity', [last(value)]);
      else {
        const attributes = new Map([
          ...node.attributes,
          ['perm', perm.map((axis) => axisInLast(axis, extents))],
        ]);
        add(node, node.name, node.op, [last(value)], attributes);
      }
      return;
    }
    inFirst(node);
    if (isSame(perm, firstOrder(extents))) lasts.set(keyOf({ node: node.name, output: 0 }), first(value));
  };

  const follow: Readonly<Record<LayoutRule, (node: GraphNode) => boolean>> = {
    images: (node) => {
      inLast(node, firstInputLast(node), false);
      return true;
    },
    each: (node) => follows(node, hasLast(node.inputs[0]), false),
    axes: (node) => follows(node, hasLast(node.inputs[0]), true),
    broadcast,
    joined: (node) => {
      if (!node.inputs.some(hasLast)) return false;
      inLast(
        node,
        node.inputs.map((value) => last(value)),
        true,
      );
      return true;
    },
    merged: (node) => {
      if (!node.inputs.every(hasLast)) return false;
      inLast(
        node,
        node.inputs.map((value) => last(value)),
        false,
      );
      return true;
    },
    asked: (node) => {
      if (!hasLast(node.inputs[0])) return false;
      asked(node);
      return true;
    },
    reduced: (node) => {
      if (node.attributes.get('keepdims') !== 0) return follows(node, hasLast(node.inputs[0]), true);
      if (!hasLast(node.inputs[0]) || !keepsOrder(node)) return false;
      asked(node);
      return true;
    },
    transposed: (node) => {
      transposed(node);
      return true;
    },
  };
  const follows = (node: GraphNode, does: boolean, isFlagged: boolean): boolean => {
    if (does) inLast(node, firstInputLast(node), isFlagged);
    return does;
  };

  for (const name of order) {
    const node = graph.nodes.get(name)!;
    const rule = Object.hasOwn(rules, node.op) ? rules[node.op] : undefined;
    if (!rule || node.inputs.length === 0 || !follow[rule](node)) inFirst(node);
  }
  const outputs = graph.outputs.map((output) => ({ ...output, from: first(output.from) }));
  return { ...graph, nodes, outputs };
}
