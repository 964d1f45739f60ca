/**
 * The tape: what has been computed from what, for back-propagation. Nodes hang on the tensors they made, so that the graph of a
 * loss is found from the loss. Each node belongs to the frame that was innermost when it was recorded (a gradient function, or a
 * stream's emission); closing the frame releases what its nodes remember.
 */
import type { Shape } from '../kernels';
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
 * - `closed`: the emission in which it was recorded has ended
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
  /** Depth of the outermost frame that would have recorded it: it outlives the frames inside of that. */
  readonly outermost: number;
  /** The label of the frame it was recorded in. */
  readonly recordedIn: string;
  state: NodeState;
}

/** One level of recording. */
export interface Frame {
  readonly kind: 'gradient' | 'emission';
  readonly label: string;
  readonly parent: Frame | null;
  readonly depth: number;
  /** Depth of the outermost frame in which operations on trainable variables are recorded; Infinity for none. */
  readonly variablesSince: number;
  readonly nodes: TapeNode[];
  /** The next of those that have ended and whose nodes are still to be released. */
  endedBefore: Frame | null;
}

let frame: Frame | null = null;
/** The latest of those that have ended and whose nodes are still to be released. */
let ended: Frame | null = null;
let paused = 0;
let sequence = 0;

/** The frame that records now, or null. */
export function recordingFrame(): Frame | null {
  return paused > 0 ? null : frame;
}

/** Whether a gradient function or an emission is open at all, paused or not. */
export function openFrame(): Frame | null {
  return frame;
}

/**
 * @param watchesVariables whether operations on trainable variables are recorded, or those on watched tensors only
 */
export function pushFrame(kind: Frame['kind'], label: string, watchesVariables: boolean): Frame {
  const depth = frame ? frame.depth + 1 : 0;
  const outer = frame ? frame.variablesSince : Infinity;
  const variablesSince = outer !== Infinity ? outer : watchesVariables ? depth : Infinity;
  return (frame = { kind, label, parent: frame, depth, variablesSince, nodes: [], endedBefore: null });
}

/**
 * Runs `work` in a frame of its own. It is off the stack in any case: where the engine's own stack has run over, so that nothing can be
 * called any more, the next one to end releases its nodes too.
 */
export function inFrame<T>(kind: Frame['kind'], label: string, watchesVariables: boolean, work: () => T): T {
  const opened = pushFrame(kind, label, watchesVariables);
  try {
    return work();
  } finally {
    frame = opened.parent;
    opened.endedBefore = ended;
    ended = opened;
    releaseEnded();
  }
}

/** Closes the innermost frame. */
export function popFrame(closing: Frame): void {
  if (frame !== closing) throw new Error(`tape frame '${closing.label}' was closed out of order`);
  frame = closing.parent;
  closing.endedBefore = ended;
  ended = closing;
  releaseEnded();
}

/**
 * Releases the nodes of the frames that have ended. What an outer gradient function still has to differentiate through goes over to
 * the frame around it; an emission drops everything.
 */
export function releaseEnded(): void {
  for (let closing = ended; closing; closing = ended) {
    for (const node of closing.nodes) {
      if (node.state !== 'open') continue;
      if (closing.kind === 'gradient' && closing.parent && node.outermost < closing.depth) {
        closing.parent.nodes.push(node);
      } else {
        releaseNode(node, closing.kind === 'emission' ? 'closed' : 'constant');
      }
    }
    ended = closing.endedBefore;
  }
}

/** Frees what a node remembers. */
export function releaseNode(node: TapeNode, state: Exclude<NodeState, 'open'>): void {
  if (node.state !== 'open') return;
  for (const saved of node.savedInputs) saved?.disposeHidden();
  for (const saved of node.savedOutputs) saved?.disposeHidden();
  // Last: where the engine's stack has run over in between, it is released again.
  node.state = state;
}

/** Runs `work` while nothing is recorded. */
export function withoutRecording<T>(work: () => T): T {
  paused++;
  try {
    return work();
  } finally {
    paused--;
  }
}

/** Runs `work` as if called from the event loop: with no frame open and recording not paused. */
export function withoutFrames<T>(work: () => T): T {
  const saved = { frame, paused };
  frame = null;
  paused = 0;
  try {
    return work();
  } finally {
    frame = saved.frame;
    paused = saved.paused;
  }
}

/** The place of a tensor on the tape as far as the recording frame is concerned; null for a constant. */
function liveEdge(tensor: Tensor, recording: Frame): Edge | null {
  const edge = tensor.edge;
  if (edge === null || edge.node.state === 'constant' || tensor.dtype !== 'float32') return null;
  if (edge.node.op !== 'variable') return edge;
  const trainable = (tensor as { trainable?: boolean }).trainable ?? true;
  return trainable && recording.variablesSince !== Infinity ? edge : null;
}

/** Whether a tensor depends on a variable or a watched tensor: storing it past its emission would cut its gradient off. */
export function isRecorded(tensor: Tensor): boolean {
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
export function record<A>(
  op: string,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  attributes: A,
  rule: GradientRule<A>,
): void {
  const recording = recordingFrame();
  if (recording === null) return;
  let watched = false;
  const parents = inputs.map((input) => {
    const edge = liveEdge(input, recording);
    if (edge !== null) watched = true;
    return edge;
  });
  if (!watched || !outputs.some((output) => output.dtype === 'float32')) return;
  let outermost = recording.depth;
  for (const parent of parents) {
    if (parent === null) continue;
    outermost = Math.min(
      outermost,
      parent.node.op === 'variable' ? recording.variablesSince : parent.node.outermost,
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
    recordedIn: recording.label,
    state: 'open',
  };
  // First of all: what the node remembers is released with the frame, though an error ends this.
  recording.nodes.push(node);
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
    recordedIn: op,
    state: 'open',
  };
}

const passThrough: GradientRule = { gradients: ({ dy }) => [() => dy] };

/**
 * Makes a tensor an argument of the gradient function whose frame is innermost: from now on operations on it are recorded there.
 * A tensor that an outer function already watches stays connected to it. Gives the node; whoever calls puts the tensor's edge back.
 */
export function watch(tensor: Tensor): TapeNode {
  const recording = frame;
  if (recording === null) throw new Error('watch: no gradient function is open');
  const outer = tensor.edge === null ? null : liveEdge(tensor, recording);
  const node: TapeNode = {
    ...leafNode('argument', tensor.shape),
    parents: [outer],
    rule: passThrough,
    inputShapes: [tensor.shape],
    outermost: Math.min(recording.depth, outer ? outer.node.outermost : Infinity),
    recordedIn: recording.label,
  };
  recording.nodes.push(node);
  tensor.edge = { node, output: 0 };
  return node;
}
