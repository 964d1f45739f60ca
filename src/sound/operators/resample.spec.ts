import { concat, lastValueFrom, map, toArray, type Observable } from 'rxjs';
import * as dl from 'rxtensor';
import { resample, wav } from 'rxtensor/sound';
import { timeOf } from 'rxtensor/vision';
import { withTimes } from '../../../test/support/timed-values';
import { expectClose } from '../../../test/support/close';
import { wavFile } from '../../../test/support/wav-file';

const tone = (length: number, frequency: number, rate: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / rate));

/** The samples in chunks, in their time. */
const inChunks = (samples: Float32Array, length: number, rate: number): Observable<dl.Tensor> => {
  const parts = Array.from({ length: Math.ceil(samples.length / length) }, (_, i) =>
    samples.slice(i * length, (i + 1) * length),
  );
  return withTimes(parts, length / rate).pipe(dl.mapTensor((part) => dl.tensor1d(part) as dl.Tensor));
};

const read = async (stream: Observable<dl.Tensor>): Promise<number[]> =>
  (await lastValueFrom(stream.pipe(dl.download(), toArray()))).flatMap((each) =>
    Array.from(each as unknown as Float32Array),
  );

describe('resample', () => {
  it('gives what wav gives of the same samples at that rate', async () => {
    const samples = tone(3000, 440, 22050);
    const wanted = await read(wav(wavFile(samples, 22050), { sampleRate: 16000 }));
    for (const length of [100, 1024, 3000])
      expectClose(
        await read(inChunks(samples, length, 22050).pipe(resample({ from: 22050, to: 16000 }))),
        wanted,
        1e-6,
      );
    expect(wanted.length).toBe(Math.ceil((3000 * 16000) / 22050));
  });

  it('leaves the same rate as it is, and takes several channels', async () => {
    const samples = tone(50, 1000, 8000);
    expect(await read(inChunks(samples, 20, 8000).pipe(resample({ from: 8000, to: 8000 })))).toEqual([
      ...samples,
    ]);
    const both = inChunks(samples, 25, 8000).pipe(dl.mapTensor((x): dl.Tensor => dl.stack([x, dl.neg(x)])));
    const shapes = await lastValueFrom(
      both.pipe(
        resample({ from: 8000, to: 16000 }),
        dl.mapTensor((x) =>
          dl
            .add(x.slice([0, 0], [1, x.shape[1]!]), x.slice([1, 0], [1, x.shape[1]!]))
            .abs()
            .max(),
        ),
        dl.download(),
        toArray(),
      ),
    );
    expect(Math.max(...shapes)).toBe(0);
  });

  it('gives every chunk the time of its first sample', async () => {
    const samples = tone(4000, 300, 8000);
    const times = await lastValueFrom(
      inChunks(samples, 1000, 8000).pipe(
        resample({ from: 8000, to: 4000 }),
        map((chunk) => [Math.round(4000 * timeOf()!.media), chunk.size]),
        toArray(),
      ),
    );
    let at = 0;
    for (const [first, count] of times) {
      expect(first).toBe(at);
      at += count!;
    }
    expect(at).toBe(2000);
  });

  it('begins anew behind a gap', async () => {
    const samples = tone(2000, 300, 8000);
    const late = withTimes(
      [0, 1, 2, 3, 4, 5].map((i) => i),
      1,
    ).pipe(dl.mapTensor(() => dl.tensor1d(samples) as dl.Tensor));
    // Each chunk lasts a quarter of a second, and the next one comes after a whole one.
    const found = await lastValueFrom(
      late.pipe(
        resample({ from: 8000, to: 4000 }),
        map((chunk) => [timeOf()!.media, chunk.size]),
        toArray(),
      ),
    );
    const sizes = new Map<number, number>();
    for (const [media, size] of found)
      sizes.set(Math.floor(media!), (sizes.get(Math.floor(media!)) ?? 0) + size!);
    expect([...sizes.values()]).toEqual([1000, 1000, 1000, 1000, 1000, 1000]);
  });

  it('says what is wrong', async () => {
    expect(() => resample({ from: 8000 } as never)).toThrowError(
      "resample: option 'to' is missing; wanted a positive integer",
    );
    expect(() => resample({ from: 8000, to: 7919 * 7 })).toThrowError(
      /^resample: option 'to' is 55433 for samples of 8000 Hz; wanted a rate whose ratio/,
    );
    const whole = withTimes([0], 1).pipe(dl.mapTensor(() => dl.zeros([4], 'int32') as dl.Tensor));
    await expectAsync(lastValueFrom(whole.pipe(resample({ from: 8, to: 4 })))).toBeRejectedWithError(
      'resample: a chunk is int32 of shape [4]; wanted float32 of shape [samples] or [channels,samples]',
    );
    const mixed = concat(
      withTimes([0], 1).pipe(dl.mapTensor(() => dl.zeros([4]) as dl.Tensor)),
      dl.examples([1]).pipe(dl.mapTensor(() => dl.zeros([2, 4]) as dl.Tensor)),
    );
    await expectAsync(lastValueFrom(mixed.pipe(resample({ from: 8, to: 4 })))).toBeRejectedWithError(
      'resample: a chunk has shape [2,4]; wanted [samples], as the chunks before it',
    );
  });
});
