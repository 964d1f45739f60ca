import type { Observable } from 'rxjs';
import { live, type LiveDevice, type LiveEvents } from '../../streams/pulling/live';
import { streamDevice } from '../../streams/sources/stream-device';
import { mediaDevicesOf, refused } from '../../streams/sources/webcam';
import type { Tensor3D } from '../../tensor/tensor';
import { isUnread, previewRule, type PreviewOptions, type UnreadPreviewOptions } from './source-options';
import { unreadLive, type UnreadFrame } from './unread';
import { readingOf, reads, takes, type Taking } from './video-frame-reading';

/**
 * A source of the pictures of a screen, a window or a tab, which the person chooses. Each subscription asks; browsers demand that it is made in a click. It is live, as
 * {@link camera} is, and completes when the person stops sharing.
 *
 * @param constraints what is wanted, as `getDisplayMedia` takes it: `width`, `height`, `frameRate`, `displaySurface`, …
 * @param options the form of the tensors, pacing, `onDrop`, and `preview`; with `read: false` the pictures are not made into tensors, see {@link UnreadOptions}
 * @throws when an option is wrong; as error notifications, when the person refuses, without a click, and where screens cannot be shown
 * @example
 * ```ts browser
 * import { screen } from 'rxtensor/vision';
 * import { take } from 'rxjs';
 * document.body.innerHTML = '<button>Share</button>';
 * document.querySelector('button')!.onclick = () =>
 *   screen({ frameRate: 10 }, { size: [90, 160] })
 *     .pipe(take(3))
 *     .subscribe({ next: (frame) => console.log(frame.shape), error: (error: Error) => console.log(error.message) });
 * ```
 */
export function screen(
  constraints: MediaTrackConstraints,
  options: UnreadPreviewOptions,
): Observable<UnreadFrame>;
export function screen(constraints?: MediaTrackConstraints, options?: PreviewOptions): Observable<Tensor3D>;
export function screen(
  constraints: MediaTrackConstraints = {},
  options: PreviewOptions | UnreadPreviewOptions = {},
): Observable<Tensor3D | UnreadFrame> {
  const name = 'screen';
  const open = <T>(taking: Taking<T>, events: LiveEvents): LiveDevice<T> =>
    streamDevice(
      () => screenOf(name, constraints),
      events.end,
      (stream) => readingOf(taking, stream, events, options.preview),
      events.fail,
    );
  if (isUnread(name, options, previewRule)) return unreadLive(name, (events) => open(takes, events), options);
  return live(name, (events) => open(reads(name, 'the screen', options), events), options);
}

async function screenOf(name: string, video: MediaTrackConstraints): Promise<MediaStream> {
  const devices: Partial<MediaDevices> = mediaDevicesOf(name);
  if (!devices.getDisplayMedia)
    throw new Error(`${name}: this browser shows no screens; wanted one of a desktop computer, or camera()`);
  try {
    return await devices.getDisplayMedia({ video, audio: false });
  } catch (cause) {
    throw refused(name, cause as Error, REFUSALS);
  }
}

/** By the name of the error that `getDisplayMedia` rejects with (Screen Capture, section 5.1). */
const REFUSALS: Readonly<Record<string, string>> = {
  NotAllowedError: 'the person, the system or this page does not allow to show the screen',
  InvalidStateError: 'the browser wants a click first; subscribe in the listener of one',
  NotFoundError: 'there is nothing to show',
  NotReadableError: 'the system does not let the screen be read',
  TypeError: "the constraints are impossible; 'min' and 'exact' are not allowed here",
};
