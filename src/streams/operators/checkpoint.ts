import type { MonoTypeOperatorFunction } from 'rxjs';
import { perhapsCopies } from '../../tensor/copies';
import type { Optimizer } from '../../tensor/optimizers/optimizer';
import type { Variable } from '../../tensor/variable';
import { assertVariables, namedVariables } from '../checkpoints/named-variables';
import { assertStore, type CheckpointStore } from '../checkpoints/store';
import { Writes } from '../checkpoints/writes';
import { afterEmission, trailNow, waitUntil } from '../emission';
import { operator } from '../operator';
import type { LastStep, TrainingSteps } from '../training/training-steps';
import type { Place } from '../trail';
import { assertOptions } from '../../tensor/options';

/** When and where {@link checkpoint} saves, and which variables. */
export interface CheckpointOptions {
  /** The number of optimizer steps between checkpoints. */
  readonly every: number;
  /** Where it is written: `memoryStore()`, `indexedDBStore(name)` of `rxtensor/checkpoints`, `fileStore(path)` of `rxtensor/node`, or one of your own. */
  readonly store: CheckpointStore;
  /** The variables to keep; all when left out, also those that are not trained. */
  readonly variables?: readonly Variable[];
  /**
   * False leaves out the position in the data, for sources that have none, such as a camera: a continued run restores the variables, the optimizer
   * and the random numbers, and takes the data that comes.
   */
  readonly position?: boolean;
  /**
   * What else belongs to the run, by name: `resume` gives it back as `kept`. Its JSON is taken at the moment of the checkpoint, so that things with a
   * `toJSON` (fitted transforms, metrics' states, drift detectors) are kept as they are then.
   */
  readonly keep?: Readonly<Record<string, unknown>>;
}

/**
 * Saves everything that is needed to continue a run, every `every` steps and at the end: the variables, the optimizers above with their state, the global random
 * numbers, and the position in the data. {@link resume} continues it: a run killed at any moment gives the same losses from
 * the last checkpoint on as one that was not. Values pass through.
 *
 * Put it anywhere below {@link trainStep}, in the same thread; below `download` works too. A checkpoint belongs to one moment, the end of the emission
 * of a step. Training continues while it is written, and waits when the store is too slow. When `trainStep` accumulates and the next step has
 * begun, the checkpoint is taken at the end of that step. Writes come one after the other, and completion waits for the last.
 *
 * ```text
 *  losses                          --1--2--3--4--5--|
 *  checkpoint({every: 2, store})   --1--2--3--4--5----|
 *                                       save  save save
 * ```
 *
 * It does not keep the state of other operators (a running mean, `scanTensor`, an early stop), nor settings: give a continued run the same pipeline.
 * Random numbers drawn above an operator that emits later (`mapTensorAsync`, `download`) may belong to examples that are still to come: draw
 * them below it, or from seeds.
 *
 * @throws (as error notifications) when no step was taken above, or only in another thread; at the first step, when no run could continue from its
 *   position, with the reason; when a write fails, naming the store
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const slope = dl.variable(0, true, 'slope');
 * const adam = dl.train.adam(0.1);
 * const store = dl.memoryStore();
 * dl.resume(store, adam, ({ position }) =>
 *   dl.examples({ x: [1, 2, 3], y: [2, 4, 6] }, { epochs: 5, shuffle: true, startAt: position }).pipe(
 *     dl.batch(1),
 *     dl.trainStep(adam, ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x))),
 *     dl.checkpoint({ every: 10, store }),
 *     dl.download(),
 *   ),
 * ).subscribe({ next: (loss) => console.log(loss), complete: () => dl.dispose(slope) });
 * ```
 */
