/** RIFF/WAVE ("Multimedia Programming Interface and Data Specifications 1.0", IBM and Microsoft 1991; WAVE_FORMAT_EXTENSIBLE, Microsoft 2001). */
import { joinedBytes } from '../../tensor/joined-bytes';

/** What the head of a file says. */
export interface WavHead {
  readonly channels: number;
  readonly sampleRate: number;
  /** The bytes of one sample of all channels. */
  readonly blockBytes: number;
  /** Reads the samples of the channels in their order, from −1 to 1. */
  readonly read: (bytes: Uint8Array) => Float32Array;
}

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const HEAD_BYTES = 12;
/** A chunk of the format is 16, 18 or 40 bytes long. More are not stored. */
const MOST_FORMAT_BYTES = 64;
const MOST_CHANNELS = 64;
const MOST_RATE = 768_000;
/** The sizes that programs write into a pipe, before they know the size: FFmpeg's, and that of SoX (MS_UNSPEC) and eSpeak. */
const UNKNOWN: readonly number[] = [0xffff_ffff, 0x7fff_f000];

type ReadOne = (view: DataView, at: number) => number;
/** By kind and bits: how one sample is read. */
const readers: Readonly<Record<string, ReadOne>> = {
  [`${PCM} 8`]: (view, at) => (view.getUint8(at) - 128) / 2 ** 7,
  [`${PCM} 16`]: (view, at) => view.getInt16(at, true) / 2 ** 15,
  [`${PCM} 24`]: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23,
  [`${PCM} 32`]: (view, at) => view.getInt32(at, true) / 2 ** 31,
  [`${FLOAT} 32`]: (view, at) => view.getFloat32(at, true),
  [`${FLOAT} 64`]: (view, at) => view.getFloat64(at, true),
};

const textAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function readFormat(bytes: Uint8Array, wav: string): WavHead {
  const wrong = (found: string, wanted: string): Error => new Error(`${wav} has ${found}; wanted ${wanted}`);
  if (bytes.length < 16) throw wrong(`a format of ${bytes.length} bytes`, '16 or more');
  const view = viewOf(bytes);
  let kind = view.getUint16(0, true);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const blockBytes = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  if (kind === EXTENSIBLE) {
    if (bytes.length < 26) throw wrong(`an extensible format of ${bytes.length} bytes`, '40');
    // The first two bytes of the GUID.
    kind = view.getUint16(24, true);
  }
  const readOne = readers[`${kind} ${bits}`];
  if (!readOne)
    throw wrong(
      `samples of format ${kind} and ${bits} bits`,
      'integers (format 1) of 8, 16, 24 or 32 bits, or floats (format 3) of 32 or 64: convert the file, as by ffmpeg -i FILE -c:a pcm_s16le OUT.wav',
    );
  if (channels < 1 || channels > MOST_CHANNELS) throw wrong(`${channels} channels`, `1 to ${MOST_CHANNELS}`);
  if (sampleRate < 1 || sampleRate > MOST_RATE)
    throw wrong(`a sampling rate of ${sampleRate} Hz`, `1 to ${MOST_RATE}`);
  const bytesOfOne = bits / 8;
  if (blockBytes !== channels * bytesOfOne)
    throw wrong(
      `blocks of ${blockBytes} bytes`,
      `${channels * bytesOfOne} for ${channels} channels of ${bits} bits`,
    );
  const read = (data: Uint8Array): Float32Array => {
    const values = viewOf(data);
    return Float32Array.from({ length: data.length / bytesOfOne }, (_, i) => readOne(values, i * bytesOfOne));
  };
  return { channels, sampleRate, blockBytes, read };
}

/** Reads a file as its bytes come. */
export interface WavReader {
  /** Takes further bytes. Returns the samples that are complete, of all channels in turn; null while the head is not complete. */
  readonly push: (bytes: Uint8Array) => Float32Array | null;
  /** Null until it has been read. */
  readonly head: () => WavHead | null;
  /** Whether all samples have been read. */
  readonly isOver: () => boolean;
  /** @throws when the file ended too early */
  readonly end: () => void;
}

