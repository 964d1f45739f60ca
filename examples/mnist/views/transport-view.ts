import type { Command } from '../controls/commands';
import { element, setText } from '../../page/page-element';
import { formatDuration, formatPercent, formatRate, formatWhole } from '../../page/numbers';
import { isUnderWay, secondsLeft, shareDone, type Phase, type Progress } from '../training/progress';

const icons = {
  start: 'M4.5 3.4v9.2c0 .55.6.9 1.07.6l7.4-4.6a.7.7 0 0 0 0-1.2l-7.4-4.6c-.47-.3-1.07.05-1.07.6Z',
  pause:
    'M4 3.7c0-.4.3-.7.7-.7h1.6c.4 0 .7.3.7.7v8.6c0 .4-.3.7-.7.7H4.7a.7.7 0 0 1-.7-.7V3.7Zm5 0c0-.4.3-.7.7-.7h1.6c.4 0 .7.3.7.7v8.6c0 .4-.3.7-.7.7H9.7a.7.7 0 0 1-.7-.7V3.7Z',
};

/** What the run button does in each phase, and says. */
const runButton: Readonly<Record<Phase, readonly [command: Command, label: string]>> = {
  idle: ['start', 'Start training'],
  loading: ['pause', 'Loading…'],
  running: ['pause', 'Pause'],
  paused: ['resume', 'Resume'],
  testing: ['pause', 'Testing…'],
  finished: ['start', 'Train again'],
  stopped: ['start', 'Start again'],
  failed: ['start', 'Try again'],
};

/** The buttons, the phase in words, and the bar. */
export function showTransport(progress: Progress): void {
  const { phase } = progress;
  const [command, label] = runButton[phase];
  const run = element('run', HTMLButtonElement);
  run.value = command;
  // Not `disabled`: that would take the focus away from under the reader's finger.
  run.setAttribute('aria-disabled', String(phase === 'loading' || phase === 'testing'));
  element('run-icon', SVGPathElement).setAttribute('d', command === 'pause' ? icons.pause : icons.start);
  setText('run-label', label);
  element('stop', HTMLButtonElement).disabled = !isUnderWay(progress);
  element('fixed', HTMLFieldSetElement).disabled = isUnderWay(progress);

  setText('phase', phaseInWords(progress));
  setText('time-left', timeInWords(progress));
  if (progress.rate !== null) setText('rate-used', `The last step used ${formatRate(progress.rate)}.`);
  const bar = element('progress', HTMLProgressElement);
  if (phase === 'loading') bar.removeAttribute('value');
  else bar.value = shareDone(progress);
  document.body.dataset.phase = phase;
}

function phaseInWords({ phase, backend, step, accuracy }: Progress): string {
  const device = backend === 'webgl' ? 'WebGL' : 'the CPU';
  switch (phase) {
    case 'idle':
      return 'Ready';
    case 'loading':
      return 'Loading 60,000 digits';
    case 'running':
      // The first step compiles the shaders.
      return step === 0 ? `Warming up ${device}` : `Training on ${device}`;
    case 'paused':
      return 'Paused';
    case 'testing':
      return 'Testing on 10,000 digits';
    case 'finished':
      return `Done: ${accuracy === null ? '' : formatPercent(accuracy, true)} right`;
    case 'stopped':
      return step === 0 ? 'Stopped' : `Stopped after step ${formatWhole(step)}`;
    case 'failed':
      return 'Failed';
  }
}

function timeInWords(progress: Progress): string {
  if (progress.phase !== 'running' && progress.phase !== 'paused') return '';
  const seconds = secondsLeft(progress);
  return seconds === null ? '' : `${formatDuration(seconds)} left`;
}
