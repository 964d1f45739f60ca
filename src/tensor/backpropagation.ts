import { add } from './ops/arithmetic';
import { currentScope, releaseNode, withoutTaping } from './extent';
import { onesLike, zeros } from './ops/creation';
import { tidy } from './scope';
import { formatShape } from './shape';
import { type Edge, type GradientContext, type TapeNode } from './tape';
import { Tensor } from './tensor';

/** Options of {@link backpropagate}. */
export interface BackpropagationOptions {
  /** The function that needs the gradient, for error messages. */
  readonly caller: string;
  /** Whether back-propagation is taped itself, so that its results can be differentiated again. */
  readonly differentiable: boolean;
  /** Whether the nodes are released, so that the tape cannot be used again. */
  readonly consume: boolean;
}

/**
 * The gradients of `y` with respect to each target, by reverse-mode differentiation (Linnainmaa 1970); null for a target on which `y` does
 * not depend. The innermost scope owns them.
 *
 * @param dy the gradient with respect to `y`, in its shape; null: ones
 * @throws when `y` depends on an emission that has ended, or on a tape that has been consumed
 */
export function backpropagate(
  y: Tensor,
  targets: readonly TapeNode[],
  dy: Tensor | null,
  options: BackpropagationOptions,
): (Tensor | null)[] {
  const run = (): (Tensor | null)[] => walk(y, targets, dy, options);
  return options.differentiable ? run() : withoutTaping(run);
}

function walk(
  y: Tensor,
  targets: readonly TapeNode[],
  dy: Tensor | null,
  options: BackpropagationOptions,
): (Tensor | null)[] {
  const root = y.edge;
  const wanted = new Set(targets);
  if (root === null) return targets.map(() => null);
  const order = nodesBetween(root.node, wanted, options.caller);
  return tidy(options.caller, () => {
    const flowing = new Map<TapeNode, (Tensor | null)[]>();
    accumulate(flowing, root, dy ? dy.clone() : onesLike(y));
    for (const node of order) {
      const dys = flowing.get(node);
      if (!dys || wanted.has(node)) continue;
      propagate(node, dys, flowing, order, wanted);
      flowing.delete(node);
      for (const each of dys) each?.dispose();
      if (options.consume) releaseNode(node, 'consumed');
    }
    return targets.map((target) => flowing.get(target)?.[0] ?? null);
  });
}

/** The nodes on all paths from `root` back to a target, latest first. */
function nodesBetween(root: TapeNode, targets: ReadonlySet<TapeNode>, caller: string): Set<TapeNode> {
  const reached = new Set<TapeNode>([root]);
  for (const node of reached) {
    if (targets.has(node)) continue;
    assertOpen(node, caller);
    for (const parent of node.parents) if (parent) reached.add(parent.node);
  }
  const ascending = [...reached].sort((a, b) => a.sequence - b.sequence);
  const leading = new Set<TapeNode>();
  for (const node of ascending) {
    if (targets.has(node) || node.parents.some((parent) => parent && leading.has(parent.node)))
      leading.add(node);
  }
  return new Set(ascending.reverse().filter((node) => leading.has(node)));
}

function assertOpen(node: TapeNode, caller: string): void {
  if (node.state === 'closed') {
    throw new Error(
      `${caller}: the loss depends on '${node.op}', computed in an emission of ${node.tapedIn} that has ended; gradients ` +
        'do not cross emissions. Compute the loss in the emission in which it is used, without a delay or a store in between',
    );
  }
  if (node.state === 'consumed') {
    throw new Error(
      `${caller}: the tape of this loss was used up by an earlier step (at '${node.op}'); wanted a fresh loss. ` +
        'To step twice on one loss give the earlier step the option retainTape',
    );
  }
}

function propagate(
  node: TapeNode,
  dys: readonly (Tensor | null)[],
  flowing: Map<TapeNode, (Tensor | null)[]>,
  order: ReadonlySet<TapeNode>,
  targets: ReadonlySet<TapeNode>,
): void {
  if (!node.rule) return;
  // Intermediate results of the rule are freed; the gradients that it returns survive.
  const gradients = tidy(node.op, () => {
    const all = node.outputShapes.map((shape, i) => dys[i] ?? zeros(shape as number[]));
    const thunks = node.rule!.gradients(contextOf(node, all));
    return node.parents.map((parent, i) => {
      const thunk = thunks[i];
      if (!parent || !thunk || !(order.has(parent.node) || targets.has(parent.node))) return null;
      const gradient = thunk();
      checkGradient(node, i, gradient);
      // A rule may return dy or a saved tensor, which others own: the walk disposes a clone instead.
      return currentScope()!.tensors.includes(gradient) ? gradient : gradient.clone();
    });
  });
  const seen = new Set<Tensor>();
  node.parents.forEach((parent, i) => {
    const gradient = gradients[i];
    if (!parent || !gradient) return;
    accumulate(flowing, parent, seen.has(gradient) ? gradient.clone() : gradient);
    seen.add(gradient);
  });
}

function checkGradient(node: TapeNode, index: number, gradient: Tensor): void {
  if (
    !(gradient instanceof Tensor) ||
    formatShape(gradient.shape) !== formatShape(node.inputShapes[index]!)
  ) {
    const found = gradient instanceof Tensor ? `shape ${formatShape(gradient.shape)}` : typeof gradient;
    throw new Error(
      `${node.op}: the gradient of input ${index} has ${found}; wanted shape ${formatShape(node.inputShapes[index]!)}`,
    );
  }
}

function contextOf(node: TapeNode, dys: readonly Tensor[]): GradientContext<unknown> {
  return {
    dy: dys[0]!,
    dys,
    input: (index) => node.savedInputs[index]!,
    output: (index) => node.savedOutputs[index]!,
    inputShape: (index) => node.inputShapes[index]!,
    inputCount: node.inputShapes.length,
    attributes: node.attributes,
  };
}

/** Adds a gradient to the sum of gradients for an output of a node. Takes ownership of the gradient. */
function accumulate(flowing: Map<TapeNode, (Tensor | null)[]>, to: Edge, gradient: Tensor): void {
  let dys = flowing.get(to.node);
  if (!dys) flowing.set(to.node, (dys = to.node.outputShapes.map(() => null)));
  const before = dys[to.output];
  if (!before) {
    dys[to.output] = gradient;
    return;
  }
  dys[to.output] = add(before, gradient);
  before.dispose();
  gradient.dispose();
}
