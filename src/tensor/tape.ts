/**
 * The tape records from which tensors each tensor was computed, for back-propagation. Each tensor refers to the node of the op that made
 * it, and a node to its parents, so that the graph of a loss is found from the loss. A node belongs to the frame that was innermost when
 * it was taped (a gradient function, or a stream's emission); closing the frame frees the tensors that its nodes have saved.
 */
import type { Shape } from '../kernels';
import { openFrame, tapingFrame, type Frame } from './extent';
import { Tensor } from './tensor';

/** A place on the tape: one output of a node. */
export interface Edge {
  readonly node: TapeNode;
  readonly output: number;
}

/** The values from which a gradient rule computes gradients. */
export interface GradientContext<A> {
  /** The gradient with respect to the first output. */
  readonly dy: Tensor;
  /** The gradients with respect to all outputs; zeros for outputs on which the result does not depend. */
  readonly dys: readonly Tensor[];
  /** An input that the rule has listed in `inputs`. */
  readonly input: (index: number) => Tensor;
  /** An output that the rule has listed in `outputs`. */
  readonly output: (index: number) => Tensor;
  /** The shape of any input. */
  readonly inputShape: (index: number) => Shape;
  readonly inputCount: number;
  readonly attributes: A;
}

/**
 * The gradient of an op, computed by other ops, so that gradients of gradients work.
 */
export interface GradientRule<A = unknown> {
  /** The inputs that the rule reads: the tape saves them. */
  readonly inputs?: readonly number[] | 'all';
  /** The outputs that the rule reads: the tape saves them. */
  readonly outputs?: readonly number[];
  /**
   * Returns a function for each input that computes the gradient with respect to it (null: not differentiable). Only the functions whose
   * gradients are needed are called. They may return `dy` itself.
   */
  readonly gradients: (context: GradientContext<A>) => readonly ((() => Tensor) | null)[];
}

/**
 * The state of a node.
 * - `open`: gradients flow through it
 * - `constant`: its gradient function has returned; its outputs are constants now
 * - `consumed`: a training step has used it up
 * - `closed`: the emission in which it was taped has ended
 */
export type NodeState = 'open' | 'constant' | 'consumed' | 'closed';

/** An op that was taped. */
export interface TapeNode {
  /** Later nodes have greater numbers. Back-propagation visits them in descending order. */
  readonly sequence: number;
  readonly op: string;
  readonly parents: readonly (Edge | null)[];
  readonly rule: GradientRule | null;
  readonly attributes: unknown;
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  readonly savedInputs: (Tensor | null)[];
  readonly savedOutputs: (Tensor | null)[];
  /** The depth of the outermost frame that needs the node. It stays open until that frame closes. */
  readonly outermost: number;
  /** The label of the frame in which it was taped. */
  readonly tapedIn: string;
  state: NodeState;
}

let sequence = 0;

/** The edge of a tensor, or null if the taping frame treats it as a constant. */
function liveEdge(tensor: Tensor, taping: Frame): Edge | null {
  const edge = tensor.edge;
  if (edge === null || edge.node.state === 'constant' || tensor.dtype !== 'float32') return null;
  if (edge.node.op !== 'variable') return edge;
  const trainable = (tensor as { trainable?: boolean }).trainable ?? true;
  return trainable && taping.variablesSince !== Infinity ? edge : null;
}

/** Whether a tensor was computed from a variable or a watched tensor, and its node is open. No gradient flows through it after its emission. */
export function isTaped(tensor: Tensor): boolean {
  const edge = tensor.edge;
  return edge !== null && edge.node.op !== 'variable' && edge.node.state === 'open';
}

/** Saves a tensor's values for a gradient rule, in a hidden tensor that outlives the original. */
function remember(tensor: Tensor, edge: Edge | null): Tensor {
  const saved = new Tensor(tensor.storage, tensor.shape, tensor.dtype, 'hidden', true);
  saved.edge = edge;
  return saved;
}

/** Puts an op that has just run on the tape, if a frame tapes and an input is on the tape. */
export function addToTape<A>(
  op: string,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  attributes: A,
  rule: GradientRule<A>,
): void {
  const taping = tapingFrame();
  if (taping === null) return;
  let watched = false;
  const parents = inputs.map((input) => {
    const edge = liveEdge(input, taping);
    if (edge !== null) watched = true;
    return edge;
  });
  if (!watched || !outputs.some((output) => output.dtype === 'float32')) return;
  let outermost = taping.depth;
  for (const parent of parents) {
    if (parent === null) continue;
    outermost = Math.min(
      outermost,
      parent.node.op === 'variable' ? taping.variablesSince : parent.node.outermost,
    );
  }
  const saves = rule.inputs;
  const node: TapeNode = {
    sequence: sequence++,
    op,
    parents,
    rule: rule as GradientRule,
    attributes,
    inputShapes: inputs.map((input) => input.shape),
    outputShapes: outputs.map((output) => output.shape),
    savedInputs: inputs.map(() => null),
    savedOutputs: [],
    outermost,
    tapedIn: taping.label,
    state: 'open',
  };
  // Comes first: after an error below, the frame still frees what the node has saved.
  taping.nodes.push(node);
  for (let i = 0; i < inputs.length; i++) {
    if (saves === 'all' || saves?.includes(i)) node.savedInputs[i] = remember(inputs[i]!, parents[i] ?? null);
  }
  outputs.forEach((output, i) => {
    output.edge = { node, output: i };
    if (rule.outputs?.includes(i)) node.savedOutputs[i] = remember(output, output.edge);
  });
}

/** A node without parents, for a variable. */
export function leafNode(op: string, shape: Shape): TapeNode {
  return {
    sequence: sequence++,
    op,
    parents: [],
    rule: null,
    attributes: undefined,
    inputShapes: [],
    outputShapes: [shape],
    savedInputs: [],
    savedOutputs: [],
    outermost: Infinity,
    tapedIn: op,
    state: 'open',
  };
}

const passThrough: GradientRule = { gradients: ({ dy }) => [() => dy] };

/**
 * Makes a tensor an argument of the innermost gradient function: from now on operations on it are taped. If an outer gradient function
 * watches it already, gradients also flow to that. The caller must restore the tensor's edge afterwards.
 *
 * @returns the tensor's new node
 */
export function watch(tensor: Tensor): TapeNode {
  const taping = openFrame();
  if (taping === null) throw new Error('watch: no gradient function is open');
  const outer = tensor.edge === null ? null : liveEdge(tensor, taping);
  const node: TapeNode = {
    ...leafNode('argument', tensor.shape),
    parents: [outer],
    rule: passThrough,
    inputShapes: [tensor.shape],
    outermost: Math.min(taping.depth, outer ? outer.node.outermost : Infinity),
    tapedIn: taping.label,
  };
  taping.nodes.push(node);
  tensor.edge = { node, output: 0 };
  return node;
}
