import type { Observable } from 'rxjs';
import { wrongGiven } from '../../streams/checks/arguments';
import { live, type LiveDevice, type LiveEvents } from '../../streams/pulling/live';
import { shownBy } from '../../streams/sources/video-frames';
import { isOneOf } from '../../tensor/options';
import type { Tensor3D } from '../../tensor/tensor';
import { isUnread, previewRule, type MediaFramesOptions, type UnreadOptions } from './source-options';
import { unreadLive, type UnreadFrame } from './unread';
import { shownIn } from './video-frame-reading';

/** How {@link videoFile} plays a film. */
export interface PlayOptions {
  /** Whether it begins again at its end; false when left out. */
  readonly loop?: boolean;
  /** A video element of the page that plays it; the source makes one when left out. */
  readonly preview?: HTMLVideoElement;
}

/** The options of {@link videoFile}. */
export interface VideoFileOptions extends MediaFramesOptions, PlayOptions {}

/** The options of {@link videoFile} whose pictures are not read into tensors. */
export interface UnreadVideoFileOptions extends UnreadOptions, PlayOptions {}

/**
 * A source of the pictures of a film, which each subscription plays from its beginning, muted: a file that the visitor chose, or an address. It is live: pictures that come
 * while earlier emissions are unfinished are dropped, as the film goes on. Completes at its end. To see every picture of a film, use {@link decodedFrames}.
 *
 * @param source a Blob (as a File of an `<input type="file">`), or an address, whose site must allow its pixels to be read (CORS)
 * @param options the form of the tensors (`size`, `crop`, …), pacing, `onDrop`, `loop` and `preview`; with `read: false` the pictures are not made into tensors, and come as
 *   `ImageBitmap`s, see {@link UnreadOptions}
 * @throws when an argument is wrong; as error notifications, when it cannot be loaded, decoded or played
 * @example
 * ```ts browser
 * import { videoFile } from 'rxtensor/vision';
 * document.body.innerHTML = '<input type="file" accept="video/*">';
 * const input = document.querySelector('input')!;
 * input.onchange = () =>
 *   videoFile(input.files![0]!, { size: [96, 96] }).subscribe({
 *     next: (frame) => console.log(frame.shape),
 *     error: (error: Error) => console.log(error.message), // it cannot be decoded
 *   });
 * ```
 */
export function videoFile(
  source: Blob | string | URL,
  options: UnreadVideoFileOptions,
): Observable<UnreadFrame>;
export function videoFile(source: Blob | string | URL, options?: VideoFileOptions): Observable<Tensor3D>;
export function videoFile(
  source: Blob | string | URL,
  options: VideoFileOptions | UnreadVideoFileOptions = {},
): Observable<Tensor3D | UnreadFrame> {
  const name = 'videoFile';
  if (!(source instanceof Blob || source instanceof URL || (typeof source === 'string' && source !== '')))
    throw wrongGiven(name, "argument 'source'", source, 'a Blob, or an address');
  const open = <T>(
    events: LiveEvents,
    showing: (video: HTMLVideoElement) => LiveDevice<T>,
  ): LiveDevice<T> => {
    if (typeof document === 'undefined')
      throw new Error(
        `${name}: there are no video elements here; wanted a page, or decodedFrames() in a worker`,
      );
    const { preview: video = document.createElement('video'), loop = false } = options;
    const address = source instanceof Blob ? URL.createObjectURL(source) : String(source);
    video.muted = true;
    video.playsInline = true;
    video.loop = loop;
    video.crossOrigin = 'anonymous';
    video.src = address;
    const shown = showing(video);
    // What cannot be loaded is told by the video's event, with its reason.
    video.play().catch((error: unknown) => {
      if (!video.error) events.fail(error);
    });
    return {
      ...shown,
      release: () => {
        shown.release();
        video.pause();
        video.removeAttribute('src');
        video.load();
        if (source instanceof Blob) URL.revokeObjectURL(address);
      },
    };
  };
  if (isUnread(name, options, { ...previewRule, loop: isOneOf([true, false]) }))
    return unreadLive(
      name,
      (events) =>
        open(events, (video) => ({ ...shownBy(name, video, events, {}), grab: () => shownIn(video) })),
      options,
    );
  return live(name, (events) => open(events, (video) => shownBy(name, video, events, options)), options);
}
