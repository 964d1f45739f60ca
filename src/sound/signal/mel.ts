import { op } from '../../tensor/op';
import { add, log, matMul, maximum, mul, sub, tensor2d } from '../../tensor/ops';
import type { Tensor, Tensor2D } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { complexAbs } from '../complex-values';
import { halfOf, remembered } from '../kernels/roots';
import { asSignal } from './frame';
import {
  checked,
  conventions,
  logMelRules,
  melFilterbankRules,
  melSpectrogramRules,
  type LogMelOptions,
  type MelFilterbankOptions,
  type MelSpectrogramOptions,
} from './options';
import { stftOf } from './stft';

interface MelScale {
  readonly ofHertz: (frequency: number) => number;
  readonly toHertz: (mel: number) => number;
}

/** Slaney's scale has 15 mels up to 1000 Hz, and 27 for each factor of 6.4 above. */
const BEND = 15;
const LINEAR = 1000 / BEND;
const STEP = Math.log(6.4) / 27;

const scales: Readonly<Record<'slaney' | 'htk', MelScale>> = {
  slaney: {
    ofHertz: (f) => (f < 1000 ? f / LINEAR : BEND + Math.log(f / 1000) / STEP),
    toHertz: (mel) => (mel < BEND ? mel * LINEAR : 1000 * Math.exp((mel - BEND) * STEP)),
  },
  htk: {
    ofHertz: (f) => 2595 * Math.log10(1 + f / 700),
    toHertz: (mel) => 700 * (10 ** (mel / 2595) - 1),
  },
};

type FullOptions = Required<Omit<MelFilterbankOptions, 'convention'>>;

function withConvention(options: MelFilterbankOptions): FullOptions {
  const { convention = 'librosa', ...given } = options;
  const { mels, low, high, scale, norm, triangles } = conventions[convention];
  const { sampleRate } = options;
  return { mels, low, high: Math.min(high(sampleRate), sampleRate / 2), scale, norm, triangles, ...given };
}

/** The weights of the filters, row by row of the frequencies. */
function weightsOf(o: FullOptions): Float32Array {
  const scale = scales[o.scale];
  const frequencies = halfOf(o.fftLength);
  const [low, high] = [scale.ofHertz(o.low), scale.ofHertz(o.high)];
  const edges = Array.from({ length: o.mels + 2 }, (_, i) => low + ((high - low) * i) / (o.mels + 1));
  const hertz = edges.map((mel) => scale.toHertz(mel));
  const isInMels = o.triangles === 'mel';
  const corners = isInMels ? edges : hertz;
  const weights = new Float32Array(frequencies * o.mels);
  for (let k = 0; k < frequencies; k++) {
    const f = (k * o.sampleRate) / o.fftLength;
    const at = isInMels ? scale.ofHertz(f) : f;
    for (let m = 0; m < o.mels; m++) {
      const [left, middle, right] = [corners[m]!, corners[m + 1]!, corners[m + 2]!];
      const weight = Math.max(0, Math.min((at - left) / (middle - left), (right - at) / (right - middle)));
      weights[k * o.mels + m] = o.norm === null ? weight : (weight * 2) / (hertz[m + 2]! - hertz[m]!);
    }
  }
  return weights;
}

const MOST_FILTERBANKS = 8;
const remember = remembered((key: string) => weightsOf(JSON.parse(key) as FullOptions), MOST_FILTERBANKS);

function filterbankOf(options: MelFilterbankOptions): Tensor2D {
  const { sampleRate, fftLength, mels, low, high, scale, norm, triangles } = withConvention(options);
  const key = JSON.stringify({ sampleRate, fftLength, mels, low, high, scale, norm, triangles });
  return tensor2d(remember(key), [halfOf(fftLength), mels]);
}

/**
 * Triangular filters whose peaks are equally far apart on a mel scale. A spectrum times it is a mel spectrum.
 *
 * @returns float32 [⌊fftLength/2⌋ + 1, mels]; that of librosa is transposed
 * @throws when `sampleRate` or `fftLength` is missing, or an option is unknown or does not fit
 * @example
 * ```ts
 * import { signal } from 'rxtensor/sound';
 * const filters = signal.melFilterbank({ sampleRate: 16000, fftLength: 400, mels: 80 });
 * console.log(filters.shape); // [201, 80]
 * filters.dispose();
 * ```
 */
export const melFilterbank = op('melFilterbank', (options: MelFilterbankOptions): Tensor2D => {
  const given = checked('melFilterbank', options, melFilterbankRules, ['sampleRate', 'fftLength']);
  return filterbankOf(given);
});

