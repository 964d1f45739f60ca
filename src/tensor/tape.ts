/**
 * The tape: what has been computed from what, for back-propagation. Nodes hang on the tensors they made, so that the graph of a
 * loss is found from the loss. Each node belongs to the frame that was innermost when it was taped (a gradient function, or a
 * stream's emission); closing the frame releases what its nodes remember.
 */
import type { Shape } from '../kernels';
import { openFrame, tapingFrame, type Frame } from './extent';
import { Tensor } from './tensor';

/** A place on the tape: one output of a node. */
export interface Edge {
  readonly node: TapeNode;
  readonly output: number;
}

/** What a gradient rule works from. */
export interface GradientContext<A> {
  /** Gradient of the first output. */
  readonly dy: Tensor;
  /** Gradients of all outputs; zeros where nothing flowed back. */
  readonly dys: readonly Tensor[];
  /** A saved input. */
  readonly input: (index: number) => Tensor;
  /** A saved output. */
  readonly output: (index: number) => Tensor;
  /** Shape of any input. */
  readonly inputShape: (index: number) => Shape;
  readonly inputCount: number;
  readonly attributes: A;
}

/**
 * The gradient of an op in terms of other ops, so that gradients of gradients work. One function for each input (null: not
 * differentiable), called only for inputs whose gradient is wanted; they may return `dy` itself.
 */
export interface GradientRule<A = unknown> {
  /** Which inputs the rule reads. */
  readonly inputs?: readonly number[] | 'all';
  /** Which outputs the rule reads. */
  readonly outputs?: readonly number[];
  readonly gradients: (context: GradientContext<A>) => readonly ((() => Tensor) | null)[];
}

/**
 * - `open`: gradients may flow through it
 * - `constant`: its gradient function has returned; what it made is a constant now
 * - `consumed`: a training step has used it up
 * - `closed`: the emission in which it was taped has ended
 */
export type NodeState = 'open' | 'constant' | 'consumed' | 'closed';

export interface TapeNode {
  /** Later nodes have greater numbers: the order of back-propagation. */
  readonly sequence: number;
  readonly op: string;
  readonly parents: readonly (Edge | null)[];
  readonly rule: GradientRule | null;
  readonly attributes: unknown;
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  readonly savedInputs: (Tensor | null)[];
  readonly savedOutputs: (Tensor | null)[];
  /** Depth of the outermost frame that would have taped it: it outlives the frames inside of that. */
  readonly outermost: number;
  /** The label of the frame it was taped in. */
  readonly tapedIn: string;
  state: NodeState;
}

let sequence = 0;

/** The place of a tensor on the tape as far as the taping frame is concerned; null for a constant. */
function liveEdge(tensor: Tensor, taping: Frame): Edge | null {
  const edge = tensor.edge;
  if (edge === null || edge.node.state === 'constant' || tensor.dtype !== 'float32') return null;
  if (edge.node.op !== 'variable') return edge;
  const trainable = (tensor as { trainable?: boolean }).trainable ?? true;
  return trainable && taping.variablesSince !== Infinity ? edge : null;
}

/** Whether a tensor depends on a variable or a watched tensor: storing it past its emission would cut its gradient off. */
export function isTaped(tensor: Tensor): boolean {
  const edge = tensor.edge;
  return edge !== null && edge.node.op !== 'variable' && edge.node.state === 'open';
}

/** Keeps a tensor's values for a gradient, whatever becomes of the tensor. */
function remember(tensor: Tensor, edge: Edge | null): Tensor {
  const saved = new Tensor(tensor.storage, tensor.shape, tensor.dtype, 'hidden', true);
  saved.edge = edge;
  return saved;
}

/** Puts an op that has just run on the tape, if a gradient could be asked for. */
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
  // First of all: what the node remembers is released with the frame, though an error ends this.
  taping.nodes.push(node);
  for (let i = 0; i < inputs.length; i++) {
    if (saves === 'all' || saves?.includes(i)) node.savedInputs[i] = remember(inputs[i]!, parents[i] ?? null);
  }
  outputs.forEach((output, i) => {
    output.edge = { node, output: i };
    if (rule.outputs?.includes(i)) node.savedOutputs[i] = remember(output, output.edge);
  });
}

/** A node that nothing flows out of: a variable. */
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
 * Makes a tensor an argument of the gradient function whose frame is innermost: from now on operations on it are taped there.
 * A tensor that an outer function already watches stays connected to it. Gives the node; whoever calls puts the tensor's edge back.
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