export function checkpoint<T>(options: CheckpointOptions): MonoTypeOperatorFunction<T> {
  const name = 'checkpoint';
  assertOptions<CheckpointOptions>(name, options, { every: 1, store: 1, variables: 1, position: 1, keep: 1 });
  const { every, store, variables, position = true, keep } = options;
  if (!Number.isInteger(every) || every < 1) {
    throw new Error(`${name}: option 'every' is ${every}; wanted a positive integer`);
  }
  assertStore(name, store);
  assertVariables(name, variables);
  return operator<T, T>(name, (output) => {
    const writes = new Writes(name, store, output);
    /** In the order in which they step. */
    let trainings: readonly TrainingSteps[] = [];
    let source: string | null = null;
    /** The steps of the last value, and of the last checkpoint. */
    let step = 0;
    let savedStep = 0;

    const save = (): Promise<void> => {
      // The optimizer may have taken later steps than the step of this value.
      const optimizers: readonly Optimizer[] = trainings.map(({ optimizer }) => optimizer!);
      savedStep = optimizers.at(-1)!.iterations;
      try {
        const last = latestOf(trainings);
        if (position) assertPosition(name, last.place);
        return writes.add({
          variables: namedVariables(variables),
          optimizers,
          last,
          kept: JSON.stringify(keep),
        });
      } catch (error) {
        output.error(error);
        return Promise.resolve();
      }
    };
    /** Runs `work` at the end of the emission: the state is complete then. */
    const afterwards = (work: () => void): void =>
      afterEmission(() => {
        if (output.isOpen()) work();
      });
    /** When the next step has begun, the checkpoint waits for its end: no run can continue from the middle of a step. */
    const saved = (): Promise<void> =>
      new Promise((resolve) => {
        afterEmission(() => {
          const begun = output.isOpen() ? trainings.find(({ isBegun }) => isBegun) : undefined;
          begun?.whenTaken(() => waitUntil(saved()));
          resolve(output.isOpen() && !begun ? save() : undefined);
        });
      });

    return {
      next: (value) => {
        const { steps, place } = trailNow();
        const [newest] = steps;
        if (!newest) throw noStep(name);
        if (steps.some(({ training }) => !training.optimizer)) throw trainedElsewhere(name);
        if (position) {
          if (!place?.passes) assertPosition(name, place);
          if (place && source && place.source !== source) throw severalSources(name);
          source ??= place?.source ?? null;
        }
        const before = step || newest.step - 1;
        step = newest.step;
        trainings = steps.map(({ training }) => training).reverse();
        if (Math.floor(step / every) > Math.floor(before / every)) waitUntil(saved());
        output.emit(() => value);
      },
      error: (error) => afterwards(() => writes.afterwards(() => output.error(error))),
      complete: () =>
        afterwards(() => {
          if (step !== savedStep) void save();
          if (output.isOpen()) writes.afterwards(output.complete);
        }),
    };
  });
}

/** The latest step of the optimizers whose emission has ended. */
function latestOf(trainings: readonly TrainingSteps[]): LastStep {
  return trainings
    .map(({ last }) => last!)
    .reduce((latest, each) => (each.order > latest.order ? each : latest));
}

const REMEDY =
  "wanted examples() or idx() over arrays, csv() of a file, or the option 'position: false', which leaves the position out";

function noStep(name: string): Error {
  return new Error(
    `${name}: the value was not trained with: no trainStep or applyGradients above took a step in its emission; wanted ${name} below one, ` +
      `with no stock operator that moves values in time between them${perhapsCopies()}`,
  );
}

function trainedElsewhere(name: string): Error {
  return new Error(
    `${name}: the step was taken in another thread, which has the variables and the optimizer; wanted ${name} there, below trainStep`,
  );
}

function severalSources(name: string): Error {
  return new Error(
    `${name}: the values come from several sources, or from one that was subscribed to again, so that one position does not tell where to ` +
      `continue; ${REMEDY}. To go through data several times, give examples() or csv() the option 'epochs'`,
  );
}

function assertPosition(name: string, place: Place | null): void {
  if (!place) throw new Error(`${name}: the source does not tell its position in the data; ${REMEDY}`);
  if (place.obstacle)
    throw new Error(`${name}: no run could continue from here: ${place.obstacle}; ${REMEDY}`);
}
