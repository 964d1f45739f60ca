import { memory } from 'rxtensor';
import type { Rates } from 'rxtensor/vision';
import { element, setText } from '../../page/page-element';
import { formatBytes, formatPercent, formatSpeed, formatWhole, none } from '../../page/numbers';
import type { Reading } from '../readings';
import type { CameraEvent } from '../session';

/** The numbers of the last frame; they stay when the camera stops. */
export function showNumbers(event: CameraEvent): void {
  if (event.kind === 'opening') {
    for (const id of ['per-second', 'latency', 'dropped', 'frames']) setText(id, none);
    setText('latency-most', 'to the picture');
  }
  if (event.kind !== 'seen') return;
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

/** The memory that the library holds: before the run, now, and whether both are equal when the camera is off. */
export function showMemory(kind: CameraEvent['kind'], before: ReturnType<typeof memory>): void {
  const now = memory();
  setText('tensors-before', formatWhole(before.numTensors));
  setText('tensors-now', formatWhole(now.numTensors));
  setText('bytes-before', formatBytes(before.numBytes));
  setText('bytes-now', formatBytes(now.numBytes));
  const isBack = now.numTensors === before.numTensors && now.numBytes === before.numBytes;
  const hasEnded = kind === 'stopped' || kind === 'failed';
  setText('memory-verdict', !hasEnded ? '' : isBack ? 'back where it began' : 'not all is freed');
  element('memory-verdict', HTMLElement).className = isBack ? 'verdict good' : 'verdict bad';
}
