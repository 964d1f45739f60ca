/**
 * The open extents. An extent lasts from a call to its return. `tidy` and every op open a scope, which owns the tensors made in it. A
 * gradient function, and a stream around each emission, open a scope and a frame of the tape, which lists the nodes taped in it. Extents
 * nest, so that the open scopes are a stack, and the open frames another one.
 *
 * The engine's own stack may overflow in any call, also at the end of an extent. So both stacks are restored by assignments alone, and
 * an extent whose tensors could not be freed is listed, to be freed at the end of the next extent.
 */
import { abandon } from './abandoned';
import { withDefaults } from './defaults';
import { living } from './tensor-count';
import type { TapeNode } from './tape';
import type { Tensor } from './tensor';

/** A scope owns the tensors that are made while it is the innermost one, and frees them when it ends. */
export interface Scope {
  readonly kind: 'tidy' | 'emission';
  /** For messages: the name of the tidy or the op, or of the operator that emits. */
  readonly label: string;
  /** The next outer scope. */
  readonly parent: Scope | null;
  readonly tensors: Tensor[];
}

/** A frame of the tape lists the nodes that were made while it was the innermost one, and releases them when it ends. */
export interface Frame {
  readonly kind: 'gradient' | 'emission';
  /** For messages: the name of the gradient function, or of the operator that emits. */
  readonly label: string;
  /** The next outer frame. */
  readonly parent: Frame | null;
  /** The number of outer frames. */
  readonly depth: number;
  /** The depth of the outermost frame that tapes operations on trainable variables; Infinity for none. */
  readonly variablesSince: number;
  readonly nodes: TapeNode[];
}

/** The tensors that outlive a scope: one, several, or none. */
export type Survivors = Tensor | ReadonlySet<Tensor> | null;

/** A list of scopes or frames that have ended but could not be freed. */
interface Ended<T> {
  readonly ended: T;
  readonly before: Ended<T> | null;
}

let scope: Scope | null = null;
let frame: Frame | null = null;
/** The number of callers that have paused taping. */
let paused = 0;
let endedScopes: Ended<Scope> | null = null;
let endedFrames: Ended<Frame> | null = null;

/** The innermost open scope. */
export function currentScope(): Scope | null {
  return scope;
}

/** The open scopes, outermost first. */
export function openScopes(): Scope[] {
  const open: Scope[] = [];
  for (let each = scope; each; each = each.parent) open.unshift(each);
  return open;
}

/** The number of open scopes, for tests. */
export function scopeDepth(): number {
  return openScopes().length;
}

/** The innermost open frame, also while taping is paused. */
export function openFrame(): Frame | null {
  return frame;
}

/** The innermost open frame; null if none is open, or taping is paused. */
export function tapingFrame(): Frame | null {
  return paused > 0 ? null : frame;
}

/**
 * Calls `work` in a new scope.
 *
 * @param survivorsIn finds the tensors in the result, which the next outer scope then owns. It is called while the new scope is open, since
 *   properties of the result may be getters, which may make tensors or throw
 */
export function inScope<T>(
  kind: Scope['kind'],
  label: string,
  survivorsIn: (result: T) => Survivors,
  work: () => T,
): T {
  const opened: Scope = { kind, label, parent: scope, tensors: [] };
  scope = opened;
  let survivors: Survivors = null;
  try {
    const result = work();
    survivors = survivorsIn(result);
    return result;
  } finally {
    scope = opened.parent;
    try {
      freeTensors(opened, survivors);
      if (endedScopes) freeEnded();
    } catch (error) {
      // A stack overflow passes, so that the scope is tried again; an error of the library would be thrown each time.
      if ((error as Error).constructor !== Error) endedScopes = { ended: opened, before: endedScopes };
      // eslint-disable-next-line no-unsafe-finally -- as if it were thrown by a call here
      throw error;
    }
  }
}

/**
 * Wraps `work` in a function that calls it in a new scope, with null arguments replaced by their defaults. It repeats {@link inScope},
 * since every op would be slower if its arguments passed through another function.
 *
 * @param first the index of the first parameter that has a default
 */
export function scoped<F extends (...args: never[]) => unknown>(
  label: string,
  survivorsIn: (result: unknown) => Survivors,
  work: F,
  first: number,
): F {
  return ((...args: never[]) => {
    const opened: Scope = { kind: 'tidy', label, parent: scope, tensors: [] };
    scope = opened;
    let survivors: Survivors = null;
    try {
      const result = work(...withDefaults(first, args));
      survivors = survivorsIn(result);
      return result;
    } finally {
      scope = opened.parent;
      try {
        freeTensors(opened, survivors);
        if (endedScopes) freeEnded();
      } catch (error) {
        // As in inScope.
        if ((error as Error).constructor !== Error) endedScopes = { ended: opened, before: endedScopes };
        // eslint-disable-next-line no-unsafe-finally -- as if it were thrown by a call here
        throw error;
      }
    }
  }) as F;
}

/**
 * Calls `work` in a new frame.
 *
 * @param watchesVariables whether operations on trainable variables are taped; otherwise only those on watched tensors are
 */
