import type { Observable } from 'rxjs';
import { notRead, openFile, type FileSource } from '../../files/file';
import { pulled, pullOptions, type PullOptions } from '../../streams/pulling/pull';
import { nameOfFile } from '../../streams/sources/fetched-file';
import type { FrameTime } from '../../streams/trail';
import { tensor1d, tensor2d } from '../../tensor/ops';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import type { Tensor } from '../../tensor/tensor';
import { canResample, resampler, type Resampler } from './resampler';
import { wavReader, type WavHead } from './wav-format';

/** Options of {@link wav}. */
export interface WavOptions extends PullOptions {
  /** The samples a second that are wanted; those of the file by default. Tones above half of either rate are weakened by 80 dB or more. */
  readonly sampleRate?: number | null;
  /** 'mono', the mean of all channels, as by default, or 'all'. */
  readonly channels?: 'mono' | 'all';
  /** The samples of a chunk; 4096 by default. The last one may be shorter. */
  readonly chunk?: number;
}

/** The samples of each channel. The mean of all of them is one channel. */
function parted(samples: Float32Array, channels: number, isMono: boolean): Float32Array[] {
  const length = samples.length / channels;
  if (channels === 1) return [samples];
  if (isMono) {
    return [
      Float32Array.from({ length }, (_, i) => {
        let sum = 0;
        for (let c = 0; c < channels; c++) sum += samples[i * channels + c]!;
        return sum / channels;
      }),
    ];
  }
  return Array.from({ length: channels }, (_, c) =>
    Float32Array.from({ length }, (_value, i) => samples[i * channels + c]!),
  );
}

/** Collects samples, and gives them back in chunks. */
class Chunks {
  #waiting: Float32Array[] = [];
  constructor(private readonly size: number) {}

  add(channels: readonly Float32Array[]): void {
    this.#waiting = channels.map((samples, c) => {
      const before = this.#waiting[c] ?? new Float32Array(0);
      const joined = new Float32Array(before.length + samples.length);
      joined.set(before);
      joined.set(samples, before.length);
      return joined;
    });
  }

  /** @param isLast whether a shorter one is given too */
  take(isLast: boolean): Float32Array[] | null {
    const length = Math.min(this.size, this.#waiting[0]?.length ?? 0);
    if (length === 0 || (length < this.size && !isLast)) return null;
    const taken = this.#waiting.map((samples) => samples.slice(0, length));
    this.#waiting = this.#waiting.map((samples) => samples.subarray(length));
    return taken;
  }
}

function toTensor(channels: readonly Float32Array[], isMono: boolean): Tensor {
  const [first] = channels as [Float32Array];
  if (isMono) return tensor1d(first);
  const all = new Float32Array(channels.length * first.length);
  channels.forEach((samples, c) => all.set(samples, c * first.length));
  return tensor2d(all, [channels.length, first.length]);
}

/**
 * A source of the samples of a WAV file, in chunks, from −1 to 1: integers of 8, 16, 24 and 32 bits, floats of 32 and 64, also WAVE_FORMAT_EXTENSIBLE. The file is opened
 * anew for each subscription and read as far as there is room, so that it may be of any length; unsubscribing closes it. Every chunk has the time of its first sample
 * (`timeOf` of `rxtensor/vision`).
 *
 * ```text
 *  wav(file)    ----(opening)----chunk--chunk--chunk|
 * ```
 *
 * @param source an address (in Node also a path), a file that a person chose, bytes, a response or a stream of them
 * @returns float32 [samples], or [channels, samples] with `channels: 'all'`
 * @throws when an option is unknown or does not fit; as error notifications, naming the file, when it cannot be read, is no WAV file, has samples of another
 *   format, or ends too early
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { wav } from 'rxtensor/sound';
 * // Four samples of 16 bits at 8 kHz.
 * const head = [...'RIFF', 44, 0, 0, 0, ...'WAVEfmt ', 16, 0, 0, 0, 1, 0, 1, 0, 64, 31, 0, 0, 128, 62, 0, 0, 2, 0, 16, 0, ...'data', 8, 0, 0, 0];
 * const samples = [0, 0, 0, 64, 0, 128, 0, 192];
 * const bytes = new Uint8Array([...head, ...samples].map((each) => (typeof each === 'string' ? each.charCodeAt(0) : each)));
 * wav(bytes).subscribe((chunk) => chunk.print()); // 0, 0.5, -1, -0.5
 * ```
 */
export function wav(source: FileSource, options: WavOptions = {}): Observable<Tensor> {
  const name = 'wav';
  assertOptionValues<Omit<WavOptions, keyof PullOptions>>(
    name,
    options,
    {
      sampleRate: [
        (value) => value === null || (Number.isInteger(value) && (value as number) > 0),
        'a positive integer, or null for that of the file',
      ],
      channels: isOneOf(['mono', 'all']),
      chunk: [(value) => Number.isInteger(value) && (value as number) > 0, 'a positive integer'],
    },
    { ...pullOptions, sampleRate: 1, channels: 1, chunk: 1 },
  );
  const { sampleRate = null, channels = 'mono', chunk = 4096 } = options;
  const isMono = channels === 'mono';

  return pulled<Tensor>(
    name,
    () => {
      const controller = new AbortController();
      const reader = wavReader(nameOfFile(source));
      const chunks = new Chunks(chunk);
      let stream: ReadableStreamDefaultReader<Uint8Array> | null = null;
      let changers: Resampler[] | null = null;
      let isOver = false;
      let rate = 1;
      let emitted = 0;
      let time: FrameTime | null = null;

      const begin = (head: WavHead): Resampler[] => {
        rate = sampleRate ?? head.sampleRate;
        if (!canResample(head.sampleRate, rate))
          throw new Error(
            `${name}: option 'sampleRate' is ${rate} for a file of ${head.sampleRate} Hz; wanted a rate whose ratio to it has smaller terms, as 16000`,
          );
        return Array.from({ length: isMono ? 1 : head.channels }, () => resampler(head.sampleRate, rate));
      };
      const read = async (): Promise<void> => {
        stream ??= (await openFile(source, { operator: name, signal: controller.signal })).stream.getReader();
        let bytes: ReadableStreamReadResult<Uint8Array>;
        try {
          bytes = await stream.read();
        } catch (cause) {
          throw notRead(name, source, cause);
        }
        if (bytes.done) {
          reader.end();
          isOver = true;
        } else {
          const samples = reader.push(bytes.value);
          const head = reader.head();
          if (samples && head) {
            changers ??= begin(head);
            const parts = parted(samples, head.channels, isMono);
            chunks.add(parts.map((part, c) => changers![c]!.push(part)));
          }
          isOver = reader.isOver();
        }
        if (isOver) chunks.add((changers ?? []).map((changer) => changer.end()));
      };
      return {
        when: 'later',
        origin: () => ({ time }),
        next: async () => {
          for (;;) {
            const taken = chunks.take(isOver);
            if (taken) {
              time = { media: emitted / rate, capture: Date.now() };
              emitted += taken[0]!.length;
              return { done: false, value: toTensor(taken, isMono) };
            }
            if (isOver) return { done: true, value: undefined };
            await read();
          }
        },
        close: () => controller.abort(),
      };
    },
    options,
  );
}
