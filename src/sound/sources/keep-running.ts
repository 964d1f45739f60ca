import { warnOnce } from '../../tensor/debug';

/** How long a context may take to begin, in milliseconds. */
const PATIENCE_MS = 1000;
/** What browsers take for a person's wish to hear something. */
const GESTURES = ['pointerdown', 'pointerup', 'keydown', 'touchend'];

/**
 * Keeps a context running. Browsers suspend one that a page opens before its person has clicked, and phones interrupt it for a call: it is asked to resume at once, when its
 * state changes, when the page is seen again, and at each click or key.
 *
 * @param paused called when it runs again, with the seconds that it did not
 * @returns a function that stops it
 */
export function keepRunning(
  name: string,
  context: AudioContext,
  paused: (seconds: number) => void,
): () => void {
  let stoppedAt: number | null = null;
  let hasRun = context.state === 'running';
  const resume = (): void => {
    // A promise that is refused says what its state says.
    if (context.state !== 'running' && context.state !== 'closed') context.resume().catch(() => undefined);
  };
  const change = (): void => {
    const isRunning = context.state === 'running';
    if (isRunning && stoppedAt !== null) paused((performance.now() - stoppedAt) / 1000);
    hasRun ||= isRunning;
    stoppedAt = isRunning || !hasRun ? null : (stoppedAt ?? performance.now());
    resume();
  };
  const warning = setTimeout(() => {
    if (!hasRun)
      warnOnce(
        `${name}: the browser suspends sound until the person has clicked, so nothing comes; subscribe in the listener of a click. It begins with the next click or key on this page`,
      );
  }, PATIENCE_MS);
  context.addEventListener('statechange', change);
  document.addEventListener('visibilitychange', resume);
  for (const gesture of GESTURES) document.addEventListener(gesture, resume, true);
  resume();
  return () => {
    clearTimeout(warning);
    context.removeEventListener('statechange', change);
    document.removeEventListener('visibilitychange', resume);
    for (const gesture of GESTURES) document.removeEventListener(gesture, resume, true);
  };
}
