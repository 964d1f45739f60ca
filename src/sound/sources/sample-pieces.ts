/** Sources of samples that can wait: files, and sound in memory. */
import type { Observable } from 'rxjs';
import { notRead, type FileSource } from '../../files/file';
import { pulled, type PullOptions } from '../../streams/pulling/pull';
import type { FrameTime } from '../../streams/trail';
import type { Tensor } from '../../tensor/tensor';
import { parted, tensorOf } from './channels';
import { sampleFrames, type SampleFrames, type SampleFraming } from './sample-frames';
import { wavReader } from './wav-format';

/** Samples of all channels, one piece of a sound after the other. All have the same rate. */
export interface SamplePiece {
  readonly rate: number;
  readonly channels: readonly Float32Array[];
}

/**
 * A source of the frames of a sound, whose pieces are asked for as there is room.
 *
 * @param open gives the pieces for one subscription, until the signal aborts
 */
export function framesOfPieces(
  name: string,
  open: (signal: AbortSignal) => AsyncGenerator<SamplePiece, void, undefined>,
  framing: SampleFraming,
  options: PullOptions,
): Observable<Tensor> {
  return pulled<Tensor>(
    name,
    () => {
      const controller = new AbortController();
      const pieces = open(controller.signal);
      let frames: SampleFrames | null = null;
      let isOver = false;
      let time: FrameTime | null = null;
      return {
        when: 'later',
        origin: () => ({ time }),
        next: async () => {
          for (;;) {
            const taken = frames?.take();
            if (frames && taken) {
              time = { media: taken.at / frames.rate, capture: Date.now() };
              return { done: false, value: tensorOf(taken.channels, framing.channels) };
            }
            if (isOver) return { done: true, value: undefined };
            const { done, value } = await pieces.next();
            if (value) {
              frames ??= sampleFrames(name, value.rate, framing);
              frames.push(value.channels);
            }
            if (done) frames?.end();
            isOver = done === true;
          }
        },
        close: () => {
          controller.abort();
          // A piece that is being waited for may fail by the abort.
          pieces.return().catch(() => undefined);
        },
      };
    },
    options,
  );
}

/** The bytes of an open file. @throws (rejects) naming the file, when it cannot be read to its end */
export async function* bytesOf(
  name: string,
  source: FileSource,
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  for (;;) {
    let bytes: ReadableStreamReadResult<Uint8Array>;
    try {
      bytes = await reader.read();
    } catch (cause) {
      throw notRead(name, source, cause);
    }
    if (bytes.done) return;
    yield bytes.value;
  }
}

/**
 * The samples of a WAV file, as its bytes come.
 *
 * @param file its name, for messages
 * @throws (rejects) when it is no WAV file, has samples of another format, or ends too early
 */
export async function* wavPieces(
  name: string,
  file: string,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<SamplePiece, void, undefined> {
  const reader = wavReader(name, file);
  for await (const each of bytes) {
    const samples = reader.push(each);
    const head = reader.head();
    if (samples && head) yield { rate: head.sampleRate, channels: parted(samples, head.channels) };
    if (reader.isOver()) return;
  }
  reader.end();
}
