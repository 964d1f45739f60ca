import type { Observable } from 'rxjs';
import { wrongGiven } from '../../streams/checks/arguments';
import { itemsOf } from '../../streams/pulling/items';
import { pulled, pullOptions, type PullOptions } from '../../streams/pulling/pull';
import type { FrameTime } from '../../streams/trail';
import { pixelOptions, type PixelOptions } from '../../tensor/ops/pixel-options';
import { assertOptionValues } from '../../tensor/options';
import type { Tensor3D } from '../../tensor/tensor';
import { frameClock, pictureOf } from './video-frame-reading';

/** The options of {@link decodedFrames}. */
export interface DecodedFramesOptions extends PullOptions, PixelOptions {}

/** How many chunks the decoder may have at once, so that it works while the frames before are in use. */
const AHEAD = 4;

/**
 * A source of every picture of a film, in order, decoded by the browser's `VideoDecoder` (WebCodecs) from chunks that the program takes from its container. Nothing is dropped:
 * chunks are asked for as far as there is room, so the film runs as fast as the work on it. It runs in pages and in workers.
 *
 * @param chunks `EncodedVideoChunk`s, the first one a key frame
 * @param config `codec`, as 'vp8' or 'avc1.42001E', and `description` where the codec has one
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
  options: DecodedFramesOptions = {},
): Observable<Tensor3D> {
  const name = 'decodedFrames';
  if (Object(chunks) !== chunks || !(Symbol.asyncIterator in chunks || Symbol.iterator in chunks))
    throw wrongGiven(name, "argument 'chunks'", chunks, 'an iterable of EncodedVideoChunk');
  if (typeof (config as Partial<VideoDecoderConfig> | null | undefined)?.codec !== 'string')
    throw wrongGiven(name, "argument 'config'", config, "a configuration with a codec, as { codec: 'vp8' }");
  assertOptionValues<PixelOptions>(name, options, pixelOptions, { ...pixelOptions, ...pullOptions });
  return pulled(
    name,
    () => {
      const frames = decoded(name, chunks, config);
      const items = itemsOf(frames);
      const timeOfFrame = frameClock();
      let time: FrameTime | null = null;
      return {
        ...items,
        origin: () => ({ time }),
        next: async () => {
          const item = (await items.next()) as IteratorResult<VideoFrame, undefined>;
          if (item.done) return item;
          time = timeOfFrame(item.value);
          return { done: false, value: pictureOf(name, 'a frame', item.value, options) };
        },
      };
    },
    options,
  );
}

/** The frames of chunks. Whoever takes one closes it; the others are closed at the end. */
async function* decoded(
  name: string,
  chunks: AsyncIterable<EncodedVideoChunk> | Iterable<EncodedVideoChunk>,
  config: VideoDecoderConfig,
): AsyncGenerator<VideoFrame, undefined> {
  if (typeof VideoDecoder !== 'function')
    throw new Error(
      `${name}: this browser decodes no chunks; wanted WebCodecs, in a page by HTTPS, or videoFile()`,
    );
  const { supported } = await VideoDecoder.isConfigSupported(config);
  if (!supported)
    throw new Error(
      `${name}: this browser does not decode '${config.codec}'; wanted a codec that it knows, as 'vp8'`,
    );
  const frames: VideoFrame[] = [];
  const undecoded = (cause: unknown): Error =>
    new Error(`${name}: the film cannot be decoded (${String(cause)})`, { cause });
  let failure: Error | null = null;
  let wake = (): void => undefined;
  const decoder = new VideoDecoder({
    output: (frame) => {
      frames.push(frame);
      wake();
    },
    error: (cause) => {
      failure = undecoded(cause);
      wake();
    },
  });
  decoder.addEventListener('dequeue', () => wake());
  const assertDecodes = (): void => {
    if (failure) throw failure;
  };
  const decode = (chunk: EncodedVideoChunk): void => {
    try {
      decoder.decode(chunk);
    } catch (cause) {
      throw undecoded(cause);
    }
  };
  try {
    decoder.configure(config);
    for await (const chunk of chunks) {
      assertDecodes();
      decode(chunk);
      while (frames.length === 0 && decoder.decodeQueueSize >= AHEAD && !failure)
        await new Promise<void>((resolve) => (wake = resolve));
      while (frames.length > 0) yield frames.shift()!;
    }
    assertDecodes();
    await decoder.flush().catch((error: unknown) => {
      throw failure ?? undecoded(error);
    });
    while (frames.length > 0) yield frames.shift()!;
    return undefined;
  } finally {
    for (const frame of frames) frame.close();
    if (decoder.state !== 'closed') decoder.close();
  }
}
