import type { Observable } from 'rxjs';
import { wrongGiven } from '../../streams/checks/arguments';
import { live } from '../../streams/pulling/live';
import { framesOptions, shownBy, type FramesOptions } from '../../streams/sources/video-frames';
import { pixelOptions, type PixelOptions } from '../../tensor/ops/pixel-options';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import type { Tensor3D } from '../../tensor/tensor';

/** The options of {@link videoFile}. */
export interface VideoFileOptions extends FramesOptions {
  /** Whether it begins again at its end; false when left out. */
  readonly loop?: boolean;
  /** A video element of the page that plays it; the source makes one when left out. */
  readonly preview?: HTMLVideoElement;
}

/**
 * A source of the pictures of a film, which each subscription plays from its beginning, muted: a file that the visitor chose, or an address. It is live: pictures that come
 * while earlier emissions are unfinished are dropped, as the film goes on. Completes at its end. To see every picture of a film, use {@link decodedFrames}.
 *
 * @param source a Blob (as a File of an `<input type="file">`), or an address, whose site must allow its pixels to be read (CORS)
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
export function videoFile(source: Blob | string | URL, options: VideoFileOptions = {}): Observable<Tensor3D> {
  const name = 'videoFile';
  if (!(source instanceof Blob || source instanceof URL || (typeof source === 'string' && source !== '')))
    throw wrongGiven(name, "argument 'source'", source, 'a Blob, or an address');
  assertOptionValues<PixelOptions & Pick<VideoFileOptions, 'loop' | 'preview'>>(
    name,
    options,
    {
      ...pixelOptions,
      loop: isOneOf([true, false]),
      preview: [
        (value) => typeof HTMLVideoElement === 'function' && value instanceof HTMLVideoElement,
        'a video element',
      ],
    },
    { ...framesOptions, loop: 1, preview: 1 },
  );
  return live(
    name,
    (events) => {
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
      const shown = shownBy(name, video, events, options);
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
    },
    options,
  );
}
