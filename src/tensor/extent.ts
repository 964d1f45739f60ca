/**
 * What is open at a moment. An extent lasts from a call to its return: `tidy` and every op open one, which owns the tensors made in it (a
 * scope); a gradient function opens one that also tapes what is computed in it (a scope and a frame of the tape); and so does a stream
 * around each emission. Extents nest, so the open scopes are a stack, and so are the open frames.
 *
 * The engine's own stack may run over in any call, also where an extent ends. So both stacks are put back by assignments alone, and what
 * could not be freed for want of stack is listed, to be freed by the next extent that ends.
 */
import { abandon } from './abandoned';
import { withDefaults } from './defaults';
import { living } from './tensor-count';
import type { TapeNode } from './tape';
import type { Tensor } from './tensor';

/** A scope owns the tensors that are made while it is the innermost one, and frees them when it ends. */
export interface Scope {
  readonly kind: 'tidy' | 'emission';
  /** The name of the tidy or the op, or the operator that emits: for messages. */
  readonly label: string;
  /** The scope around it. */
  readonly parent: Scope | null;
  readonly tensors: Tensor[];
}

/** A frame of the tape lists the nodes that were made while it was the innermost one, and releases them when it ends. */
export interface Frame {
  readonly kind: 'gradient' | 'emission';
  /** The gradient function, or the operator that emits: for messages. */
  readonly label: string;
  /** The frame around it. */
  readonly parent: Frame | null;
  /** How many frames are around it. */
  readonly depth: number;
  /** Depth of the outermost frame in which operations on trainable variables are taped; Infinity for none. */
  readonly variablesSince: number;
  readonly nodes: TapeNode[];
}

/** What outlives a scope: one tensor, several, or none. */
export type Survivors = Tensor | ReadonlySet<Tensor> | null;

/** Scopes or frames that have ended, and hold what is still to be freed. */
interface Ended<T> {
  readonly ended: T;
  readonly before: Ended<T> | null;
}

let scope: Scope | null = null;
let frame: Frame | null = null;
/** How many callers want nothing taped. */
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

/** How many scopes are open: for tests that check the balance. */
export function scopeDepth(): number {
  return openScopes().length;
}

/** The innermost open frame, also while taping is paused. */
export function openFrame(): Frame | null {
  return frame;
}

/** The frame that tapes now; null where none is open, or taping is paused. */
export function tapingFrame(): Frame | null {
  return paused > 0 ? null : frame;
}

/**
 * Calls `work` in a scope of its own.
 *
 * @param survivorsIn finds the tensors in the result: the scope around this one owns them from then on. It is called while this one is
 *   open, since the properties of a result may be getters, which make tensors, or throw
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
      // What the engine throws for want of stack passes; an error of ours would come again each time.
      if ((error as Error).constructor !== Error) endedScopes = { ended: opened, before: endedScopes };
      // eslint-disable-next-line no-unsafe-finally -- as if it were thrown by a call here
      throw error;
    }
  }
}

/**
 * A function that is called in a scope of its own each time, and takes null for each of its defaults. It repeats {@link inScope},
 * since every op would be slower if its arguments were handed through another function.
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
        // What the engine throws for want of stack passes; an error of ours would come again each time.
        if ((error as Error).constructor !== Error) endedScopes = { ended: opened, before: endedScopes };
        // eslint-disable-next-line no-unsafe-finally -- as if it were thrown by a call here
        throw error;
      }
    }
  }) as F;
}

/**
 * Calls `work` in a frame of its own.
 *
 * @param watchesVariables whether operations on trainable variables are taped, or those on watched tensors only
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

/** Calls `work` in a scope and a frame of its own, of one label: what a gradient function and an emission are. */
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

/** Calls `work` as if from the event loop: with no extent open, and taping not paused. They are put back however it ends. */
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

/** Opens a scope: for those who cannot do all of it in one call. {@link inScope} closes it however the call ends. */
export function openScope(kind: Scope['kind'], label: string): Scope {
  return (scope = { kind, label, parent: scope, tensors: [] });
}

/** Ends the innermost scope. */
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

/** Closes the innermost frame. */
export function popFrame(closing: Frame): void {
  if (frame !== closing) throw new Error(`tape frame '${closing.label}' was closed out of order`);
  frame = closing.parent;
  releaseNodes(closing, outerOf(closing));
}

/** Makes the innermost scope (or, outside of every scope, the garbage collector) the owner of a tensor. */
export function adopt(tensor: Tensor): void {
  if (scope === null) {
    abandon(tensor);
    return;
  }
  scope.tensors.push(tensor);
  tensor.isScoped = true;
}

/** As {@link adopt}, of a tensor that is being made, which is counted from then on. */
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

/** The frame that takes over what the outer gradient functions still have to differentiate through; an emission drops everything. */
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

/** Frees what a node remembers. */
export function releaseNode(node: TapeNode, state: Exclude<TapeNode['state'], 'open'>): void {
  if (node.state !== 'open') return;
  for (const saved of node.savedInputs) saved?.disposeHidden();
  for (const saved of node.savedOutputs) saved?.disposeHidden();
  // Last: where the engine's stack has run over in between, it is released again.
  node.state = state;
}

/** Frees what could not be freed when its extent ended, for want of stack. */
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
