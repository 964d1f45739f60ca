import type { Notice } from '../../page/notices';
import { isUnderWay, type Progress } from '../training/progress';

const withoutWebGL: Notice = {
  kind: 'caution',
  title: 'No WebGL2 here: training runs on the CPU',
  text: [
    'For WebGL, turn on graphics acceleration in the browser’s settings, or update the browser; `chrome://gpu` tells more.',
  ],
};

/** What has to be said at this point of a run. */
export function noticesOf(progress: Progress, canUseWebGL: boolean): Notice[] {
  const notices: Notice[] = [];
  const { failure } = progress;
  if (failure) notices.push({ kind: 'error', title: failure.title, text: [failure.message, failure.cure] });
  if (!canUseWebGL && !isUnderWay(progress)) notices.push(withoutWebGL);
  return notices;
}
