import { memory } from 'rxtensor';
import { formatBytes, formatWhole } from './numbers';
import { element, setText } from './page-element';

/** Shows the memory that the library holds: before the run, now, and whether both are equal when the run has ended. */
export function showMemory(hasEnded: boolean, before: ReturnType<typeof memory>): void {
  const now = memory();
  setText('tensors-before', formatWhole(before.numTensors));
  setText('tensors-now', formatWhole(now.numTensors));
  setText('bytes-before', formatBytes(before.numBytes));
  setText('bytes-now', formatBytes(now.numBytes));
  const isBack = now.numTensors === before.numTensors && now.numBytes === before.numBytes;
  setText('memory-verdict', !hasEnded ? '' : isBack ? 'back where it began' : 'not all is freed');
  element('memory-verdict', HTMLElement).className = isBack ? 'verdict good' : 'verdict bad';
}
