import type { Display } from './progress';

/** About so many lines for a whole training, more where it takes long. */
const LINES = 20;
const SECONDS_BETWEEN_LINES = 10;

/** Plain lines, for output that is no terminal. */
export function progressLines(print: (line: string) => void): Display {
  let printed = performance.now();
  return {
    show: ({ step, steps, meanLoss, perSecond, secondsLeft }) => {
      const isMilestone = step % Math.ceil(steps / LINES) === 0 || step === steps;
      if (!isMilestone && performance.now() - printed < 1000 * SECONDS_BETWEEN_LINES) return;
      printed = performance.now();
      const parts = [
        `step ${step} of ${steps}`,
        `loss ${meanLoss.toFixed(4)}`,
        // One step tells nothing of the speed.
        ...(perSecond === null ? [] : [`${perSecond.toFixed(1)} steps/s`]),
        ...(secondsLeft === null ? [] : [`${secondsLeft.toFixed(0)} s left`]),
      ];
      print(parts.join(', '));
    },
    close: () => undefined,
  };
}
