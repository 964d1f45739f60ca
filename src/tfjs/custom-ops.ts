import type { AttributeValue } from '../models';
import type { OpRow } from '../models/ops/row';
import type { Tensor } from '../tensor';

/** A node of a graph, as a function of `registerOp` sees it. */
export interface GraphNode {
  /** The values of its inputs, in order. */
  readonly inputs: readonly Tensor[];
  /** Its settings, by name. */
  readonly attrs: Readonly<Record<string, AttributeValue>>;
}

/** The ops that programs have registered, by name. */
export const customOps = new Map<string, OpRow>();

/** Makes a function the op of that name in the graph models that are loaded from now on. */
export function registerOp(name: string, run: (node: GraphNode) => Tensor | readonly Tensor[]): void {
  customOps.set(name, { run: ({ x, attributes }) => run({ inputs: x, attrs: attributes.all() }) });
}

/** Forgets an op that was registered. */
export function deregisterOp(name: string): void {
  customOps.delete(name);
}
