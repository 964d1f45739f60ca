import { mean } from './mean';

/** Shows the training while it runs. */
export interface Display {
  /** After each step: the losses of all steps so far, and how many there will be. */
  readonly show: (losses: readonly number[], steps: number) => void;
  /** The training has ended, in whatever way: leaves the terminal as it was. */
  readonly close: () => void;
}

/** Shows nothing. */
export const silence: Display = { show: () => undefined, close: () => undefined };

/** The mean of some steps tells more than the last alone. */
const RECENT_STEPS = 50;

export function recentLoss(losses: readonly number[]): number {
  return mean(losses.slice(-RECENT_STEPS));
}

/** Tells how many steps a second there have been since it was made. */
export function speedometer(): (steps: number) => number {
  const start = performance.now();
  return (steps) => (1000 * steps) / (performance.now() - start);
}
