/** Which public models a run compares, and how far their values may be from those of their own runtime. */
import { dailyChoice, today } from '../daily-choice';

interface ModelRun {
  /** How many models are compared; all if left out. */
  readonly models?: number;
  /** The day that chooses them, counted from 1970. */
  readonly day?: number;
  /** How many frames of a camera are followed. */
  readonly camera?: number;
}

const run = (): ModelRun => (globalThis as unknown as { __RXTENSOR_TEST__: ModelRun }).__RXTENSOR_TEST__;

/** Whether all models are compared, in a run that may take long. */
export const isWholeRun = (): boolean => (run().models ?? Infinity) > 100;

/** For how many frames a camera is followed: --flags camera=500 sets them, and so does a run of all models. */
export const framesOfCamera = (): number => run().camera ?? (isWholeRun() ? 500 : 60);

/**
 * Some of the models, which change from day to day: --flags models=N,day=D repeats a choice. All unless a number is given.
 *
 * @param aDay the most of them in a run that may not take long
 */
export function chosen(what: string, all: readonly string[], aDay = Infinity): readonly string[] {
  const { models = all.length, day = today() } = run();
  const names = dailyChoice(all, isWholeRun() ? models : Math.min(models, aDay), day);
  const count = names.length;
  console.log(
    `${count} of ${all.length} ${what}, chosen by --flags models=${count},day=${day}: ${names.join(', ')}`,
  );
  return names;
}

/** How far a value may be from the other runtime's, relative to the greatest of its output. */
export const TOLERANCE = 1e-3;
