/** Reads a stream of pictures of the browser's, as that of a camera. */
import type { PixelOptions } from '../../tensor/ops/pixel-options';
import type { Tensor3D } from '../../tensor/tensor';
import type { LiveDevice, LiveEvents } from '../pulling/live';
import { onShownFrame, shownFrame } from './shown-frames';

/** Reads the pictures of an open stream. */
export interface Reading<T = Tensor3D> {
  readonly grab: () => T | null;
  readonly close: () => void;
  /** Rejected when there will be no pictures. */
  readonly begun?: Promise<unknown>;
}

/**
 * Opens a stream, and reads it once it is there.
 *
 * @param ended called when its track ends by itself
 */
export function streamDevice<T>(
  open: () => Promise<MediaStream>,
  ended: (track: MediaStreamTrack) => void,
  read: (stream: MediaStream) => Reading<T>,
  fail: LiveEvents['fail'],
): LiveDevice<T> {
  let isReleased = false;
  let close = (): void => undefined;
  let grab = (): T | null => null;
  const start = async (): Promise<void> => {
    const stream = await open();
    close = () => stop(stream);
    // The person may have been asked for a long time.
    if (isReleased) return;
    const [track] = stream.getVideoTracks();
    track?.addEventListener('ended', () => ended(track));
    const reading = read(stream);
    grab = reading.grab;
    close = () => {
      reading.close();
      stop(stream);
    };
    await reading.begun;
  };
  start().then(
    () => {
      if (isReleased) close();
    },
    (error: unknown) => {
      if (isReleased) close();
      else fail(error);
    },
  );
  return {
    grab: () => grab(),
    keepsFrame: true,
    release: () => {
      isReleased = true;
      close();
    },
  };
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/**
 * Reads a stream through a video element.
 *
 * @param what the source of the pictures, in messages
 */
export function throughVideo(
  name: string,
  what: string,
  stream: MediaStream,
  events: LiveEvents,
  options: PixelOptions,
  video = document.createElement('video'),
): Reading {
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  const [stopFrames] = onShownFrame(video, events.frame);
  return {
    grab: () => shownFrame(name, what, video, options),
    close: () => {
      stopFrames();
      video.srcObject = null;
    },
    begun: video.play(),
  };
}
