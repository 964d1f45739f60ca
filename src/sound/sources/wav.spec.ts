import fc from 'fast-check';
import { lastValueFrom, map, toArray, type Observable } from 'rxjs';
import * as dl from 'rxtensor';
import { wav, type WavOptions } from 'rxtensor/sound';
import { timeOf } from 'rxtensor/vision';
import { canResample, resampler, STOP_BAND_DECIBELS } from './resampler';
import { wavReader } from './wav-format';

interface Recording {
  readonly kind?: number;
  readonly bits: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly isExtensible?: boolean;
  /** The size that the head claims of the samples. */
  readonly size?: number;
}

const ascii = (text: string): number[] => Array.from(text, (each) => each.charCodeAt(0));
const little = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);

/** A WAV file of samples that are bytes already, with a chunk of an odd length before them. */
function file(
  { kind = 1, bits, channels = 1, sampleRate = 8000, isExtensible, size }: Recording,
  data: number[],
): Uint8Array {
  const block = (channels * bits) / 8;
  const format = [
    ...little(isExtensible ? 0xfffe : kind, 2),
    ...little(channels, 2),
    ...little(sampleRate, 4),
    ...little(sampleRate * block, 4),
    ...little(block, 2),
    ...little(bits, 2),
    ...(isExtensible
      ? [
          22,
          0,
          ...little(bits, 2),
          0,
          0,
          0,
          0,
          ...little(kind, 2),
          0,
          0,
          0,
          0,
          16,
          0,
          128,
          0,
          0,
          170,
          0,
          56,
          155,
          113,
        ]
      : []),
  ];
  const chunks = [
    ...[...ascii('fmt '), ...little(format.length, 4), ...format],
    ...[...ascii('LIST'), ...little(3, 4), 1, 2, 3, 0],
    ...[...ascii('data'), ...little(size ?? data.length, 4), ...data],
  ];
  return new Uint8Array([...ascii('RIFF'), ...little(4 + chunks.length, 4), ...ascii('WAVE'), ...chunks]);
}

const bytesOf = (array: Float32Array | Float64Array | Int16Array | Int32Array): number[] => [
  ...new Uint8Array(array.buffer),
];

/** All values, chunk by chunk. */
async function samplesOf(stream: Observable<dl.Tensor>): Promise<number[][]> {
  const chunks = await lastValueFrom(stream.pipe(dl.download(), toArray()));
  return chunks.map((chunk) => [...(chunk as unknown as Float32Array)]);
}

