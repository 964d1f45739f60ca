import type { Observable } from 'rxjs';
import { wrongGiven } from '../../streams/checks/arguments';
import { live } from '../../streams/pulling/live';
import { throughVideo } from '../../streams/sources/stream-device';
import { assertFramesOptions, type FramesOptions } from '../../streams/sources/video-frames';
import type { Tensor3D } from '../../tensor/tensor';
import { framesOfTrack, ofFrames } from './video-frame-reading';

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
  options: FramesOptions = {},
): Observable<Tensor3D> {
  const name = 'mediaFrames';
  const isStream = typeof (source as Partial<ReadableStream> | null)?.getReader === 'function';
  if (!isStream && (source as Partial<MediaStreamTrack> | null)?.kind !== 'video')
    throw wrongGiven(name, "argument 'source'", source, 'a video track, or a ReadableStream of VideoFrames');
  assertFramesOptions(name, options);
  return live(
    name,
    (events) => {
      const frames = isStream
        ? (source as ReadableStream<VideoFrame>)
        : framesOfTrack(source as MediaStreamTrack);
      if (!frames && typeof document === 'undefined')
        throw new Error(
          `${name}: this browser reads no tracks in workers; wanted MediaStreamTrackProcessor, or the frames as tensors of a page (inWorker)`,
        );
      const what = frames ? 'a frame' : 'the track';
      const reading = frames
        ? ofFrames(name, what, frames, events, options)
        : throughVideo(name, what, new MediaStream([source as MediaStreamTrack]), events, options);
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
    },
    options,
  );
}
