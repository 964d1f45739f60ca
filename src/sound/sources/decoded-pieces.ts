import { openFile, type FileSource } from '../../files/file';
import { nameOfFile } from '../../streams/sources/fetched-file';
import { joinedBytes } from '../../tensor/joined-bytes';
import { bytesOf, wavPieces, type SamplePiece } from './sample-pieces';

/** The samples of a piece. */
const PIECE = 16_384;
/** The rate at which the browser decodes: the one of most recordings and all of Opus. */
const DECODING_RATE = 48_000;

/** What {@link bufferPieces} reads of an `AudioBuffer`. */
export type AudioBufferLike = Pick<
  AudioBuffer,
  'sampleRate' | 'length' | 'numberOfChannels' | 'getChannelData'
>;

/** Sound in memory, piece by piece. */
// eslint-disable-next-line @typescript-eslint/require-await -- pieces are asked for as those of files are
export async function* bufferPieces(buffer: AudioBufferLike): AsyncGenerator<SamplePiece, void, undefined> {
  const { sampleRate: rate, length, numberOfChannels } = buffer;
  const all = Array.from({ length: numberOfChannels }, (_, c) => buffer.getChannelData(c));
  for (let at = 0; at < length; at += PIECE)
    yield { rate, channels: all.map((samples) => samples.subarray(at, at + PIECE)) };
}

/** The samples of a file: a WAV file as its bytes come, any other as the browser decodes it, which takes the whole file. */
export async function* filePieces(
  name: string,
  source: FileSource,
  signal: AbortSignal,
): AsyncGenerator<SamplePiece, void, undefined> {
  const { stream } = await openFile(source, { operator: name, signal });
  const bytes = bytesOf(name, source, stream);
  const file = nameOfFile(source);
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 12) {
    const { done, value } = await bytes.next();
    if (done) break;
    head = joinedBytes([head, value]);
  }
  if (textAt(head, 0) === 'RIFF' && textAt(head, 8) === 'WAVE')
    yield* wavPieces(
      name,
      file,
      (async function* () {
        yield head;
        yield* bytes;
      })(),
    );
  else yield* bufferPieces(await decoded(name, source, head, bytes));
}

const textAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

async function decoded(
  name: string,
  source: FileSource,
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): Promise<AudioBuffer> {
  const file = nameOfFile(source);
  if (typeof OfflineAudioContext !== 'function')
    throw new Error(
      `${name}: ${file} is no WAV file, and only pages of a browser decode others; wanted a page, or a WAV file: convert it, as by ffmpeg -i FILE OUT.wav`,
    );
  const all = [head];
  for await (const bytes of rest) all.push(bytes);
  const context = new OfflineAudioContext(1, 1, DECODING_RATE);
  try {
    return await context.decodeAudioData(joinedBytes(all).slice().buffer);
  } catch (cause) {
    throw new Error(
      `${name}: ${file} cannot be decoded by this browser; wanted WAV, MP3, AAC, FLAC, or Opus or Vorbis where it knows them (${String(cause)})`,
      { cause },
    );
  }
}
