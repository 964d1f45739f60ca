import { formatLoss, formatPercent, formatSpeed, formatWhole, none } from '../../page/numbers';
import { epochOf, type Progress } from '../training/progress';
import { setText } from '../../page/page-element';

/** The four numbers above the chart. */
export function showMetrics(progress: Progress): void {
  const { phase, step, stepsPerEpoch, epochs, meanLoss, accuracy, measuredOn, stepsPerSecond } = progress;
  setText('loss', meanLoss === null ? none : formatLoss(meanLoss));
  setText('accuracy', accuracy === null ? none : formatPercent(accuracy, phase === 'finished'));
  setText('accuracy-of', measuredOn === 0 ? 'on unseen digits' : `on ${formatWhole(measuredOn)} unseen`);
  setText('step', formatWhole(step));
  setText(
    'steps',
    stepsPerEpoch === 0 ? 'of an epoch' : stepsInWords(stepsPerEpoch * epochs, epochOf(progress), epochs),
  );
  setText('speed', stepsPerSecond === null ? none : formatSpeed(stepsPerSecond));
}

function stepsInWords(steps: number, epoch: number, epochs: number): string {
  return epochs === 1 ? `of ${formatWhole(steps)}` : `of ${formatWhole(steps)} · epoch ${epoch}/${epochs}`;
}