function inFrame<T>(kind: Frame['kind'], label: string, watchesVariables: boolean, work: () => T): T {
  const opened = pushFrame(kind, label, watchesVariables);
  try {
    return work();
  } finally {
    frame = opened.parent;
    try {
      releaseNodes(opened, outerOf(opened));
      if (endedFrames) freeEnded();
    } catch (error) {
      endedFrames = { ended: opened, before: endedFrames };
      // eslint-disable-next-line no-unsafe-finally -- as if it were thrown by a call here
      throw error;
    }
  }
}

/** Calls `work` in a new scope and a new frame with one label, as gradient functions and emissions do. */
export function inTapedScope<T>(
  kind: Frame['kind'],
  label: string,
  watchesVariables: boolean,
  survivorsIn: (result: T) => Survivors,
  work: () => T,
): T {
  const scopeKind = kind === 'emission' ? 'emission' : 'tidy';
  return inScope(scopeKind, label, survivorsIn, () => inFrame(kind, label, watchesVariables, work));
}

/** Calls `work` with no extent open and taping not paused, as if from the event loop. Restores both afterwards, also after an error. */
export function outsideOfExtents<T>(work: () => T): T {
  const saved = { scope, frame, paused };
  scope = null;
  frame = null;
  paused = 0;
  try {
    return work();
  } finally {
    scope = saved.scope;
    frame = saved.frame;
    paused = saved.paused;
  }
}

/** Calls `work` while nothing is taped. */
export function withoutTaping<T>(work: () => T): T {
  paused++;
  try {
    return work();
  } finally {
    paused--;
  }
}

/** Opens a scope, for callers that cannot use {@link inScope}. They must call {@link endScope}, also after an error. */
export function openScope(kind: Scope['kind'], label: string): Scope {
  return (scope = { kind, label, parent: scope, tensors: [] });
}

/** Ends the innermost scope, which must be `ending`; the next outer scope owns the survivors. */
export function endScope(ending: Scope, survivors: Survivors): void {
  if (scope !== ending) throw new Error(`scope '${ending.label}' was closed out of order`);
  scope = ending.parent;
  try {
    freeTensors(ending, survivors);
  } catch (error) {
    if ((error as Error).constructor !== Error) endedScopes = { ended: ending, before: endedScopes };
    throw error;
  }
}

/** Opens a frame; see {@link inFrame}. */
export function pushFrame(kind: Frame['kind'], label: string, watchesVariables: boolean): Frame {
  const depth = frame ? frame.depth + 1 : 0;
  const outer = frame ? frame.variablesSince : Infinity;
  const variablesSince = outer !== Infinity ? outer : watchesVariables ? depth : Infinity;
  return (frame = { kind, label, parent: frame, depth, variablesSince, nodes: [] });
}

/** Closes the innermost frame, which must be `closing`. */
export function popFrame(closing: Frame): void {
  if (frame !== closing) throw new Error(`tape frame '${closing.label}' was closed out of order`);
  frame = closing.parent;
  releaseNodes(closing, outerOf(closing));
}

/** Makes the innermost scope the owner of a tensor; outside of every scope {@link abandon}s it. */
export function adopt(tensor: Tensor): void {
  if (scope === null) {
    abandon(tensor);
    return;
  }
  scope.tensors.push(tensor);
  tensor.isScoped = true;
}

/** As {@link adopt}, for a new tensor, which is counted. */
export function adoptNew(tensor: Tensor): void {
  adopt(tensor);
  living.tensors++;
}

function freeTensors(ending: Scope, survivors: Survivors): void {
  const several = survivors instanceof Set ? survivors : null;
  for (const tensor of ending.tensors) {
    if (tensor.isDisposed) continue;
    if (tensor.isKept) abandon(tensor);
    else if (tensor === survivors || several?.has(tensor)) adopt(tensor);
    else tensor.disposeWith(ending);
  }
}

/** The frame that takes over nodes that outer gradient functions still need; null for an emission, which releases all of its nodes. */
function outerOf({ kind, parent }: Frame): Frame | null {
  return kind === 'gradient' ? parent : null;
}

function releaseNodes(closing: Frame, outer: Frame | null): void {
  for (const node of closing.nodes) {
    if (node.state !== 'open') continue;
    if (outer && node.outermost < closing.depth) outer.nodes.push(node);
    else releaseNode(node, closing.kind === 'emission' ? 'closed' : 'constant');
  }
}

/** Frees the tensors that a node has saved. */
export function releaseNode(node: TapeNode, state: Exclude<TapeNode['state'], 'open'>): void {
  if (node.state !== 'open') return;
  for (const saved of node.savedInputs) saved?.disposeHidden();
  for (const saved of node.savedOutputs) saved?.disposeHidden();
  // Comes last: if the engine's stack overflows before, the node is released again later.
  node.state = state;
}

/** Frees the extents that could not be freed when they ended, because the engine's stack had overflowed. */
export function freeEnded(): void {
  while (endedScopes) {
    const { ended, before } = endedScopes;
    endedScopes = before;
    try {
      freeTensors(ended, null);
    } catch (error) {
      if ((error as Error).constructor !== Error) endedScopes = { ended, before: endedScopes };
      throw error;
    }
  }
  while (endedFrames) {
    const { ended, before } = endedFrames;
    endedFrames = before;
    try {
      releaseNodes(ended, null);
    } catch (error) {
      endedFrames = { ended, before: endedFrames };
      throw error;
    }
  }
}
