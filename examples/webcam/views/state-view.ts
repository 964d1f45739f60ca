import { memory } from 'rxtensor';
import { element, setText } from '../../page/page-element';
import { formatBytes, formatPercent, formatWhole, none } from '../../page/numbers';
import { showNotices, type Notice } from '../../page/notices';
import type { CameraEvent } from '../session';

type Kind = CameraEvent['kind'];

/** For each state: the action and the label of the button, and a description. */
const states: Readonly<Record<Kind, readonly [command: string, label: string, words: string]>> = {
  idle: ['start', 'Start the camera', 'Ready'],
  opening: ['stop', 'Stop', 'Asking for the camera'],
  seen: ['stop', 'Stop', 'Live'],
  stopped: ['start', 'Start again', 'The camera is off'],
  failed: ['start', 'Try again', 'No camera'],
};

/** What the reader can do about an error, by a word of its message. */
const cures: readonly (readonly [message: RegExp, cure: string])[] = [
  [
    /refused|withdrawn/,
    'Allow the camera for this page: the icon in the address bar asks again. Nothing that it sees leaves this tab.',
  ],
  [/no camera/, 'Plug one in, or open this page on a phone.'],
  [/another program/, 'Close the other program, and try again.'],
  [/HTTPS/, 'Open the page from `localhost`, or by HTTPS.'],
];

export function showState(event: CameraEvent): void {
  const [command, label, words] = states[event.kind];
  element('run', HTMLButtonElement).value = command;
  setText('run-label', label);
  setText('phase', words);
  document.body.dataset.phase = event.kind === 'seen' ? 'running' : event.kind;
  showNotices(element('notices', HTMLElement), noticesOf(event));
}

function noticesOf(event: CameraEvent): Notice[] {
  if (event.kind !== 'failed') return [];
  const cure = cures.find(([message]) => message.test(event.message))?.[1];
  const text = cure === undefined ? [event.message] : [event.message, cure];
  return [{ kind: 'error', title: 'The camera cannot be used', text }];
}

/** The numbers above the graph; those of the last frame stay when the camera stops. */
export function showReading(event: CameraEvent, dropped: number): void {
  const reading = event.kind === 'seen' ? event.reading : null;
  if (!reading && event.kind !== 'opening') return;
  setText('frames', reading ? formatWhole(reading.frames) : none);
  setText('per-second', reading ? formatWhole(reading.perSecond) : none);
  setText('dropped', reading ? formatWhole(dropped) : none);
  setText('brightness', reading ? formatPercent(reading.brightness) : none);
  setText('motion', reading ? formatPercent(reading.motion) : none);
}

/** The memory that the library holds: before the run, now, and whether both are equal when the camera is off. */
export function showMemory(kind: Kind, before: ReturnType<typeof memory>): void {
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
