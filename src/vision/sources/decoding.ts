/** Decodes the chunks of a film (WebCodecs). */
import { itemsOf } from '../../streams/pulling/items';

/** How many chunks the decoder may have at once, so that it works while the frames before are in use. */
const AHEAD = 4;

/** A film that is being decoded. */
export interface Decoding {
  /** The next frame, which the caller closes. @throws (rejects) what the chunks throw, and when they cannot be decoded, after the frames before */
  readonly next: () => Promise<IteratorResult<VideoFrame, undefined>>;
  /** Closes the decoder and the frames that nobody took, and gives back the iterator of the chunks, at once. */
  readonly close: () => void;
}

/** What chunks come from. */
export type Chunks = AsyncIterable<EncodedVideoChunk> | Iterable<EncodedVideoChunk>;

/** Decodes chunks, in order. It begins with the first call of `next`, and asks for chunks as far as there is room. */
export function decodingOf(name: string, chunks: Chunks, config: VideoDecoderConfig): Decoding {
  const items = itemsOf(asynchronous(chunks));
  const frames: VideoFrame[] = [];
  let decoder: VideoDecoder | null = null;
  let failure: unknown = null;
  let state: 'new' | 'running' | 'over' | 'closed' = 'new';

  /** Whoever waits for a frame, for room or for the end. */
  let waiting: (() => void)[] = [];
  const change = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const changed = (): void => {
    const all = waiting;
    waiting = [];
    for (const tell of all) tell();
  };
  const end = (): void => {
    if (state !== 'closed') state = 'over';
    changed();
  };
  const undecoded = (cause: unknown): Error =>
    new Error(`${name}: the film cannot be decoded (${String(cause)})`, { cause });

  const opened = async (): Promise<VideoDecoder> => {
    await assertDecodes(name, config);
    const made = new VideoDecoder({
      output: (frame) => {
        if (state === 'closed') frame.close();
        else frames.push(frame);
        changed();
      },
      error: (cause) => {
        failure ??= undecoded(cause);
        end();
      },
    });
    made.addEventListener('dequeue', changed);
    made.configure(config);
    return made;
  };

  const isRunning = (): boolean => state === 'running';

  const feed = async (): Promise<void> => {
    const made = await opened();
    if (!isRunning()) {
      made.close();
      return;
    }
    decoder = made;
    for (;;) {
      while (isRunning() && (frames.length > 0 || made.decodeQueueSize >= AHEAD)) await change();
      if (!isRunning()) return;
      const item = await items.next();
      if (!isRunning()) return;
      try {
        if (!item.done) made.decode(item.value);
        else {
          await made.flush();
          return;
        }
      } catch (cause) {
        throw undecoded(cause);
      }
    }
  };

  return {
    next: async () => {
      if (state === 'new') {
        state = 'running';
        feed()
          .catch((error: unknown) => (failure ??= error))
          .finally(end);
      }
      while (frames.length === 0 && isRunning()) await change();
      const frame = frames.shift();
      changed();
      if (frame) return { done: false, value: frame };
      if (failure !== null && state !== 'closed') throw failure as Error;
      return { done: true, value: undefined };
    },
    close: () => {
      if (state === 'closed') return;
      const hasBegun = state !== 'new';
      state = 'closed';
      for (const frame of frames.splice(0)) frame.close();
      if (decoder && decoder.state !== 'closed') decoder.close();
      if (hasBegun) items.close();
      changed();
    },
  };
}

const asynchronous = (chunks: Chunks): AsyncIterable<EncodedVideoChunk> =>
  Symbol.asyncIterator in chunks
    ? chunks
    : {
        [Symbol.asyncIterator]: () => {
          const iterator = chunks[Symbol.iterator]();
          return {
            next: () => Promise.resolve(iterator.next()),
            return: () => Promise.resolve(iterator.return?.() ?? { done: true, value: undefined }),
          };
        },
      };

/** @throws (rejects) where there is no decoder, or it does not know the codec */
async function assertDecodes(name: string, config: VideoDecoderConfig): Promise<void> {
  if (typeof VideoDecoder !== 'function')
    throw new Error(
      `${name}: this browser decodes no chunks; wanted WebCodecs, in a page by HTTPS, or videoFile()`,
    );
  const { supported } = await VideoDecoder.isConfigSupported(config);
  if (!supported)
    throw new Error(
      `${name}: this browser does not decode '${config.codec}'; wanted a codec that it knows, as 'vp8'`,
    );
}
