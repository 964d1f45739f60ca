import type { Observable } from 'rxjs';
import { wrongGiven } from '../../streams/checks/arguments';
import { pulled, pullOptions, type PullOptions } from '../../streams/pulling/pull';
import type { FrameTime } from '../../streams/trail';
import type { PixelOptions } from '../../tensor/ops/pixel-options';
import type { Tensor3D } from '../../tensor/tensor';
import { decodingOf } from './decoding';
import { isUnread, type MediaFramesOptions, type UnreadDecodedOptions } from './source-options';
import { unread, type UnreadFrame } from './unread';
import { frameClock, pictureOf } from './video-frame-reading';

/** The options of {@link decodedFrames}. */
export interface DecodedFramesOptions extends PullOptions, PixelOptions, Pick<MediaFramesOptions, 'read'> {}

/**
 * A source of every picture of a film, in order, decoded by the browser's `VideoDecoder` (WebCodecs) from chunks that the program takes from its container. Nothing is dropped:
 * chunks are asked for as far as there is room, so the film runs as fast as the work on it. It runs in pages and in workers. At its end, also by an error, the decoder and the frames
 * that wait are closed at once.
 *
 * @param chunks `EncodedVideoChunk`s, the first one a key frame
 * @param config `codec`, as 'vp8' or 'avc1.42001E', and `description` where the codec has one
 * @param options the form of the tensors (`size`, `crop`, …), and pacing; with `read: false` the pictures are not made into tensors, see {@link UnreadOptions}
 * @throws when an argument is wrong; as error notifications, where there is no `VideoDecoder`, it does not know the codec, or a chunk is damaged, and what the iterable throws
 * @example
 * ```ts browser
 * import { decodedFrames } from 'rxtensor/vision';
 * const chunks: EncodedVideoChunk[] = []; // a film, made here
 * const encoder = new VideoEncoder({ output: (chunk) => chunks.push(chunk), error: console.error });
 * encoder.configure({ codec: 'vp8', width: 64, height: 48 });
 * const canvas = new OffscreenCanvas(64, 48);
 * canvas.getContext('2d')!.fillRect(8, 8, 16, 16);
 * for (const timestamp of [0, 40_000]) {
 *   const frame = new VideoFrame(canvas, { timestamp });
 *   encoder.encode(frame);
 *   frame.close();
 * }
 * await encoder.flush();
 * decodedFrames(chunks, { codec: 'vp8' }).subscribe((frame) => console.log(frame.shape)); // [48, 64, 3], twice
 * ```
 */
export function decodedFrames(
  chunks: AsyncIterable<EncodedVideoChunk> | Iterable<EncodedVideoChunk>,
  config: VideoDecoderConfig,
  options: UnreadDecodedOptions,
): Observable<UnreadFrame>;
export function decodedFrames(
  chunks: AsyncIterable<EncodedVideoChunk> | Iterable<EncodedVideoChunk>,
  config: VideoDecoderConfig,
  options?: DecodedFramesOptions,
): Observable<Tensor3D>;
export function decodedFrames(
  chunks: AsyncIterable<EncodedVideoChunk> | Iterable<EncodedVideoChunk>,
  config: VideoDecoderConfig,
  options: DecodedFramesOptions | UnreadDecodedOptions = {},
): Observable<Tensor3D | UnreadFrame> {
  const name = 'decodedFrames';
  if (Object(chunks) !== chunks || !(Symbol.asyncIterator in chunks || Symbol.iterator in chunks))
    throw wrongGiven(name, "argument 'chunks'", chunks, 'an iterable of EncodedVideoChunk');
  if (typeof (config as Partial<VideoDecoderConfig> | null | undefined)?.codec !== 'string')
    throw wrongGiven(name, "argument 'config'", config, "a configuration with a codec, as { codec: 'vp8' }");
  /** `take` makes a value of a frame, and closes it or hands it on; `release` is called at the end. */
  const framesBy = <T>(take: (frame: VideoFrame) => T, release: () => void): Observable<T> =>
    pulled(
      name,
      () => {
        const film = decodingOf(name, chunks, config);
        const timeOfFrame = frameClock();
        let time: FrameTime | null = null;
        return {
          when: 'later',
          origin: () => ({ time }),
          next: async () => {
            const item = await film.next();
            if (item.done) return item;
            time = timeOfFrame(item.value);
            return { done: false, value: take(item.value) };
          },
          close: () => {
            film.close();
            release();
          },
        };
      },
      options,
    );
  if (isUnread(name, options, {}, pullOptions))
    return unread(name, ({ take, release }) => framesBy(take, release));
  return framesBy(
    (frame) => pictureOf(name, 'a frame', frame, options),
    () => undefined,
  );
}
