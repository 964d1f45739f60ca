import type { Progress } from 'rxtensor';

/** A training under way: its last loss is the value. */
export interface TrainingProgress extends Progress<number> {
  /** How many steps there will be. */
  readonly steps: number;
  /** The mean of the last losses, which tells more than the last alone. */
  readonly meanLoss: number;
  /** Of all steps so far. */
  readonly losses: readonly number[];
}

/** Shows the training while it runs. */
export interface Display {
  /** After each step. */
  readonly show: (training: TrainingProgress) => void;
  /** The training has ended, in whatever way: leaves the terminal as it was. */
  readonly close: () => void;
}

/** Shows nothing. */
export const silence: Display = { show: () => undefined, close: () => undefined };
