import { MultiBar } from 'cli-progress';
import { lossPlot } from './loss-plot';
import type { Display } from './progress';

const BAR = '{bar} {percentage} % of {total} steps, {rate} steps/s, {left} s left, loss {loss}';
const PLOT_HEIGHT = 8;
/** The plot's axis and its numbers take so many columns. */
const AXIS_WIDTH = 10;
const REDRAWS_PER_SECOND = 10;

/** A progress bar over a plot of the losses so far, both redrawn in place. */
export function progressBar(terminal: NodeJS.WriteStream): Display {
  const screen = new MultiBar({
    stream: terminal,
    fps: REDRAWS_PER_SECOND,
    barsize: 16,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  const bar = screen.create(1, 0, { rate: '–', left: '–', loss: '–' }, { format: BAR });
  // A line of the plot is a bar that shows only text, so that all is redrawn together.
  const lines = Array.from({ length: PLOT_HEIGHT + 2 }, () =>
    screen.create(1, 0, { text: '' }, { format: '{text}' }),
  );
  let drawn = 0;
  return {
    show: ({ step, steps, perSecond, secondsLeft, meanLoss, losses }) => {
      bar.setTotal(steps);
      bar.update(step);
      const now = performance.now();
      if (now - drawn < 1000 / REDRAWS_PER_SECOND) return;
      drawn = now;
      bar.update({
        rate: perSecond?.toFixed(1) ?? '–',
        left: secondsLeft?.toFixed(0) ?? '–',
        loss: meanLoss.toFixed(4),
      });
      const width = Math.max(10, Math.min(terminal.columns, 100) - AXIS_WIDTH);
      const plot = lossPlot(losses, { width, height: PLOT_HEIGHT, showSteps: false });
      lines.forEach((line, i) => line.update({ text: plot[i] ?? '' }));
    },
    close: () => screen.stop(),
  };
}
