import { memory } from 'rxtensor';
import { element } from '../../page/page-element';
import { formatBytes, formatWhole, none } from '../../page/numbers';
import { isUnderWay, type Progress } from '../training/progress';

interface Held {
  readonly tensors: number;
  readonly bytes: number;
}

function heldNow(): Held {
  const { numTensors, numBytes } = memory();
  return { tensors: numTensors, bytes: numBytes };
}

/** Shows what the library holds, beside what it held before the run: in the end the two are the same. */
export function memoryReadout(): {
  readonly markStart: () => void;
  readonly show: (progress: Progress) => void;
} {
  const cell = (id: string): HTMLElement => element(id, HTMLTableCellElement);
  const verdict = element('memory-verdict', HTMLElement);
  let before: Held | null = null;
  return {
    markStart: () => (before = heldNow()),
    show: (progress) => {
      const now = heldNow();
      cell('tensors-now').textContent = formatWhole(now.tensors);
      cell('bytes-now').textContent = formatBytes(now.bytes);
      cell('tensors-before').textContent = before ? formatWhole(before.tensors) : none;
      cell('bytes-before').textContent = before ? formatBytes(before.bytes) : none;
      const isBack = before !== null && now.tensors === before.tensors && now.bytes === before.bytes;
      const hasEnded = before !== null && !isUnderWay(progress);
      verdict.textContent = !hasEnded ? '' : isBack ? 'back where it began' : 'not all is freed';
      verdict.className = isBack ? 'verdict good' : 'verdict bad';
    },
  };
}
