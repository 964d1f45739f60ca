import type { Rates } from 'rxtensor/vision';
import { setText } from '../../page/page-element';
import { formatPercent, formatSpeed, formatWhole, none } from '../../page/numbers';
import type { Reading } from '../readings';
import type { PictureEvent } from '../../page/pictures';
import type { RunEvent } from '../run';

/** The numbers of the last frame; they stay when the camera stops. */
export function showNumbers(event: RunEvent | PictureEvent): void {
  if (event.kind === 'opening') {
    for (const id of ['per-second', 'latency', 'dropped', 'frames']) setText(id, none);
    setText('latency-most', 'to the picture');
  }
  if (!('rates' in event)) return;
  const { frames } = event;
  const { framesPerSecond, latency, dropped } = event.rates;
  setText('per-second', framesPerSecond === 0 ? none : formatSpeed(framesPerSecond));
  setText('latency', latency ? formatWhole(latency.p50) : none);
  setText('latency-most', latency ? `ms, p95 ${formatWhole(latency.p95)}` : 'ms');
  setText('dropped', formatWhole(dropped));
  setText('frames', formatWhole(frames));
}

/** What the filters measure, beside their lines; null where something else is seen. */
export function readingOf({ value }: Rates<unknown>): Reading | null {
  return typeof value === 'object' && value !== null && 'motion' in value ? (value as Reading) : null;
}

export function showReading({ brightness, motion }: Reading): void {
  setText('brightness', formatPercent(brightness));
  setText('motion', formatPercent(motion));
}
