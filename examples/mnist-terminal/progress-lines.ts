import { recentLoss, speedometer, type Display } from './progress';

/** About so many lines for a whole training, more where it takes long. */
const LINES = 20;
const SECONDS_BETWEEN_LINES = 10;

/** Plain lines, for output that is no terminal. */
export function progressLines(print: (line: string) => void): Display {
  const speed = speedometer();
  let printed = performance.now();
  return {
    show: (losses, steps) => {
      const step = losses.length;
      const isMilestone = step % Math.ceil(steps / LINES) === 0 || step === steps;
      if (!isMilestone && performance.now() - printed < 1000 * SECONDS_BETWEEN_LINES) return;
      printed = performance.now();
      const rate = speed(step);
      const left = Math.round((steps - step) / rate);
      const loss = recentLoss(losses).toFixed(4);
      print(`step ${step} of ${steps}, loss ${loss}, ${rate.toFixed(1)} steps/s, ${left} s left`);
    },
    close: () => undefined,
  };
}
