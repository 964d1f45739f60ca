import { defer, fromEvent, map, merge, of, Subject, switchMap, type Observable } from 'rxjs';
import { live, type LiveDevice, type LiveEvents } from '../../streams/pulling/live';
import { streamDevice } from '../../streams/sources/stream-device';
import { cameraOf, mediaDevicesOf, takenAway, THE_CAMERA } from '../../streams/sources/webcam';
import type { Tensor3D } from '../../tensor/tensor';
import { isUnread, previewRule, type PreviewOptions, type UnreadPreviewOptions } from './source-options';
import { unreadLive, type UnreadFrame } from './unread';
import { readingOf, reads, takes, type Taking } from './video-frame-reading';

/** Emits when a camera was opened: from then on the browser tells the names of all. */
const opened = new Subject<void>();

/**
 * A source of the pictures of a camera, as `webcam` is, that can also show them at full size in a video element of the page while the tensors are small. It reads them frame by
 * frame where the browser has `MediaStreamTrackProcessor`, each with the time when it was taken (see {@link timeOf}), and through a video element elsewhere. Each subscription
 * opens the camera, and releases it when it ends. It is live: while earlier emissions are unfinished it drops pictures; hidden pages get none.
 *
 * To change the camera, change the stream: `constraints$.pipe(switchMap((constraints) => camera(constraints, options)))` closes one before it opens the next. When the
 * size of the pictures changes (a phone is turned), tensors have the new size, unless `size` says theirs.
 *
 * @param constraints what the camera should do, as `getUserMedia` takes it: `facingMode` 'user' or 'environment', `deviceId` of one of {@link cameras}, `width`, `height`,
 *   `frameRate`, …
 * @param options the form of the tensors (`size`, `crop`, `rotate`, `mirror`, …), pacing, `onDrop`, and `preview`; with `read: false` the pictures are not made into tensors,
 *   see {@link UnreadOptions}
 * @throws when an option is wrong; as error notifications, when permission is refused, there is no camera, none meets the constraints, another program uses it, it is
 *   unplugged, and where there are none: in a page without HTTPS, in a worker (see {@link mediaFrames}), in Node
 * @example
 * ```ts browser
 * import { camera } from 'rxtensor/vision';
 * import { take } from 'rxjs';
 * document.body.innerHTML = '<video></video>';
 * const preview = document.querySelector('video')!;
 * camera({ facingMode: 'user', width: 640 }, { preview, size: [96, 96], mirror: true })
 *   .pipe(take(3))
 *   .subscribe({
 *     next: (frame) => console.log(frame.shape, preview.videoWidth), // [96, 96, 3] 640
 *     error: (error: Error) => console.log(error.message), // permission was refused, there is no camera, …
 *   });
 * ```
 */
export function camera(
  constraints: MediaTrackConstraints,
  options: UnreadPreviewOptions,
): Observable<UnreadFrame>;
export function camera(constraints?: MediaTrackConstraints, options?: PreviewOptions): Observable<Tensor3D>;
export function camera(
  constraints: MediaTrackConstraints = {},
  options: PreviewOptions | UnreadPreviewOptions = {},
): Observable<Tensor3D | UnreadFrame> {
  const name = 'camera';
  const open = <T>(taking: Taking<T>, events: LiveEvents): LiveDevice<T> =>
    streamDevice(
      async () => {
        const stream = await cameraOf(name, constraints);
        opened.next();
        return stream;
      },
      (track) => events.fail(takenAway(name, track)),
      (stream) => readingOf(taking, stream, events, options.preview),
      events.fail,
    );
  if (isUnread(name, options, previewRule)) return unreadLive(name, (events) => open(takes, events), options);
  return live(name, (events) => open(reads(name, THE_CAMERA, options), events), options);
}

/**
 * The cameras of this machine: a list now, and another whenever one is plugged in or out. Until a page has opened a camera, the browser tells neither `deviceId` nor
 * `label`; the list comes again when {@link camera} has opened one.
 *
 * @throws (as error notification) where there are none: in a page without HTTPS, in a worker, in Node
 * @example
 * ```ts browser
 * import { cameras } from 'rxtensor/vision';
 * import { take } from 'rxjs';
 * cameras()
 *   .pipe(take(1))
 *   .subscribe({
 *     next: (found) => console.log(found.map(({ label, deviceId }) => [label, deviceId])),
 *     error: (error: Error) => console.log(error.message),
 *   });
 * ```
 */
export function cameras(): Observable<readonly MediaDeviceInfo[]> {
  return defer(() => {
    const devices = mediaDevicesOf('cameras');
    return merge(of(null), fromEvent(devices, 'devicechange'), opened).pipe(
      switchMap(() => devices.enumerateDevices()),
      map((all) => all.filter(({ kind }) => kind === 'videoinput')),
    );
  });
}