/** Makes a reader. It keeps a few bytes at most: what a head claims is never allocated. */
export function wavReader(caller: string, name: string): WavReader {
  /** In messages. */
  const wav = `${caller}: ${name}`;
  let state: 'riff' | 'chunk' | 'format' | 'skip' | 'data' | 'over' = 'riff';
  let waiting: Uint8Array = new Uint8Array(0);
  let head: WavHead | null = null;
  /** The bytes of the chunk that are to come; Infinity where nobody knows. */
  let left = 0;
  let riffBytes = 0;
  const truncated = (what: string): Error =>
    new Error(`${wav} ends in ${what}; wanted a complete file: read or download it again`);

  /** Takes `count` bytes from those that wait, or null while there are too few. */
  const take = (count: number): Uint8Array | null => {
    if (waiting.length < count) return null;
    const taken = waiting.subarray(0, count);
    waiting = waiting.subarray(count);
    return taken;
  };
  const begin = (bytes: Uint8Array): void => {
    if (textAt(bytes, 0) !== 'RIFF' || textAt(bytes, 8) !== 'WAVE')
      throw new Error(
        `${wav} begins with other bytes than RIFF … WAVE; wanted a WAV file: convert it, as by ffmpeg -i FILE OUT.wav`,
      );
    riffBytes = viewOf(bytes).getUint32(4, true);
    state = 'chunk';
  };
  const beginChunk = (bytes: Uint8Array): void => {
    const id = textAt(bytes, 0);
    const size = viewOf(bytes).getUint32(4, true);
    if (id === 'data') {
      if (!head) throw new Error(`${wav} has samples before their format; wanted a chunk 'fmt ' first`);
      // Recorders that fill in the sizes at the end leave 0 for both when they are stopped before; an empty file has a size of its own.
      const isUnknown = UNKNOWN.includes(size) || (size === 0 && riffBytes === 0);
      left = isUnknown ? Infinity : size - (size % head.blockBytes);
      state = 'data';
      return;
    }
    const isFormat = id === 'fmt ' && !head;
    if (isFormat && size > MOST_FORMAT_BYTES)
      throw new Error(`${wav} has a format of ${size} bytes; wanted at most ${MOST_FORMAT_BYTES}`);
    // Chunks begin at even places.
    left = size + (size % 2);
    state = isFormat ? 'format' : 'skip';
  };
  /** Does what can be done with the bytes that wait. False when more are needed. */
  const step = (): boolean => {
    if (state === 'skip') {
      const skipped = Math.min(left, waiting.length);
      waiting = waiting.subarray(skipped);
      left -= skipped;
      if (left > 0) return false;
      state = 'chunk';
      return true;
    }
    const bytes = take(state === 'riff' ? HEAD_BYTES : state === 'chunk' ? 8 : left);
    if (!bytes) return false;
    if (state === 'riff') begin(bytes);
    else if (state === 'chunk') beginChunk(bytes);
    else {
      head = readFormat(bytes, wav);
      state = 'chunk';
    }
    return true;
  };

  return {
    head: () => head,
    isOver: () => state === 'over',
    push: (bytes) => {
      waiting = waiting.length === 0 ? bytes : joinedBytes([waiting, bytes]);
      while (state !== 'data' && state !== 'over') if (!step()) return null;
      if (state === 'over' || !head) return null;
      const usable = Math.min(left, waiting.length - (waiting.length % head.blockBytes));
      const samples = head.read(take(usable)!);
      left -= usable;
      if (left === 0) state = 'over';
      return samples;
    },
    end: () => {
      if (state === 'over' || (state === 'data' && left === Infinity)) return;
      if (state === 'data') throw truncated(`its samples, with ${left} bytes to come`);
      throw truncated('its head, before any samples');
    },
  };
}
