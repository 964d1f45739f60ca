import { isPromise } from '../tensor/container';
import { currentScope, type Frame, openFrame, popFrame, scopeDepth } from '../tensor/extent';
import { memory } from '../tensor/memory';
import { observeDevice } from '../tensor/device-observers';
import { closeScope } from '../tensor/scope';
import { formatShape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { livingVariables, type Variable } from '../tensor/variable';

/** One stretch of a program, watched from its beginning for what it leaves behind. */
export interface LeakWatch {
  /** What has been left behind so far: a line each, none where nothing was. */
  readonly leaks: () => string[];
  /** Ends the watch, and frees what can be freed of what was left behind, so that the next one begins clean. */
  readonly stop: () => void;
}

interface Made {
  readonly op: string;
  readonly tensor: Tensor;
}

/** Begins to watch: tensors, storages and bytes, open scopes, open frames of the tape, and variables. */
export function watchLeaks(): LeakWatch {
  const before = memory();
  const depth = scopeDepth();
  const frame = openFrame();
  const variables = new Set<Variable>(livingVariables());
  let made: Made[] = [];
  // The list is swept when it has doubled: at a fixed length, work that keeps more would sweep it at every kernel.
  let sweepAt = 10_000;
  const stopObserving = observeDevice({
    kernel: ({ op, outputs }) => {
      for (const tensor of outputs) made.push({ op, tensor });
      if (made.length <= sweepAt) return;
      made = alive(made);
      sweepAt = Math.max(sweepAt, 2 * made.length);
    },
  });
  const ownVariables = (): Variable[] => livingVariables().filter((each) => !variables.has(each));

  const leaks = (): string[] => {
    const now = memory();
    const found: string[] = [];
    for (const key of ['numTensors', 'numDataBuffers', 'numBytes'] as const) {
      if (now[key] !== before[key]) found.push(`${key} was ${before[key]} and is ${now[key]}`);
    }
    if (found.length > 0) {
      for (const { op, tensor } of alive(made).slice(0, 10)) {
        found.push(
          `alive: tensor #${tensor.id}, ${tensor.dtype} of shape ${formatShape(tensor.shape)}, made by ${op}`,
        );
      }
    }
    for (const each of ownVariables()) found.push(`variable '${each.name}' was not disposed`);
    for (const each of variables) {
      if (each.isDisposed) found.push(`variable '${each.name}', which was there before, was disposed`);
    }
    if (scopeDepth() !== depth) {
      const label = currentScope()?.label ?? 'none';
      found.push(`${depth} scopes were open and ${scopeDepth()} are; the innermost: '${label}'`);
    }
    if (openFrame() !== frame)
      found.push(`the open frame of the tape is ${name(openFrame())}; it was ${name(frame)}`);
    return found;
  };

  const stop = (): void => {
    stopObserving();
    for (let open = openFrame(); open !== null && open !== frame; open = openFrame()) popFrame(open);
    while (scopeDepth() > depth) closeScope(currentScope()!);
    for (const each of ownVariables()) each.dispose();
    for (const { tensor } of made) tensor.dispose();
  };

  return { leaks, stop };
}

function alive(made: readonly Made[]): Made[] {
  return made.filter(({ tensor }) => !tensor.isDisposed);
}

function name(frame: Frame | null): string {
  return frame === null ? 'none' : `'${frame.label}'`;
}

/**
 * Runs a function, and throws when it leaves tensors, variables, open scopes or an open tape behind: for tests of programs that
 * use tensors, in any test framework.
 *
 * @param work may return a promise; the check is then made when it has settled
 * @throws naming all that was left behind; an error of `work` itself is passed on
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { expectNoLeak } from 'rxtensor/testing';
 * expectNoLeak(() => {
 *   const a = dl.scalar(2);
 *   a.dispose();
 * });
 * ```
 */
export function expectNoLeak<T>(work: () => T): T {
  const watch = watchLeaks();
  const end = (): void => {
    const found = watch.leaks();
    watch.stop();
    if (found.length > 0)
      throw new Error(`expectNoLeak: the function left something behind:\n  ${found.join('\n  ')}`);
  };
  let result: T;
  try {
    result = work();
  } catch (error) {
    watch.stop();
    throw error;
  }
  if (isPromise(result)) {
    return result.then(
      (value: unknown) => {
        end();
        return value;
      },
      (error: unknown) => {
        watch.stop();
        throw error;
      },
    ) as T;
  }
  end();
  return result;
}
