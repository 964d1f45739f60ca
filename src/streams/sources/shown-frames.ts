/** When a video shows a new picture, and which. */
import type { Tensor3D } from '../../tensor/tensor';
import { frameTensor, type FrameOptions } from './frame';

/** Tells of each new picture of a video from now on, until what it gives is called. */
export function onShownFrame(video: HTMLVideoElement, tell: () => void): () => void {
  if ('requestVideoFrameCallback' in video) {
    let handle = 0;
    const ask = (): void => {
      handle = video.requestVideoFrameCallback(() => {
        ask();
        tell();
      });
    };
    ask();
    return () => video.cancelVideoFrameCallback(handle);
  }
  return onTimeChange(video, tell);
}

/** The picture that a video shows; null while it has none, as in a seek. */
export function shownFrame(
  name: string,
  what: string,
  video: HTMLVideoElement,
  options: FrameOptions,
): Tensor3D | null {
  return video.readyState < video.HAVE_CURRENT_DATA ? null : frameTensor(name, what, video, options);
}

/** For browsers (Firefox before 132) that do not tell: looks at the time of the video once for each picture of the page. */
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
