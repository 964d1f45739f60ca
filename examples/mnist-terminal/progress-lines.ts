import { recentLoss, speedometer, type Display } from './progress';

/** About so many lines for a whole training. */
const LINES = 20;

/** Plain lines, for output that is no terminal. */
export function progressLines(print: (line: string) => void): Display {
  const speed = speedometer();
  return {
    show: (losses, steps) => {
      const step = losses.length;
      if (step % Math.ceil(steps / LINES) !== 0 && step !== steps) return;
      const rate = speed(step);
      const left = Math.round((steps - step) / rate);
      const loss = recentLoss(losses).toFixed(4);
      print(`step ${step} of ${steps}, loss ${loss}, ${rate.toFixed(1)} steps/s, ${left} s left`);
    },
    close: () => undefined,
  };
}
