import { lastValueFrom, toArray, type Observable } from 'rxjs';
import * as dl from 'rxtensor';
import { audioFrames, wav } from 'rxtensor/sound';
import { timeOf } from 'rxtensor/vision';
import { messageOf } from '../../../test/support/opened-sound';

const valuesOf = async (stream: Observable<dl.Tensor>): Promise<number[][]> =>
  (await lastValueFrom(stream.pipe(dl.download(), toArray()))).map((frame) => [
    ...(frame as unknown as Float32Array),
  ]);

/** Sound in memory, as an AudioBuffer has it. */
function buffer(length: number, channels = 1, sampleRate = 8000) {
  const all = Array.from({ length: channels }, (_, c) =>
    Float32Array.from({ length }, (_value, i) => Math.sin(0.05 * (c + 1) * i) / 2),
  );
  return { length, sampleRate, numberOfChannels: channels, getChannelData: (c: number) => all[c]! };
}

/** The same as a WAV file of floats. */
function fileOf({
  length,
  sampleRate,
  numberOfChannels,
  getChannelData,
}: ReturnType<typeof buffer>): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(44 + 4 * length * numberOfChannels);
  const view = new DataView(data.buffer);
  const text = (at: number, letters: string): void =>
    data.set(
      Array.from(letters, (each) => each.charCodeAt(0)),
      at,
    );
  text(0, 'RIFF');
  view.setUint32(4, data.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 3, true);
  view.setUint16(22, numberOfChannels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 4 * sampleRate * numberOfChannels, true);
  view.setUint16(32, 4 * numberOfChannels, true);
  view.setUint16(34, 32, true);
  text(36, 'data');
  view.setUint32(40, data.length - 44, true);
  for (let i = 0; i < length; i++)
    for (let c = 0; c < numberOfChannels; c++)
      view.setFloat32(44 + 4 * (i * numberOfChannels + c), getChannelData(c)[i]!, true);
  return data;
}

describe('audioFrames', () => {
  it('cuts sound in memory into frames that overlap, anew for each subscription', async () => {
    const sound = buffer(40_000);
    const samples = [...sound.getChannelData(0)];
    const frames = audioFrames(sound, { frame: 1000, hop: 250 });
    for (let i = 0; i < 2; i++) {
      const found = await valuesOf(frames);
      expect(found.length).toBe(157);
      found.forEach((frame, n) => expect(frame).toEqual(samples.slice(250 * n, 250 * n + 1000)));
    }
    const times: number[] = [];
    await frames.forEach(() => times.push(timeOf()!.media));
    expect(times).toEqual(Array.from({ length: 157 }, (_, n) => (250 * n) / 8000));
  });

  it('fills up the end where that is wanted', async () => {
    const sound = buffer(10);
    const samples = [...sound.getChannelData(0)];
    expect(await valuesOf(audioFrames(sound, { frame: 4 }))).toEqual([
      samples.slice(0, 4),
      samples.slice(4, 8),
    ]);
    expect(await valuesOf(audioFrames(sound, { frame: 4, padEnd: true }))).toEqual([
      samples.slice(0, 4),
      samples.slice(4, 8),
      [...samples.slice(8), 0, 0],
    ]);
    expect(await valuesOf(audioFrames(buffer(0), { padEnd: true }).pipe(dl.mapTensor((x) => x)))).toEqual([]);
  });

  it('resamples and mixes as wav() does, from memory and from a file', async () => {
    const sound = buffer(9000, 2);
    const file = fileOf(sound);
    for (const channels of ['mono', 'all'] as const) {
      const wanted = await valuesOf(wav(file, { sampleRate: 11025, channels, chunk: 500 }));
      const options = { sampleRate: 11025, channels, frame: 500 };
      for (const source of [sound, file, new Blob([file]), new Response(file)]) {
        const found = await valuesOf(audioFrames(source, options));
        expect(found.length).toBe(24);
        expect(found).toEqual(wanted.slice(0, 24));
      }
    }
  });

  it('reads no more of a file than there is room for', async () => {
    const file = fileOf(buffer(100_000));
    let given = 0;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => controller.enqueue(file.subarray(given, (given += 1000))),
      },
      { highWaterMark: 0 },
    );
    let seen = 0;
    await new Promise<void>((resolve) => {
      const subscription = audioFrames(stream, { frame: 100, inFlight: 1 }).subscribe(() => {
        if (++seen < 3) return;
        subscription.unsubscribe();
        resolve();
      });
    });
    expect(given).toBeLessThanOrEqual(4000);
  });

  it('names a file that it cannot read', async () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
    const message = await messageOf(audioFrames(bytes));
    expect(message).toMatch(
      typeof OfflineAudioContext === 'function'
        ? /^audioFrames: the data cannot be decoded by this browser; wanted WAV, MP3/
        : /^audioFrames: the data is no WAV file, and only pages of a browser decode others; wanted a page/,
    );
    const short = await messageOf(audioFrames(fileOf(buffer(100)).subarray(0, 300)));
    expect(short).toMatch(
      /^audioFrames: the data ends in its samples, with 144 bytes to come; wanted a complete file/,
    );
    expect(await messageOf(audioFrames(buffer(10), { sampleRate: 7919 * 7907 }))).toMatch(
      /^audioFrames: option 'sampleRate' is \d+ for sound of 8000 Hz; wanted a rate/,
    );
  });

  it('refuses what is no sound at once', () => {
    for (const source of [3, null, '', {}, []])
      expect(() => audioFrames(source as never)).toThrowError(
        /^audioFrames: argument 'source' is .*; wanted a media element, a MediaStream, an AudioBuffer, a file/,
      );
  });
});
