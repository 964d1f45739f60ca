import { CONSTANT, INPUT, type GraphNode, type Topology } from './graph';
import type { Place } from './loops';
import type { Outputs, Waiting } from './value';

/** How a node runs. */
export interface Runner {
  /** Whether all that it needs can be seen from a place. */
  readonly isReady: (node: GraphNode, place: Place<Outputs>) => boolean;
  /** Runs it. Returns its outputs, and the place from which they are seen. */
  readonly run: (node: GraphNode, place: Place<Outputs>) => Waiting<readonly [Outputs, Place<Outputs>]>;
}

/** Whether a node stands for a value that is there from the start. */
export function isLeaf({ op, after }: GraphNode): boolean {
  return op === INPUT || (op === CONSTANT && after.length === 0);
}

/** For each node, the nodes that wait for it. */
function readersOf(graph: Topology, order: readonly string[]): Map<string, string[]> {
  const readers = new Map<string, string[]>();
  for (const name of order) {
    const { inputs, after } = graph.nodes.get(name)!;
    for (const before of new Set([...inputs.map(({ node }) => node), ...after])) {
      const list = readers.get(before);
      if (list) list.push(name);
      else readers.set(before, [name]);
    }
  }
  return readers;
}

/** Runs each node once in each place where its inputs come; of those that are ready, the first in the order. */
export function* runNodes(
  graph: Topology,
  order: readonly string[],
  root: Place<Outputs>,
  { isReady, run }: Runner,
): Waiting<void> {
  const rank = new Map(order.map((name, i) => [name, i]));
  const readers = readersOf(graph, order);
  /** In descending order of rank, so that the next is at the end. */
  const ready: { readonly name: string; readonly place: Place<Outputs> }[] = [];
  /** The places where a node waits, by each place (or the fixed values of a loop) from which its inputs may come. */
  const waiting = new Map(order.map((name) => [name, new Map<object, Set<Place<Outputs>>>()]));
  const started = new Map(order.map((name) => [name, new Set<Place<Outputs>>()]));

  const consider = (name: string, place: Place<Outputs>): void => {
    const node = graph.nodes.get(name)!;
    if (isLeaf(node) || started.get(name)!.has(place)) return;
    if (!isReady(node, place)) {
      const places = waiting.get(name)!;
      for (let at: Place<Outputs> | null = place; at; at = at.outside) {
        for (const from of [at, at.fixed]) {
          const set = places.get(from);
          if (set) set.add(place);
          else places.set(from, new Set([place]));
        }
      }
      return;
    }
    started.get(name)!.add(place);
    const own = rank.get(name)!;
    let low = 0;
    for (let high = ready.length; low < high;) {
      const middle = (low + high) >> 1;
      if (rank.get(ready[middle]!.name)! > own) low = middle + 1;
      else high = middle;
    }
    ready.splice(low, 0, { name, place });
  };

  for (const name of order) consider(name, root);
  for (let next = ready.pop(); next; next = ready.pop()) {
    const { name } = next;
    const node = graph.nodes.get(name)!;
    const { op } = node;
    const [outputs, seenFrom] = yield* run(node, next.place);
    const isNew = seenFrom.outputs.size === 0;
    seenFrom.outputs.set(name, outputs);
    // What reads only values that are the same in all turns runs in each.
    for (const fixed of isNew ? seenFrom.fixed.keys() : [])
      for (const reader of readers.get(fixed) ?? []) consider(reader, seenFrom);
    for (const reader of readers.get(name) ?? []) {
      const places = waiting.get(reader)!;
      const seers = [seenFrom, ...(places.get(seenFrom) ?? [])];
      if (op === 'Enter') {
        // What it fixes is seen from all turns, and from loops in them; there may be some already.
        for (let turn = seenFrom.next; turn; turn = turn.next) seers.push(turn);
        seers.push(...(places.get(seenFrom.fixed) ?? []));
      }
      for (const place of new Set(seers)) consider(reader, place);
    }
  }
}
