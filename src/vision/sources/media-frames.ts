import type { Observable } from 'rxjs';
import { wrongGiven } from '../../streams/checks/arguments';
import { live, type LiveDevice, type LiveEvents } from '../../streams/pulling/live';
import type { Tensor3D } from '../../tensor/tensor';
import { isUnread, type MediaFramesOptions, type UnreadOptions } from './source-options';
import { unreadLive, type UnreadFrame } from './unread';
import { framesOfTrack, ofFrames, reads, takes, type Taking } from './video-frame-reading';

/**
 * A source of the pictures of a track or a stream of `VideoFrame`s that the program has: of a call, a recording, a canvas; in a page, or in a worker to which the page has
 * transferred the readable stream (Chromium) or the track (Safari) of its camera. It is live: it keeps the newest frame only, and closes all. It completes when the frames end,
 * and leaves the track to its owner.
 *
 * @throws when an argument is wrong; as error notifications, when the frames fail, and for a track in a worker whose browser has no `MediaStreamTrackProcessor`
 * @example
 * ```ts browser
 * import { mediaFrames } from 'rxtensor/vision';
 * import { take } from 'rxjs';
 * const canvas = document.createElement('canvas');
 * const pen = canvas.getContext('2d')!;
 * setInterval(() => pen.fillRect(Math.random() * 300, Math.random() * 150, 9, 9), 20);
 * const [track] = canvas.captureStream().getVideoTracks();
 * mediaFrames(track!, { size: [64, 64] })
 *   .pipe(take(3))
 *   .subscribe((frame) => console.log(frame.shape)); // [64, 64, 3]
 * ```
 */
export function mediaFrames(
  source: MediaStreamTrack | ReadableStream<VideoFrame>,
  options: UnreadOptions,
): Observable<UnreadFrame>;
export function mediaFrames(
  source: MediaStreamTrack | ReadableStream<VideoFrame>,
  options?: MediaFramesOptions,
): Observable<Tensor3D>;
export function mediaFrames(
  source: MediaStreamTrack | ReadableStream<VideoFrame>,
  options: MediaFramesOptions | UnreadOptions = {},
): Observable<Tensor3D | UnreadFrame> {
  const name = 'mediaFrames';
  const isStream = typeof (source as Partial<ReadableStream> | null)?.getReader === 'function';
  if (!isStream && (source as Partial<MediaStreamTrack> | null)?.kind !== 'video')
    throw wrongGiven(name, "argument 'source'", source, 'a video track, or a ReadableStream of VideoFrames');
  const open = <T>(taking: Taking<T>, events: LiveEvents): LiveDevice<T> => {
    const frames = isStream
      ? (source as ReadableStream<VideoFrame>)
      : framesOfTrack(source as MediaStreamTrack);
    if (!frames && typeof document === 'undefined')
      throw new Error(
        `${name}: this browser reads no tracks in workers; wanted MediaStreamTrackProcessor, or the frames as tensors of a page (inWorker)`,
      );
    const reading = frames
      ? ofFrames(frames, events, taking.ofFrame)
      : taking.throughVideo(new MediaStream([source as MediaStreamTrack]), events);
    reading.begun?.catch((error: unknown) => events.fail(error));
    const end = (): void => events.end();
    if (!isStream) (source as MediaStreamTrack).addEventListener('ended', end);
    return {
      grab: reading.grab,
      keepsFrame: true,
      release: () => {
        if (!isStream) (source as MediaStreamTrack).removeEventListener('ended', end);
        reading.close();
      },
    };
  };
  if (isUnread(name, options)) return unreadLive(name, (events) => open(takes, events), options);
  return live(
    name,
    (events) => open(reads(name, isStream ? 'a frame' : 'the track', options), events),
    options,
  );
}
