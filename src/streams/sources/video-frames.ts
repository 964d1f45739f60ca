import { fromEvent, merge, type Observable } from 'rxjs';
import { pixelOptions, type PixelOptions } from '../../tensor/ops/pixel-options';
import type { Tensor3D } from '../../tensor/tensor';
import { live, liveOptions, type LiveDevice, type LiveEvents, type LiveOptions } from '../pulling/live';
import { onShownFrame, shownFrame } from './shown-frames';
import { assertOptionValues, type OptionNames } from '../../tensor/options';

/** The options of sources of pictures: {@link videoFrames}, {@link canvasFrames}, {@link webcam}. */
export interface FramesOptions extends LiveOptions, PixelOptions {}

export const framesOptions: OptionNames<FramesOptions> = { ...liveOptions, ...pixelOptions };

/** @throws when an option is invalid */
export function assertFramesOptions(name: string, options: FramesOptions): void {
  assertOptionValues<PixelOptions>(name, options, pixelOptions, framesOptions);
}

/**
 * A source of the pictures that a video shows, as int32 tensors [height, width, channels] from 0 to 255, or as the options say.
 * It is live: while earlier emissions are unfinished it drops pictures, and continues with the newest. The caller plays, pauses and seeks the video; if it is paused, the first
 * emission is the picture that it shows. Completes when the video has ended.
 *
 * ```text
 *  the video shows       a--b--c--d--e--f|
 *  work on a             [=======]
 *  videoFrames(video)    a-------c--d--e--f|     b is dropped
 * ```
 *
 * Browsers do not update videos in hidden pages, so there are no frames then.
 *
 * @param video a video element; it need not be in the page
 * @throws when an option is invalid; as error notifications, when the video cannot be loaded or decoded, and when it comes from another site that does
 *   not allow its pixels to be read
 * @example
 * ```ts browser
 * import * as dl from 'rxtensor';
 * import { take } from 'rxjs';
 * document.body.innerHTML = '<canvas></canvas>';
 * const video = document.createElement('video'); // shows a canvas here; in your page, a film
 * video.muted = true;
 * const canvas = document.querySelector('canvas')!;
 * const pen = canvas.getContext('2d')!;
 * setInterval(() => pen.fillRect(Math.random() * 300, Math.random() * 150, 9, 9), 20);
 * video.srcObject = canvas.captureStream();
 * await video.play();
 * dl.videoFrames(video, { size: [96, 96] })
 *   .pipe(dl.mapTensor((frame) => frame.toFloat().mean()), take(5), dl.download())
 *   .subscribe((brightness) => console.log(brightness)); // from 0 to 255
 * ```
 */
export function videoFrames(video: HTMLVideoElement, options: FramesOptions = {}): Observable<Tensor3D> {
  const name = 'videoFrames';
  assertFramesOptions(name, options);
  if (typeof HTMLVideoElement !== 'function' || !(video instanceof HTMLVideoElement)) {
    throw new Error(`${name}: argument 'video' is ${typeof video}; wanted a video element`);
  }
  return live(name, (events) => shownBy(name, video, events, options), options);
}

/** Reads a video that somebody else plays. */
export function shownBy(
  name: string,
  video: HTMLVideoElement,
  events: LiveEvents,
  options: PixelOptions,
): LiveDevice<Tensor3D> {
  const isStill = (): boolean => video.paused && video.readyState >= video.HAVE_CURRENT_DATA;
  const failure = (): Error => {
    const { code, message } = video.error!;
    return new Error(
      `${name}: the video ${video.currentSrc || '(without an address)'} failed: ${MEDIA_ERRORS[code] ?? 'unknown'}${message && ` (${message})`}`,
    );
  };
  // No event may be sent before the device has been opened.
  const opening = setTimeout(() => {
    if (video.error) events.fail(failure());
    else if (isStill()) tellNow();
  });
  const [stopFrames, tellNow] = onShownFrame(video, events.frame);
  const state = merge(fromEvent(video, 'ended'), fromEvent(video, 'error')).subscribe(({ type }) => {
    if (type === 'ended') events.end();
    else events.fail(failure());
  });
  return {
    grab: () => shownFrame(name, 'the video', video, options),
    keepsFrame: true,
    release: () => {
      clearTimeout(opening);
      stopFrames();
      state.unsubscribe();
    },
  };
}

/** By `MediaError.code`. */
const MEDIA_ERRORS: Readonly<Record<number, string>> = {
  1: 'loading was aborted',
  2: 'the network broke off',
  3: 'it cannot be decoded',
  4: 'it was not found, or its format is not supported here',
};
