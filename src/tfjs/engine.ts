/** `tf.engine()`, as far as programs use it to open and close scopes. */
import { memory, tidy, type MemoryInfo } from '../tensor';
import { openScope, type Scope } from '../tensor/extent';
import { closeScope } from '../tensor/scope';
import { disposeVariables } from '../tensor';
import { getBackend } from './backends';

/** What programs use of TensorFlow.js's engine. */
export interface Engine {
  /** The name of the backend in use. */
  readonly backendName: string;
  /** Opens a scope, which owns the tensors that are made from now on. Every scope must be closed, the innermost first. */
  readonly startScope: (name?: string) => void;
  /** Closes the innermost scope, and frees its tensors but for those in `result`. */
  readonly endScope: (result?: unknown) => void;
  /** Runs a function and frees the tensors that it made, except for what it returns. */
  readonly tidy: typeof tidy;
  /** Counts of living tensors and their bytes. */
  readonly memory: () => MemoryInfo;
  /** Frees all variables. */
  readonly disposeVariables: () => void;
}

/** The scopes that were opened by hand, the innermost last. */
const opened: Scope[] = [];

const only: Engine = {
  get backendName() {
    return getBackend();
  },
  startScope: (name = 'engine().startScope') => {
    opened.push(openScope('tidy', name));
  },
  endScope: (result) => {
    const scope = opened.pop();
    if (!scope) throw new Error('engine().endScope: no scope is open; wanted engine().startScope() before');
    closeScope(scope, result);
  },
  tidy,
  memory,
  disposeVariables,
};

/** The engine. @example
 * ```ts
 * import * as tf from 'rxtensor/tfjs';
 *
 * tf.engine().startScope();
 * tf.scalar(1).add(1).print(); // 2
 * tf.engine().endScope();
 * ```
 */
export function engine(): Engine {
  return only;
}
