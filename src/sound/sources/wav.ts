import type { Observable } from 'rxjs';
import { openFile, type FileSource } from '../../files/file';
import { pullOptions, type PullOptions } from '../../streams/pulling/pull';
import { nameOfFile } from '../../streams/sources/fetched-file';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import type { Tensor } from '../../tensor/tensor';
import type { Channels } from './channels';
import { bytesOf, framesOfPieces, wavPieces } from './sample-pieces';

/** Options of {@link wav}. */
export interface WavOptions extends PullOptions {
  /** The samples a second that are wanted; those of the file by default. Tones above half of either rate are weakened by 80 dB or more. */
  readonly sampleRate?: number | null;
  /** 'mono', the mean of all channels, as by default, or 'all'. */
  readonly channels?: Channels;
  /** The samples of a chunk; 4096 by default. The last one may be shorter. */
  readonly chunk?: number;
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
  const framing = { frame: chunk, hop: chunk, sampleRate, channels, ending: 'shorter' } as const;
  return framesOfPieces(
    name,
    async function* (signal) {
      const { stream } = await openFile(source, { operator: name, signal });
      yield* wavPieces(name, nameOfFile(source), bytesOf(name, source, stream));
    },
    framing,
    options,
  );
}
