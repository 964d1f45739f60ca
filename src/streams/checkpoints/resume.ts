import { defer, from, switchMap, type Observable, type ObservableInput } from 'rxjs';
import { described } from '../../tensor/argument';
import { Optimizer } from '../../tensor/optimizers/optimizer';
import { setRandomState } from '../../tensor/random-state';
import type { Variable } from '../../tensor/variable';
import { decodeCheckpoint, type Checkpoint } from './format';
import { assertVariables, namedVariables } from './named-variables';
import { restore } from './restore';
import { assertStore, type CheckpointStore } from './store';
import { assertOptions } from '../../tensor/options';

/** Where a run continues. */
export interface ResumePoint {
  /** How many examples the run has used: pass it to {@link examples} as the option `startAt`. It is 0 for a new run. */
  readonly position: number;
  /** How many steps the optimizer has taken. If there are several optimizers, this counts the steps of the last one. */
  readonly step: number;
  /** The epoch of the next example, counted from 1. It is null if the length of an epoch is unknown. */
  readonly epoch: number | null;
  /** What `checkpoint` was given as the option `keep`, as it comes out of JSON; null for a new run. Check it as anything that comes from a file. */
  readonly kept: Readonly<Record<string, unknown>> | null;
}

/** Which variables {@link resume} restores. */
export interface ResumeOptions {
  /** The same variables that {@link checkpoint} was given, in the same order. All variables by default. */
  readonly variables?: readonly Variable[];
}

/**
 * Continues a run from its last {@link checkpoint}: loads it, restores the variables, the optimizers and the global random numbers, and
 * subscribes to what `start` returns for the position. If the store is empty, a new run begins at position 0.
 *
 * Variables are matched by their names. Variables without a name of their own are matched by the order in which they were made.
 *
 * ```text
 *  resume(store, adam, start)    ----(load)--l--l--l|     what start({position, step, epoch}) emits
 * ```
 *
 * @param optimizers the optimizer of the run, or all of them in the order in which they step
 * @param start makes the run; called once a subscription, after everything has been restored
 * @throws (as error notifications) before anything is changed: when the store holds no checkpoint, or one that is cut short, damaged or
 *   invalid; when a variable is missing here or there, or has another shape or dtype (the error names it); when the optimizers are others,
 *   or were made with other settings
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const weights = dl.variable(() => dl.zeros([2, 1]));
 * const adam = dl.train.adam();
 * const store = dl.memoryStore();
 * dl.resume(store, adam, ({ position }) =>
 *   dl.examples({ xs: [[1, 2], [3, 4]], ys: [[1], [2]] }, { epochs: 10, startAt: position }).pipe(
 *     dl.batch(2),
 *     dl.trainStep(adam, ({ xs, ys }) => dl.losses.meanSquaredError(ys, xs.matMul(weights))),
 *     dl.checkpoint({ every: 5, store }),
 *     dl.download(),
 *   ),
 * ).subscribe({ next: (loss) => console.log(loss), complete: () => dl.dispose(weights) });
 * ```
 */
export function resume<R>(
  store: CheckpointStore,
  optimizers: Optimizer | readonly Optimizer[],
  start: (from: ResumePoint) => ObservableInput<R>,
  options: ResumeOptions = {},
): Observable<R> {
  const name = 'resume';
  assertStore(name, store);
  if (typeof start !== 'function') {
    throw new Error(`${name}: argument 'start' is ${typeof start}; wanted a function that gives the run`);
  }
  assertOptions<ResumeOptions>(name, options, { variables: 1 });
  const inOrder = optimizersIn(name, optimizers);
  assertVariables(name, options.variables);
  return defer(() => load(name, store)).pipe(
    // Everything from here on is synchronous, and runs only while there is a subscriber.
    switchMap((bytes) => {
      const found = bytes && decodeCheckpoint(bytes, `${name}: ${store.name}`);
      if (found) restore(found, namedVariables(options.variables), inOrder, store.name);
      const run = from(start(pointOf(found, inOrder)));
      return defer(() => {
        // This comes last because `start` may have drawn random numbers.
        if (found) setRandomState(found.header.random);
        return run;
      });
    }),
  );
}

/** @throws unless all are optimizers, without a duplicate */
export function optimizersIn(name: string, given: Optimizer | readonly Optimizer[]): readonly Optimizer[] {
  const optimizers: readonly unknown[] = Array.isArray(given) ? given : [given];
  for (const [i, each] of optimizers.entries()) {
    if (!(each instanceof Optimizer))
      throw new Error(
        `${name}: argument 'optimizers' holds ${described(each)}; wanted an optimizer, as train.adam()`,
      );
    if (optimizers.indexOf(each) !== i)
      throw new Error(`${name}: argument 'optimizers' holds the same ${each.name} twice; wanted each once`);
  }
  return optimizers as readonly Optimizer[];
}

function pointOf(found: Checkpoint | null, optimizers: readonly Optimizer[]): ResumePoint {
  const { position, length, kept = 'null' } = found?.header ?? { position: 0, length: Infinity };
  return {
    position,
    step: optimizers.at(-1)?.iterations ?? 0,
    epoch: position === 0 ? 1 : length === null ? null : Math.floor(position / length) + 1,
    kept: JSON.parse(kept) as ResumePoint['kept'],
  };
}

/** Loads what the store holds, or null if it is empty. @throws (rejects) if the store cannot be read; the error names the store */
export async function load(name: string, store: CheckpointStore): Promise<Uint8Array | null> {
  let loaded: unknown;
  try {
    loaded = await store.load();
  } catch (cause) {
    throw new Error(`${name}: ${store.name} could not be read: ${String(cause)}`, { cause });
  }
  if (loaded === null || loaded === undefined) return null;
  if (ArrayBuffer.isView(loaded) && Object.prototype.toString.call(loaded) === '[object Uint8Array]')
    return loaded as Uint8Array;
  throw new Error(
    `${name}: ${store.name} gave ${described(loaded)}; wanted a Uint8Array, or null where nothing was saved`,
  );
}
