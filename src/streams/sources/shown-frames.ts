/** Observes the pictures that a video shows. */
import type { Tensor3D } from '../../tensor/tensor';
import type { FrameTime } from '../trail';
import type { PixelOptions } from '../../tensor/ops/pixel-options';
import { pixelsOf } from '../../tensor/ops/pixels';

/**
 * Calls `tell` for each new picture of a video, with its time. Returns a function that ends this, and one that calls `tell` for the picture that
 * is shown already.
 */
export function onShownFrame(
  video: HTMLVideoElement,
  tell: (time: FrameTime) => void,
): [stop: () => void, tellNow: () => void] {
  let last = 0;
  /** Not every picture of a camera comes with the time when it was taken, which is earlier than that when it was shown. */
  const tellOf = ({
    captureTime,
    presentationTime,
    mediaTime,
  }: Partial<VideoFrameCallbackMetadata>): void => {
    last = Math.max(last, performance.timeOrigin + (captureTime ?? presentationTime ?? performance.now()));
    tell({ media: mediaTime ?? video.currentTime, capture: last });
  };
  const tellNow = (): void => tellOf({});
  if ('requestVideoFrameCallback' in video) {
    let handle = 0;
    const ask = (): void => {
      handle = video.requestVideoFrameCallback((_, metadata) => {
        ask();
        tellOf(metadata);
      });
    };
    ask();
    return [() => video.cancelVideoFrameCallback(handle), tellNow];
  }
  return [onTimeChange(video, tellNow), tellNow];
}

/** The picture that a video shows; null while it has none, for example during a seek. */
export function shownFrame(
  name: string,
  what: string,
  video: HTMLVideoElement,
  options: PixelOptions,
): Tensor3D | null {
  return video.readyState < video.HAVE_CURRENT_DATA ? null : pixelsOf(name, video, options, what);
}

/** For browsers without `requestVideoFrameCallback` (Firefox before 132): compares the time of the video once for each frame of the page. */
function onTimeChange(video: HTMLVideoElement, tell: () => void): () => void {
  let time = video.currentTime;
  let handle = 0;
  const look = (): void => {
    handle = requestAnimationFrame(look);
    if (video.currentTime === time || video.readyState < video.HAVE_CURRENT_DATA) return;
    time = video.currentTime;
    tell();
  };
  handle = requestAnimationFrame(look);
  return () => cancelAnimationFrame(handle);
}