describe('wav', () => {
  it('reads integers and floats of all sizes', async () => {
    const values = [0, 0.5, -1, -0.25];
    const integers = (bits: number): number[] =>
      values.flatMap((v) =>
        little(bits === 8 ? 128 + v * 128 : (v * 2 ** (bits - 1) + 2 ** bits) % 2 ** bits, bits / 8),
      );
    const files = [
      ...[8, 16, 24, 32].map((bits) => file({ bits }, integers(bits))),
      ...[8, 16, 24, 32].map((bits) => file({ bits, isExtensible: true }, integers(bits))),
      file({ kind: 3, bits: 32 }, bytesOf(Float32Array.from(values))),
      file({ kind: 3, bits: 64 }, bytesOf(Float64Array.from(values))),
      file({ kind: 3, bits: 64, isExtensible: true }, bytesOf(Float64Array.from(values))),
      // Whoever wrote it did not know its length.
      file({ bits: 16, size: 0xffffffff }, integers(16)),
    ];
    for (const each of files) expect(await samplesOf(wav(each))).toEqual([values]);
    expect(await samplesOf(wav(new Blob([files[1] as Uint8Array<ArrayBuffer>])))).toEqual([values]);
  });

  it('reads to the end where a pipe or a recorder left the size open, and nothing of an empty file', async () => {
    const data = bytesOf(Int16Array.of(16384, -16384));
    const sized = (size: number, whole: number): Uint8Array => {
      const bytes = file({ bits: 16, size }, data);
      bytes.set(little(whole, 4), 4);
      return bytes;
    };
    // FFmpeg, SoX and eSpeak, and a recorder that was stopped.
    for (const [size, whole] of [
      [0xffff_ffff, 0xffff_ffff],
      [0x7fff_f000, 0x7fff_f024],
      [0, 0],
    ] as const)
      expect(await samplesOf(wav(sized(size, whole)))).toEqual([[0.5, -0.5]]);
    expect(await samplesOf(wav(sized(0, 48)))).toEqual([]);
  });

  it('makes chunks, with the time of their first sample, and mixes channels', async () => {
    const stereo = file(
      { bits: 16, channels: 2 },
      bytesOf(Int16Array.from({ length: 20 }, (_, i) => 1024 * i)),
    );
    const mono = await samplesOf(wav(stereo, { chunk: 4 }));
    expect(mono.map((chunk) => chunk.map((v) => v * 64))).toEqual([
      [1, 5, 9, 13],
      [17, 21, 25, 29],
      [33, 37],
    ]);
    const times = await lastValueFrom(
      wav(stereo, { chunk: 4 }).pipe(
        map(() => timeOf()!.media),
        toArray(),
      ),
    );
    expect(times).toEqual([0, 4 / 8000, 8 / 8000]);
    const all = await lastValueFrom(
      wav(stereo, { channels: 'all' }).pipe(
        map((x) => [x.shape, x.max().dataSync()[0]]),
        toArray(),
      ),
    );
    expect(all).toEqual([[[2, 10], (1024 * 19) / 32768]]);
  });

  it('reads a stream byte by byte', async () => {
    const bytes = file({ bits: 16 }, bytesOf(Int16Array.from([1024, -2048, 4096])));
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const each of bytes) controller.enqueue(new Uint8Array([each]));
        controller.close();
      },
    });
    expect(await samplesOf(wav(stream))).toEqual([[1 / 32, -1 / 16, 1 / 8]]);
  });

  it('changes the sampling rate', async () => {
    const tone = Int16Array.from(
      { length: 8000 },
      (_, i) => 16384 * Math.sin((2 * Math.PI * 440 * i) / 8000),
    );
    const chunks = await samplesOf(
      wav(file({ bits: 16 }, bytesOf(tone)), { sampleRate: 16000, chunk: 1000 }),
    );
    expect(chunks.length).toBe(16);
    const found = chunks.flat();
    for (let i = 500; i < 15500; i++)
      expect(Math.abs(found[i]! - 0.5 * Math.sin((2 * Math.PI * 440 * i) / 16000))).toBeLessThan(2e-4);
  });

  it('says what is wrong with a file', async () => {
    const fails = async (bytes: Uint8Array, message: RegExp, options: WavOptions = {}): Promise<void> =>
      expectAsync(samplesOf(wav(bytes, options))).toBeRejectedWithError(message);
    await fails(
      new Uint8Array([73, 68, 51, 4, 0, 0, 0, 0, 0, 0, 0, 0]),
      /^wav: .* begins with other bytes than RIFF … WAVE/,
    );
    await fails(new Uint8Array(3), /^wav: .* ends in its head, before any samples; wanted a complete file/);
    await fails(
      file({ bits: 4 }, [1]),
      /has samples of format 1 and 4 bits; wanted integers \(format 1\) of 8, 16, 24 or 32/,
    );
    await fails(file({ kind: 6, bits: 8 }, [1]), /has samples of format 6 and 8 bits; .* ffmpeg/);
    await fails(file({ bits: 16, channels: 0 }, [1, 0]), /has 0 channels; wanted 1 to 64/);
    await fails(file({ bits: 16, sampleRate: 0 }, [1, 0]), /has a sampling rate of 0 Hz/);
    await fails(file({ bits: 16, size: 4e9 }, [1, 0]), /ends in its samples, with 39\d+ bytes to come/);
    await fails(file({ bits: 16 }, [1, 0]), /option 'sampleRate' is 99991 for sound of 8000 Hz/, {
      sampleRate: 99991,
    });
    await fails(
      new Uint8Array([...ascii('RIFF'), 0, 0, 0, 0, ...ascii('WAVEdata'), 4, 0, 0, 0, 1, 2, 3, 4]),
      /has samples before their format/,
    );
    await fails(
      new Uint8Array([...ascii('RIFF'), 0, 0, 0, 0, ...ascii('WAVEfmt '), 0, 0, 0, 240]),
      /has a format of 4026531840 bytes; wanted at most 64/,
    );
  });

  it('stores nothing that a hostile file claims, and fails with an error of its own only', () => {
    const sound = file(
      { bits: 24, channels: 2, isExtensible: true },
      Array.from({ length: 60 }, (_, i) => i),
    );
    const changes = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 40 }), (list, piece) => {
        const bytes = sound.slice();
        for (const [at, value] of list) bytes[at] = value;
        const reader = wavReader('wav', 'a file');
        let count = 0;
        try {
          for (let at = 0; at < bytes.length; at += piece)
            count += reader.push(bytes.slice(at, at + piece))?.length ?? 0;
          reader.end();
        } catch (error) {
          expect(String(error)).toMatch(/^Error: wav: a file /);
        }
        expect(count).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

describe('resampler', () => {
  const PIECE = 997;
  /** The tone, resampled in pieces. */
  function changed(from: number, to: number, frequency: number, seconds = 0.5): Float32Array {
    const changer = resampler(from, to);
    const tone = Float32Array.from({ length: from * seconds }, (_, i) =>
      Math.sin((2 * Math.PI * frequency * i) / from),
    );
    const parts: number[] = [];
    for (let at = 0; at < tone.length; at += PIECE)
      parts.push(...changer.push(tone.subarray(at, at + PIECE)));
    return Float32Array.from([...parts, ...changer.end()]);
  }
  /** The root of the mean square of the middle, in dB of a tone's. */
  const level = (x: Float32Array): number => {
    const middle = x.subarray(x.length / 4, (3 * x.length) / 4);
    return 10 * Math.log10(middle.reduce((sum, v) => sum + v * v, 0) / middle.length / 0.5);
  };

  it('weakens tones above half of the lower rate by what is promised, and no others', () => {
    for (const [from, to] of [
      [48000, 16000],
      [44100, 16000],
      [44100, 48000],
      [16000, 44100],
      [22050, 16000],
    ] as const) {
      const nyquist = Math.min(from, to) / 2;
      expect(changed(from, to, 440).length).toBe(to * 0.5);
      expect(Math.abs(level(changed(from, to, 440)))).toBeLessThan(0.01);
      expect(Math.abs(level(changed(from, to, 0.89 * nyquist)))).toBeLessThan(0.01);
      if (from < to) continue;
      for (const part of [1.001, 1.05, 1.2])
        expect(level(changed(from, to, part * nyquist)))
          .withContext(`${from} to ${to}, ${part}`)
          .toBeLessThan(-STOP_BAND_DECIBELS);
    }
    // The images of what is raised, too: all but the tone itself.
    const raised = changed(16000, 48000, 7000);
    const rest = raised.map((v, i) => v - Math.sin((2 * Math.PI * 7000 * i) / 48000));
    expect(level(rest)).toBeLessThan(-STOP_BAND_DECIBELS);
  });

  it('keeps time, and the signal where rates are equal', () => {
    const found = changed(44100, 16000, 300);
    for (let n = 400; n < 7600; n++)
      expect(Math.abs(found[n]! - Math.sin((2 * Math.PI * 300 * n) / 16000))).toBeLessThan(1e-3);
    const same = resampler(8000, 8000);
    expect([...same.push(Float32Array.of(1, 2)), ...same.end()]).toEqual([1, 2]);
    expect(canResample(44100, 16000)).toBeTrue();
    expect(canResample(44100, 47999)).toBeFalse();
  });

  it('knows the rates that are in use, and makes no table of any size for a rate that a file claims', () => {
    const rates = [8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 176400, 192000];
    for (const from of rates)
      for (const to of rates) expect(canResample(from, to)).withContext(`${from} to ${to}`).toBeTrue();
    // 4,000 filters of 5,000 weights.
    expect(canResample(767_996, 16000)).toBeFalse();
    expect(canResample(768_000, 1)).toBeFalse();
  });
});
