import {
  asyncScheduler,
  catchError,
  concatMap,
  defer,
  from,
  tap,
  timer,
  type Observable,
  type ObservableInput,
  type SchedulerLike,
} from 'rxjs';
import { backend, ContextLostError, contextLost, getBackend, setBackend } from '../../tensor/backend';
import { assertOptions } from '../../tensor/options';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import { getRandomState } from '../../tensor/random-state';
import { assertPositiveInteger, assertScheduler, wrongGiven } from '../checks/arguments';
import { checkpoint, type CheckpointOptions } from '../operators/checkpoint';
import { encodeCheckpoint } from './format';
import { memoryStore } from './memory-store';
import { namedVariables } from './named-variables';
import { load, optimizersIn, resume, type ResumePoint } from './resume';
import { snapshot } from './snapshot';
import { assertStore, type CheckpointStore } from './store';

/** Where a run begins, and why. */
export interface ResilientPoint extends ResumePoint {
  /** The error that ended the previous run. It is null for the first run. After an error, values emitted after `step` are emitted again. */
  readonly lost: unknown;
}

/** Where {@link resilient} finds its checkpoints, and how long it waits for a device. Give either `shadow` or `store`. */
export interface ResilientOptions extends Pick<CheckpointOptions, 'variables' | 'position'> {
  /** The number of steps between checkpoints that are kept in memory. The run then needs no `checkpoint` of its own. */
  readonly shadow?: number;
  /** The store to which the run's own {@link checkpoint} writes. If the program was killed, the next run continues from it, too. */
  readonly store?: CheckpointStore;
  /** How many milliseconds to wait for a new context before continuing on the CPU; 5000 by default. */
  readonly wait?: number;
  /** The clock that measures this wait, for tests on virtual time; the clock of the system by default. */
  readonly scheduler?: SchedulerLike;
}

/** The pause between two attempts to open a context, in milliseconds. */
const PAUSE = 100;
/** If the context is lost more often than this without a new checkpoint in between, the CPU is used. */
const MOST_LOSSES = 2;

/**
 * Runs a training that survives the loss of the WebGL context ({@link ContextLostError}). After each loss it opens a new context, or uses the
 * CPU if no context can be opened in time. Then it works like {@link resume}: it sets the variables, the optimizers and the random numbers to
 * their values in the last checkpoint, and subscribes to what `start` returns for that position. The subscriber sees a single stream.
 *
 * ```text
 *  start(…)                              --1--2--3--X            the context is lost
 *  start({step: 2, lost: error, …})                    --3--4|
 *  resilient(adam, start, {shadow: 2})   --1--2--3-------3--4|
 * ```
 *
 * **Emissions after the step of the checkpoint come twice.** Their step says so (in {@link progress} and in the reports of `trainStep` with metrics), and
 * `start` is called with the step from which they come again: a program that collects losses cuts its list there. With the same seed,
 * and without stateful operators, they have the same values.
 *
 * Only variables come back. Other tensors that the run uses must be made in `start`. Sources without a place, such as a camera, go on with what
 * comes: give `position: false`. In a worker, use it in the pipeline that the worker serves. After three losses without a new checkpoint
 * in between, the CPU is used. If that does not help (the run uses a lost tensor), the stream fails with the error.
 *
 * @param optimizers the optimizer of the run, or all of them in the order in which they step
 * @param start makes the run; called once at the beginning and after each loss, when everything has been restored
 * @throws (as error notifications) what `resume`, `checkpoint` and the run throw, but for lost contexts
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { resilient } from 'rxtensor/checkpoints';
 * const slope = dl.variable(0, true, 'slope');
 * const adam = dl.train.adam(0.1);
 * const losses: number[] = [];
 * resilient(
 *   adam,
 *   ({ position, step }) => {
 *     losses.length = step; // the losses after it come again
 *     return dl.examples({ x: [1, 2, 3], y: [2, 4, 6] }, { epochs: 5, startAt: position }).pipe(
 *       dl.batch(1),
 *       dl.trainStep(adam, ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x))),
 *       dl.download(),
 *     );
 *   },
 *   { shadow: 5 },
 * ).subscribe({
 *   next: (loss) => losses.push(loss),
 *   complete: () => {
 *     console.log(losses.length); // 15
 *     dl.dispose(slope);
 *     adam.dispose();
 *   },
 * });
 * ```
 */
export function resilient<R>(
  optimizers: Optimizer | readonly Optimizer[],
  start: (from: ResilientPoint) => ObservableInput<R>,
  options: ResilientOptions,
): Observable<R> {
  const name = 'resilient';
  assertOptions<ResilientOptions>(name, options, {
    ...{ shadow: 1, store: 1, variables: 1, position: 1, wait: 1, scheduler: 1 },
  });
  const { shadow, wait = 5000, scheduler = asyncScheduler, variables, position } = options;
  const inOrder = optimizersIn(name, optimizers);
  if (typeof start !== 'function') throw wrongGiven(name, "argument 'start'", start, 'a function');
  if (shadow === undefined) assertStore(name, options.store);
  else assertPositiveInteger(name, "option 'shadow'", shadow);
  if (shadow !== undefined && options.store)
    throw wrongGiven(name, "option 'store'", options.store, "none beside the option 'shadow'");
  if (!(wait >= 0)) throw wrongGiven(name, "option 'wait'", wait, 'milliseconds, not negative');
  assertScheduler(name, scheduler);

  return defer(() => {
    const device = getBackend();
    const store = options.store ?? memoryStore();
    /** How often the context was lost since the last checkpoint, and the step of that checkpoint. */
    let losses = 0;
    let reached = 0;

    /** If nothing has been saved yet, saves the state before the first step as the first checkpoint. */
    const begin = async (): Promise<void> => {
      if (await load(name, store)) return;
      const last = { place: null, random: getRandomState(), order: 0 };
      const state = { variables: namedVariables(variables), optimizers: inOrder, last };
      await store.save(encodeCheckpoint(await snapshot(state)));
    };
    const run = (lost: unknown): Observable<R> =>
      resume(
        store,
        inOrder,
        (point) => {
          if (point.step > reached) losses = 0;
          reached = point.step;
          const running = from(start({ ...point, lost }));
          return shadow === undefined
            ? running
            : running.pipe(checkpoint({ every: shadow, store, variables, position }));
        },
        { variables },
      ).pipe(
        tap({
          complete: () => {
            if (backend().isLost?.()) throw contextLost(name);
          },
        }),
        catchError((error) => {
          if (!isLoss(error) || losses++ > MOST_LOSSES) throw error;
          return reopened(scheduler.now() + wait).pipe(concatMap(() => run(error)));
        }),
      );
    /** Emits when a backend is in use again. */
    const reopened = (until: number): Observable<unknown> =>
      defer(() => setBackend(losses > MOST_LOSSES || scheduler.now() > until ? 'cpu' : device)).pipe(
        catchError(() => timer(PAUSE, scheduler).pipe(concatMap(() => reopened(until)))),
      );
    return from(begin()).pipe(concatMap(() => run(null)));
  });
}

function isLoss(error: unknown): boolean {
  return [error, (error as Partial<Error> | null)?.cause].some((each) => each instanceof ContextLostError);
}
