import * as dl from 'rxtensor/tensor';
import { signal } from 'rxtensor/sound';
import { expectClose, expectExact } from '../../../test/support/close';
import { gradientErrors } from '../../../test/support/gradient-check';
import known from '../../../test/support/numpy/spectrograms.json';

/** The values of a nested array. */
const flat = (values: unknown): number[] => (values as number[]).flat(9);

describe('signal', () => {
  let tensors: number;
  beforeEach(() => (tensors = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(tensors));

  /** Frees what is found when it has been compared. */
  async function same(found: dl.Tensor, wanted: unknown, tolerance = 2e-5): Promise<void> {
    const values = await found.data();
    expectClose(values, flat(wanted), tolerance);
    found.dispose();
  }
  const { x } = known;

  it('makes the windows of SciPy', async () => {
    for (const { name, length, periodic, values } of known.windows) {
      const make = name === 'hann' ? signal.hannWindow : signal.hammingWindow;
      await same(make(length, { periodic }), values, 1e-6);
    }
    await same(signal.hannWindow(4), [0, 0.5, 1, 0.5], 1e-6);
  });

  it('cuts frames', () => {
    dl.tidy(() => {
      expectExact(signal.frame([1, 2, 3, 4, 5, 6], { frame: 4, hop: 2 }), [
        [1, 2, 3, 4],
        [3, 4, 5, 6],
      ]);
      expectExact(signal.frame([1, 2, 3, 4, 5], { frame: 2, hop: 3, padEnd: true, padValue: 9 }), [
        [1, 2],
        [4, 5],
      ]);
      expectExact(
        signal.frame(
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
          { frame: 3, hop: 2, padEnd: true },
        ),
        [
          [
            [1, 2, 3],
            [3, 0, 0],
          ],
          [
            [4, 5, 6],
            [6, 0, 0],
          ],
        ],
      );
      expect(signal.frame([1, 2], { frame: 3, hop: 1 }).shape).toEqual([0, 3]);
      expect(
        gradientErrors((v) => signal.frame(v, { frame: 3, hop: 2 }).square(), [[1, 2, 3, 4, 5, 6]]),
      ).toEqual([]);
    });
  });

  it('has the short-time transforms of SciPy, librosa and TensorFlow', async () => {
    await same(signal.stft(x, { frame: 16, hop: 4, center: false }), known.scipyStft);
    await same(signal.stft(x, { frame: 20, hop: 8, fftLength: 32 }), known.librosaStft);
    await same(signal.stft(x, { frame: 32, padMode: 'reflect' }), known.librosaReflected);
    await same(signal.stft(x, { frame: 20, hop: 10, convention: 'tensorflow' }), known.tensorflowStft);
    // The same by a window of one's own, and by its options one by one.
    const window = signal.hannWindow(20);
    const options = { frame: 20, hop: 10, fftLength: 32, center: false, windowPlace: 'start' } as const;
    await same(signal.stft(x, { ...options, window }), known.tensorflowStft);
    await same(signal.stft(x, { ...options, window: [...(await window.data())] }), known.tensorflowStft);
    window.dispose();
  });

  it('puts signals together again', async () => {
    const both = [x, x.map((v) => 2 * v)];
    for (const options of [
      { frame: 20, hop: 5 },
      { frame: 20, hop: 8, fftLength: 32 },
      { frame: 16, hop: 8, window: 'hamming' as const },
      { frame: 20, hop: 20, window: null, center: false },
      { frame: 16, hop: 4, window: 'hamming' as const, convention: 'tensorflow' as const, normalized: true },
    ]) {
      const { normalized, ...forward } = options;
      const spectra = signal.stft(both, forward);
      await same(
        signal.inverseStft(spectra, { ...forward, ...(normalized ? { normalized } : {}), length: 100 }),
        both,
      );
      spectra.dispose();
    }
    dl.tidy(() => {
      const spectra = signal.stft(x, { frame: 8, hop: 4 });
      expect(signal.inverseStft(spectra, { frame: 8, hop: 4 }).shape).toEqual([100]);
      expect(signal.inverseStft(spectra, { frame: 8, hop: 4, length: 120 }).shape).toEqual([120]);
      // TensorFlow's adds up windowed frames, and divides by nothing: with the halves of a Hann window and no window they add up to the signal.
      const whole = signal.stft(x, { frame: 8, hop: 4, convention: 'tensorflow' });
      const sum = signal.inverseStft(whole, { frame: 8, hop: 4, convention: 'tensorflow', window: null });
      expectClose(sum.slice([4], [92]), x.slice(4, 96));
    });
  });

  it('has the filters of librosa and TensorFlow', async () => {
    await same(signal.melFilterbank({ sampleRate: 8000, fftLength: 64, mels: 10 }), known.librosaMel, 1e-6);
    await same(
      signal.melFilterbank({ sampleRate: 8000, fftLength: 64, mels: 10, scale: 'htk', norm: null }),
      known.librosaHtkMel,
      1e-6,
    );
    await same(
      signal.melFilterbank({ sampleRate: 8000, fftLength: 64, mels: 10, convention: 'tensorflow' }),
      known.tensorflowMel,
      1e-6,
    );
  });

  it('has mel spectrograms, their logarithms and cepstra', async () => {
    const librosa = { sampleRate: 8000, frame: 32, mels: 6 };
    await same(signal.melSpectrogram(x, librosa), known.librosaPower);
    await same(signal.logMel(x, librosa), known.librosaDecibels, 1e-4);
    await same(signal.logMel(x, { ...librosa, reference: 'max' }), known.librosaOfMax, 1e-4);
    await same(signal.mfcc(x, { ...librosa, coefficients: 4 }), known.librosaMfcc, 1e-4);
    await same(signal.mfcc(x, { ...librosa, coefficients: 4, lifter: 22 }), known.lifted, 1e-4);
    const tensorflow = { sampleRate: 8000, frame: 20, hop: 10, mels: 5, convention: 'tensorflow' } as const;
    await same(signal.melSpectrogram(x, tensorflow), known.tensorflowMagnitudes);
    await same(signal.logMel(x, tensorflow), known.tensorflowLogs, 1e-4);
    await same(signal.mfcc(x, { ...tensorflow, coefficients: 4 }), known.tensorflowMfcc, 1e-4);
    dl.tidy(() => {
      const options = { sampleRate: 8000, frame: 32, mels: 6, range: null, power: 1 } as const;
      // Of magnitudes decibels are twice as many.
      const logs = signal.logMel(x, { ...options, unit: 'log10', floor: 1e-5 });
      expectClose(signal.logMel(x, options).div(20), logs.arraySync(), 1e-4);
      const range = signal.logMel(x, { ...options, range: 10 });
      expectClose(range.max().sub(range.min()), 10, 1e-4);
    });
  });

  it('has cosine transforms, and raises high frequencies', async () => {
    for (const { type, norm, values } of known.dcts)
      await same(signal.dct(known.vector, { type: type as 2 | 3, norm: norm as 'ortho' | null }), values);
    await same(signal.preEmphasis(x), known.preEmphasis);
    await same(signal.preEmphasis([1, 1], { coefficient: 0.5, previous: 2 }), [0, 0.5]);
    dl.tidy(() => expect(signal.preEmphasis(dl.zeros([2, 0])).shape).toEqual([2, 0]));
  });

  it('carries gradients to the signal', () => {
    const short = x.slice(0, 24);
    const options = { frame: 8, hop: 4 };
    expect(gradientErrors((v) => signal.stft(v, options).square(), [short])).toEqual([]);
    dl.tidy(() => {
      const spectra = signal.stft(short, options).arraySync() as number[][][];
      expect(gradientErrors((v) => signal.inverseStft(v, options).square(), [spectra])).toEqual([]);
    });
    const mel = { ...options, sampleRate: 8000, mels: 2 };
    expect(gradientErrors((v) => signal.melSpectrogram(v, mel), [short])).toEqual([]);
    expect(
      gradientErrors((v) => signal.mfcc(v, { ...mel, convention: 'tensorflow', floor: 0.1 }), [short]),
    ).toEqual([]);
    expect(gradientErrors((v) => signal.dct(v), [short])).toEqual([]);
    expect(gradientErrors((v) => signal.preEmphasis(v).square(), [short])).toEqual([]);
  });

  it('checks arguments', () => {
    const named = (call: () => unknown, message: string | RegExp): void =>
      expect(call).toThrowError(message as string);
    named(
      () => signal.frame(x, { frame: 4 } as never),
      "frame: option 'hop' is missing; wanted a positive integer",
    );
    named(
      () => signal.frame(3, { frame: 4, hop: 2 }),
      "frame: argument 'x' is a scalar; wanted signals, with an axis of samples",
    );
    named(() => signal.stft(x, null as never), "stft: option 'frame' is missing; wanted a positive integer");
    named(
      () => signal.stft(x, { frame: 8, fftLength: 4 }),
      "stft: option 'fftLength' is 4; wanted a positive integer, at least 'frame'",
    );
    named(
      () => signal.stft(x, { frame: 8, hops: 4 } as never),
      /^stft: there is no option 'hops'; the nearest is 'hop'/,
    );
    named(
      () => signal.stft(x, { frame: 3, window: [1, 2] }),
      "stft: option 'window' has shape [2]; wanted that of a frame, [3]",
    );
    named(
      () => signal.stft([1, 2], { frame: 8, padMode: 'reflect' }),
      "stft: a signal of 2 samples cannot be mirrored into 4; wanted more of them, or padMode 'constant'",
    );
    named(
      () => dl.tidy(() => signal.inverseStft(dl.zeros([2, 4, 2]), { frame: 8 })),
      "inverseStft: argument 'x' has shape [2,4,2]; wanted […, frames, 5, 2], with a frame and the frequencies of fftLength 8",
    );
    named(
      () => signal.melFilterbank({ sampleRate: 8000, fftLength: 64, high: 5000 }),
      /^melFilterbank: option 'high' is 5000; wanted a frequency in Hz, above 'low' and at most half/,
    );
    named(
      () => signal.logMel(x, { frame: 8 } as never),
      "logMel: option 'sampleRate' is missing; wanted a positive number",
    );
    named(
      () => signal.mfcc(x, { sampleRate: 8000, frame: 32, mels: 6, coefficients: 7 }),
      "mfcc: option 'coefficients' is 7; wanted at most 'mels', 6",
    );
    named(() => signal.dct(x, { type: 1 as never }), "dct: option 'type' is 1; wanted one of 2, 3");
    named(
      () => signal.preEmphasis(x, { coefficient: NaN }),
      "preEmphasis: option 'coefficient' is NaN; wanted a finite number",
    );
    named(() => signal.hannWindow(0), "hannWindow: argument 'length' is 0; wanted a positive integer");
  });
});