/** The filters of a mel spectrogram, of options that are known to fit. */
export function filtersFor(options: MelSpectrogramOptions): Tensor2D {
  const defaults = conventions[options.convention ?? 'librosa'];
  const { fftLength = defaults.fftLength(options.frame) } = options;
  const { sampleRate, mels, low, high, scale, norm, triangles, convention } = options;
  return filterbankOf(
    withoutUndefined({ sampleRate, fftLength, mels, low, high, scale, norm, triangles, convention }),
  );
}

/** The mel spectrogram of options that are known to fit. */
export function melOf(
  name: string,
  x: Tensor,
  options: MelSpectrogramOptions,
  filters: Tensor2D = filtersFor(options),
): Tensor {
  const { power = conventions[options.convention ?? 'librosa'].power } = options;
  const spectra = stftOf(name, x, options);
  const strengths = power === 1 ? complexAbs(spectra) : mul(spectra, spectra).sum(-1);
  const [frames, frequencies] = strengths.shape.slice(-2) as [number, number];
  const outer = strengths.shape.slice(0, -2);
  const rows = outer.reduce((a, b) => a * b, frames);
  const flat: Tensor2D = strengths.reshape([rows, frequencies]);
  return matMul(flat, filters).reshape([...outer, frames, filters.shape[1]]);
}

/** Without the options that are left out. */
function withoutUndefined(options: {
  [K in keyof MelFilterbankOptions]: MelFilterbankOptions[K] | undefined;
}): MelFilterbankOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as MelFilterbankOptions;
}

/**
 * The mel spectrogram of signals: of each frame the powers, or the magnitudes, in bands that are equally wide to the ear.
 *
 * @param x signals […, samples]
 * @returns float32 […, frames, mels]
 * @throws when `frame` or `sampleRate` is missing, or an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { signal } from 'rxtensor/sound';
 * dl.tidy(() => {
 *   const noise = dl.randomUniform([16000], -1, 1);
 *   console.log(signal.melSpectrogram(noise, { sampleRate: 16000, frame: 400, hop: 160, mels: 80 }).shape); // [101, 80]
 * });
 * ```
 */
export const melSpectrogram = op(
  'melSpectrogram',
  (x: TensorInput, options: MelSpectrogramOptions): Tensor => {
    const given = checked('melSpectrogram', options, melSpectrogramRules, ['sampleRate', 'frame']);
    return melOf('melSpectrogram', asSignal('melSpectrogram', x), given);
  },
);

/** log(x) times a factor. */
const factors = { decibels: 10 / Math.LN10, natural: 1, log10: 1 / Math.LN10 } as const;

/** The greatest value of each signal, over its frames and bands. */
const greatest = (x: Tensor): Tensor => x.max([-2, -1], true);

/** The logarithms of options that are known to fit. */
export function logMelOf(name: string, x: Tensor, options: LogMelOptions, filters?: Tensor2D): Tensor {
  const defaults = conventions[options.convention ?? 'librosa'];
  const { unit = defaults.unit, flooring = defaults.flooring, power = defaults.power } = options;
  const { reference = 1, range = defaults.range } = options;
  // Decibels compare powers.
  const isSquared = unit === 'decibels' && power === 1;
  const factor = factors[unit] * (isSquared ? 2 : 1);
  const floor = (options.floor ?? defaults.floor) ** (isSquared ? 0.5 : 1);
  const mel = melOf(name, x, options, filters);
  const raised = (value: Tensor): Tensor => (flooring === 'add' ? add(value, floor) : maximum(value, floor));
  const values = mul(log(raised(mel)), factor);
  const zero = reference === 'max' ? mul(log(raised(greatest(mel))), factor) : factor * Math.log(reference);
  const found = zero === 0 ? values : sub(values, zero);
  return range === null || mel.size === 0 ? found : maximum(found, sub(greatest(found), range));
}

/**
 * The logarithms of a mel spectrogram, as models of sound take them.
 *
 * @param x signals […, samples]
 * @returns float32 […, frames, mels]
 * @throws when `frame` or `sampleRate` is missing, or an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { signal } from 'rxtensor/sound';
 * dl.tidy(() => {
 *   const tone = dl.sin(dl.mul(dl.range(0, 8000), 0.4));
 *   const options = { sampleRate: 16000, frame: 400, hop: 160, mels: 64, convention: 'tensorflow' } as const;
 *   console.log(signal.logMel(tone, options).shape); // [48, 64]
 * });
 * ```
 */
export const logMel = op('logMel', (x: TensorInput, options: LogMelOptions): Tensor => {
  const given = checked('logMel', options, logMelRules, ['sampleRate', 'frame']);
  return logMelOf('logMel', asSignal('logMel', x), given);
});
