/** Reads pictures as `VideoFrame`s (WebCodecs), in a page or a worker. */
import type { LiveEvents } from '../../streams/pulling/live';
import { throughVideo, type Reading } from '../../streams/sources/stream-device';
import type { FrameTime } from '../../streams/trail';
import { pixelsOf } from '../../tensor/ops/pixels';
import type { PixelOptions } from '../../tensor/ops/pixel-options';
import type { Tensor3D } from '../../tensor/tensor';
import { clock } from '../tracked';
import type { Taken } from './unread';

/** Gives the time of each frame of a stream; capture times do not go back. */
export function frameClock(): (frame: VideoFrame) => FrameTime {
  let last = 0;
  return (frame) => {
    const { captureTime } = (frame as { metadata?: () => { captureTime?: number } }).metadata?.() ?? {};
    const capture = captureTime === undefined ? clock() : performance.timeOrigin + captureTime;
    last = Math.max(last, capture);
    return { media: frame.timestamp / 1e6, capture: last };
  };
}

/** The picture of a frame, which is closed then. */
export function pictureOf(name: string, what: string, frame: VideoFrame, options: PixelOptions): Tensor3D {
  try {
    return pixelsOf(name, frame, options, what);
  } finally {
    frame.close();
  }
}

/** Pages that nobody sees take no pictures, so that neither they nor a model cost anything. */
const isHidden = (): boolean => (globalThis.document as Document | undefined)?.hidden === true;

/** Reads a stream of frames. Only the newest is kept: a camera has few, and waits when none is given back. `take` makes a value of one, and closes it or hands it on. */
export function ofFrames<T>(
  frames: ReadableStream<VideoFrame>,
  events: LiveEvents,
  take: (frame: VideoFrame) => T,
): Reading<T> {
  const reader = frames.getReader();
  const timeOfFrame = frameClock();
  let newest: VideoFrame | null = null;
  let isClosed = false;
  const replace = (frame: VideoFrame | null): void => {
    newest?.close();
    newest = frame;
  };
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (isClosed || isHidden()) value.close();
      else {
        replace(value);
        events.frame(timeOfFrame(value));
      }
    }
    events.end();
  };
  read().catch((error: unknown) => events.fail(error));
  return {
    grab: () => {
      const frame = newest;
      newest = null;
      return frame && take(frame);
    },
    close: () => {
      isClosed = true;
      replace(null);
      // It may have failed already, which was told.
      reader.cancel().catch(() => undefined);
    },
  };
}

type Processor = new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => {
  readonly readable: ReadableStream<VideoFrame>;
};

/** The frames of a track; null where the browser has no `MediaStreamTrackProcessor`. */
export function framesOfTrack(track: MediaStreamTrack): ReadableStream<VideoFrame> | null {
  const { MediaStreamTrackProcessor } = globalThis as { MediaStreamTrackProcessor?: Processor };
  return MediaStreamTrackProcessor
    ? new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable
    : null;
}

/** How the pictures of a stream become values: of frames, and of a video element where the browser gives no frames. */
export interface Taking<T> {
  readonly ofFrame: (frame: VideoFrame) => T;
  readonly throughVideo: (stream: MediaStream, events: LiveEvents, video?: HTMLVideoElement) => Reading<T>;
}

/** They become tensors. */
export const reads = (name: string, what: string, options: PixelOptions): Taking<Tensor3D> => ({
  ofFrame: (frame) => pictureOf(name, what, frame, options),
  throughVideo: (stream, events, video) => throughVideo(name, what, stream, events, options, video),
});

/** They stay as they are. */
export const takes: Taking<Taken> = {
  ofFrame: (frame) => frame,
  throughVideo: (stream, events, video = document.createElement('video')) => ({
    ...throughVideo('', '', stream, events, {}, video),
    grab: () => shownIn(video),
  }),
};

/** A video that has a picture to be taken; null while it has none. */
export const shownIn = (video: HTMLVideoElement): HTMLVideoElement | null =>
  video.readyState < video.HAVE_CURRENT_DATA ? null : video;

/** Reads a stream frame by frame where the browser can, else through a video element; `preview` shows it in either case. */
export function readingOf<T>(
  taking: Taking<T>,
  stream: MediaStream,
  events: LiveEvents,
  preview?: HTMLVideoElement,
): Reading<T> {
  const [track] = stream.getVideoTracks();
  const frames = track ? framesOfTrack(track) : null;
  if (!frames) return taking.throughVideo(stream, events, preview);
  // The track tells of its end, and why.
  const reading = ofFrames(frames, { ...events, end: () => undefined }, taking.ofFrame);
  if (!preview) return reading;
  const shown = takes.throughVideo(stream, { ...events, frame: () => undefined }, preview);
  // A page may pause its preview; the tensors do not depend on it.
  shown.begun?.catch(() => undefined);
  return {
    grab: reading.grab,
    close: () => {
      reading.close();
      shown.close();
    },
  };
}
