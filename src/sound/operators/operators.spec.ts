import { concatMap, from, lastValueFrom, map, Subject, toArray, type Observable } from 'rxjs';
import * as dl from 'rxtensor';
import { overlapping, signal, spectrogram, wav, type SpectrogramOptions } from 'rxtensor/sound';
import { timeOf } from 'rxtensor/vision';
import { expectClose } from '../../../test/support/close';
import { numbers } from '../../../test/support/reference';

const next = numbers(7);
const samples = Float32Array.from({ length: 400 }, () => 2 * next() - 1);

/** The samples in chunks of these lengths, again and again. */
function chunksOf(lengths: readonly number[]): Observable<dl.Tensor> {
  const chunks: Float32Array[] = [];
  for (let at = 0, i = 0; at < samples.length; at += lengths[i++ % lengths.length]!)
    chunks.push(samples.slice(at, at + lengths[i % lengths.length]!));
  return dl.examples(chunks as unknown as readonly number[][]).pipe(dl.mapTensor((x) => dl.tensor1d(x)));
}

const read = async (stream: Observable<dl.Tensor>): Promise<number[][]> => {
  const flat = stream.pipe(
    dl.mapTensor((x) => x.flatten()),
    dl.download(),
    toArray(),
  );
  return (await lastValueFrom(flat)).map((each) => Array.from(each as unknown as Float32Array));
};

describe('overlapping', () => {
  it('gives the frames of the whole signal, whatever the chunks', async () => {
    for (const [frame, hop] of [
      [8, 4],
      [5, 3],
      [3, 7],
      [50, 50],
      [400, 1],
    ] as const) {
      const wanted = dl.tidy(() => signal.frame(samples, { frame, hop }).arraySync()) as number[][];
      for (const lengths of [[1], [7, 1, 13], [64], [400]]) {
        expect(await read(chunksOf(lengths).pipe(overlapping({ frame, hop })))).toEqual(wanted);
      }
    }
    expect((await read(chunksOf([30]).pipe(overlapping({ frame: 100 })))).length).toBe(4);
  });

  it('gives every frame the time of its first sample', async () => {
    const data = Array.from({ length: 40 }, (_, i) => i);
    const format = [1, 0, 1, 0, 64, 31, 0, 0, 64, 31, 0, 0, 1, 0, 8, 0];
    const text = (value: string): number[] => Array.from(value, (each) => each.charCodeAt(0));
    const bytes = new Uint8Array([
      ...[...text('RIFF'), 76, 0, 0, 0, ...text('WAVEfmt '), 16, 0, 0, 0, ...format],
      ...[...text('data'), 40, 0, 0, 0, ...data],
    ]);
    const times = await lastValueFrom(
      wav(bytes, { chunk: 7 }).pipe(
        overlapping({ frame: 10, hop: 4, sampleRate: 8000 }),
        map(() => Math.round(timeOf()!.media * 8000)),
        toArray(),
      ),
    );
    expect(times).toEqual([0, 4, 8, 12, 16, 20, 24, 28]);
  });

  it('says which chunk does not fit', async () => {
    const run = (make: readonly (() => dl.Tensor)[]): Promise<unknown> =>
      lastValueFrom(
        from(make).pipe(
          concatMap((each) => dl.examples([0]).pipe(dl.mapTensor(each))),
          overlapping({ frame: 2 }),
        ),
      );
    await expectAsync(run([() => dl.scalar(1)])).toBeRejectedWithError(
      'overlapping: a chunk has shape []; wanted [samples]',
    );
    await expectAsync(run([() => dl.zeros([2, 1]), () => dl.zeros([3, 1])])).toBeRejectedWithError(
      'overlapping: a chunk has shape [3,1]; wanted [2,samples], as in the chunks before it',
    );
    await expectAsync(run([() => dl.zeros([1]), () => dl.zeros([1], 'int32')])).toBeRejectedWithError(
      'overlapping: a chunk is int32; wanted float32, as the chunks before it',
    );
  });
});

describe('spectrogram', () => {
  it('gives what signal gives of the whole signal, to 1e-6', async () => {
    const shared = { frame: 40, hop: 16, center: false } as const;
    const mel = { ...shared, sampleRate: 8000, mels: 8 } as const;
    const cases: readonly (readonly [SpectrogramOptions, () => dl.Tensor])[] = [
      [{ kind: 'complex', frame: 40, hop: 16 }, () => signal.stft(samples, shared)],
      [{ kind: 'complex', frame: 40 }, () => signal.stft(samples, { ...shared, hop: 10 })],
      [
        { kind: 'power', frame: 40, hop: 16, fftLength: 64 },
        () =>
          signal
            .stft(samples, { ...shared, fftLength: 64 })
            .square()
            .sum(-1),
      ],
      [
        { kind: 'magnitude', frame: 40, hop: 16, convention: 'tensorflow' },
        () =>
          signal
            .stft(samples, { ...shared, convention: 'tensorflow' })
            .square()
            .sum(-1)
            .sqrt(),
      ],
      [
        { kind: 'mel', frame: 40, hop: 16, sampleRate: 8000, mels: 8 },
        () => signal.melSpectrogram(samples, mel),
      ],
      [
        { kind: 'logMel', frame: 40, hop: 16, sampleRate: 8000, mels: 8 },
        () => signal.logMel(samples, { ...mel, range: null }),
      ],
      [
        { kind: 'mfcc', frame: 40, hop: 16, sampleRate: 8000, mels: 8, coefficients: 5 },
        () => signal.mfcc(samples, { ...mel, range: null, coefficients: 5 }),
      ],
    ];
    for (const [options, whole] of cases) {
      const found = await read(chunksOf([33, 5]).pipe(spectrogram(options)));
      dl.tidy(() => {
        const wanted = whole();
        expect(found.length).toBe(wanted.shape[0]!);
        // Sums of many logarithms cancel: differences are measured by the greatest value.
        const values = [...wanted.dataSync()];
        const scale = Math.max(...values.map(Math.abs));
        const scaled = (x: readonly number[]): number[] => x.map((v) => v / scale);
        expectClose(scaled(found.flat()), scaled(values), { cpu: 1e-6, webgl: 1e-5 }, options.kind);
      });
    }
  });

  it('keeps a window, filters and cosines as long as a subscription', () => {
    const numbers$ = new Subject<number>();
    const held: number[] = [];
    for (const kind of ['power', 'logMel', 'mfcc'] as const) {
      const before = dl.memory().numTensors;
      const subscription = numbers$
        .pipe(
          dl.mapTensor((x) => dl.fill([40], x) as dl.Tensor),
          spectrogram({ kind, frame: 40, hop: 40, ...(kind !== 'power' && { sampleRate: 8000, mels: 8 }) }),
        )
        .subscribe();
      const counts = [1, 2, 3].map((x) => {
        numbers$.next(x);
        return dl.memory().numTensors - before;
      });
      subscription.unsubscribe();
      expect(new Set(counts).size).withContext(kind).toBe(1);
      held.push(counts[0]!, dl.memory().numTensors - before);
    }
    // Samples and the window; the filters of mels too, and the cosines of cepstra.
    expect(held).toEqual([2, 0, 3, 0, 4, 0]);
  });

  it('checks its options', () => {
    expect(() => spectrogram({ frame: 8, kind: 'mel' })).toThrowError(
      "spectrogram: option 'sampleRate' is missing; wanted a positive number for kind 'mel'",
    );
    expect(() => spectrogram({ frame: 8, center: true } as never)).toThrowError(
      /^spectrogram: there is no option 'center'/,
    );
  });
});
