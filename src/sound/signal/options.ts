import { assertOptionValues, isOneOf, type OptionRules } from '../../tensor/options';
import { Tensor } from '../../tensor/tensor';

/**
 * Whose defaults options have, where packages differ: those of librosa 0.10 (in Python), or of TensorFlow's `tf.signal`. Each option that is given comes
 * before its default.
 */
export type SignalConvention = 'librosa' | 'tensorflow';

/** Options of {@link frame}. */
export interface FrameOptions {
  /** The samples of a frame. */
  readonly frame: number;
  /** The samples from the beginning of a frame to that of the next. */
  readonly hop: number;
  /** Whether frames that reach beyond the signal are filled up; else they are left out, as by default. */
  readonly padEnd?: boolean;
  /** What they are filled up with; 0 by default. */
  readonly padValue?: number;
}

/** Options of {@link stft}. */
export interface StftOptions {
  /** The samples that the window covers. */
  readonly frame: number;
  /** The samples from the beginning of a frame to that of the next; a quarter of `frame` by default. */
  readonly hop?: number;
  /** The length of the transform, at least `frame`. By default `frame` (librosa), or the next power of two (TensorFlow). */
  readonly fftLength?: number;
  /** The window: its name (periodic), its `frame` values, or null for none; 'hann' by default. */
  readonly window?: 'hann' | 'hamming' | Tensor | readonly number[] | null;
  /**
   * Whether the first frame has its middle at the first sample: half a transform of padding comes before the signal and behind it. true by default in librosa,
   * false in TensorFlow.
   */
  readonly center?: boolean;
  /** What that padding is: zeros, as by default, or the signal mirrored, as in librosa before 0.10. */
  readonly padMode?: 'constant' | 'reflect';
  /** Where a window lies that is shorter than the transform: in its middle (librosa), or at its start (TensorFlow). */
  readonly windowPlace?: 'middle' | 'start';
  /** Whether a last frame that reaches beyond the signal is filled up with zeros; false by default. */
  readonly padEnd?: boolean;
  /** 'librosa' by default. */
  readonly convention?: SignalConvention;
}

/** Options of {@link melFilterbank}. */
export interface MelFilterbankOptions {
  /** Samples a second. */
  readonly sampleRate: number;
  /** The length of the transform. */
  readonly fftLength: number;
  /** The number of filters; 128 by default, 20 in TensorFlow. */
  readonly mels?: number;
  /** The lowest frequency in Hz; 0 by default, 125 in TensorFlow. */
  readonly low?: number;
  /** The highest frequency in Hz; half the sampling rate by default, 3800 in TensorFlow. */
  readonly high?: number;
  /**
   * The scale: 'slaney', linear below 1000 Hz and logarithmic above (Slaney, "Auditory Toolbox", 1998), as in librosa, or 'htk', 2595·log₁₀(1 + f/700), as in
   * TensorFlow.
   */
  readonly scale?: 'slaney' | 'htk';
  /** 'slaney': every filter has the same area, 2 / its width in Hz, as in librosa. null: its peak is 1, as in TensorFlow. */
  readonly norm?: 'slaney' | null;
  /** The scale in which the sides of the triangles are straight: 'hertz' (librosa), or 'mel' (TensorFlow). */
  readonly triangles?: 'hertz' | 'mel';
  /** 'librosa' by default. */
  readonly convention?: SignalConvention;
}

/** Options of {@link melSpectrogram}. */
export interface MelSpectrogramOptions extends StftOptions, Omit<MelFilterbankOptions, 'fftLength'> {
  /** The exponent of the magnitudes: 2 for powers, as in librosa, or 1, as in TensorFlow's guide. */
  readonly power?: 1 | 2;
}

/** Options of {@link logMel}. */
export interface LogMelOptions extends MelSpectrogramOptions {
  /** 'decibels' (10·log₁₀, 20·log₁₀ where `power` is 1), as in librosa; 'natural', as in TensorFlow; or 'log10'. */
  readonly unit?: 'decibels' | 'natural' | 'log10';
  /** The least value that the logarithm is taken of; 1e-10 by default, 1e-6 in TensorFlow. */
  readonly floor?: number;
  /** How the floor acts: 'max', the greater of the two is taken (librosa), or 'add', it is added (TensorFlow). */
  readonly flooring?: 'max' | 'add';
  /** What 0 dB is, or 'max' for the greatest value of each signal; 1 by default. */
  readonly reference?: number | 'max';
  /** The range below the greatest value of each signal, in the unit of the result: what lies below is raised to it. 80 in librosa; null, none, else. */
  readonly range?: number | null;
}

/** Options of {@link dct}. */
export interface DctOptions {
  /** 2, as by default, or 3, its inverse. */
  readonly type?: 2 | 3;
  /** 'ortho' makes the transform orthogonal; null, as by default, multiplies by 2 as SciPy and TensorFlow do. */
  readonly norm?: 'ortho' | null;
}

/** Options of {@link mfcc}. */
export interface MfccOptions extends LogMelOptions {
  /** How many coefficients; 20 by default, 13 in TensorFlow's guide. */
  readonly coefficients?: number;
  /** The factors of the cosine transform: 'ortho' (librosa), or 'htk', √(2/mels) for all (TensorFlow). */
  readonly dctNorm?: 'ortho' | 'htk';
  /** Liftering: coefficient n is multiplied by 1 + lifter/2·sin(π(n + 1)/lifter); 0, none, by default. */
  readonly lifter?: number;
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0;
const isPositive = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0;
const count = [isCount, 'a positive integer'] as const;
const positive = [isPositive, 'a positive number'] as const;
const flag = isOneOf([true, false], 'true or false');

const convention = isOneOf(['librosa', 'tensorflow']);
export const frameRules: OptionRules<FrameOptions> = {
  frame: count,
  hop: count,
  padEnd: flag,
  padValue: [Number.isFinite, 'a finite number'],
};
export const stftRules: OptionRules<StftOptions> = {
  frame: count,
  hop: count,
  fftLength: [
    (value: unknown, { frame }: StftOptions): boolean => isCount(value) && (value as number) >= frame,
    "a positive integer, at least 'frame'",
  ],
  window: [
    (value: unknown): boolean =>
      ['hann', 'hamming', null].includes(value as null) || value instanceof Tensor || Array.isArray(value),
    "'hann', 'hamming', null, or the values of a window",
  ],
  center: flag,
  padMode: isOneOf(['constant', 'reflect']),
  windowPlace: isOneOf(['middle', 'start']),
  padEnd: flag,
  convention,
};
const melRules: OptionRules<Omit<MelFilterbankOptions, 'fftLength'>> = {
  sampleRate: positive,
  mels: count,
  low: [
    (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0,
    'a frequency in Hz, 0 or more',
  ],
  high: [
    (value: unknown, { low = 0, sampleRate }: Pick<MelFilterbankOptions, 'low' | 'sampleRate'>): boolean =>
      typeof value === 'number' && value > low && value <= sampleRate / 2,
    "a frequency in Hz, above 'low' and at most half of 'sampleRate'",
  ],
  scale: isOneOf(['slaney', 'htk']),
  norm: isOneOf(['slaney', null]),
  triangles: isOneOf(['hertz', 'mel']),
  convention,
};
export const melFilterbankRules: OptionRules<MelFilterbankOptions> = { ...melRules, fftLength: count };
export const melSpectrogramRules: OptionRules<MelSpectrogramOptions> = {
  ...stftRules,
  ...melRules,
  power: isOneOf([1, 2]),
};
export const logMelRules: OptionRules<LogMelOptions> = {
  ...melSpectrogramRules,
  unit: isOneOf(['decibels', 'natural', 'log10']),
  floor: positive,
  flooring: isOneOf(['max', 'add']),
  reference: [
    (value: unknown): boolean => value === 'max' || isPositive(value),
    "a positive number, or 'max'",
  ],
  range: [(value: unknown): boolean => value === null || isPositive(value), 'a positive number, or null'],
};
export const mfccRules: OptionRules<MfccOptions> = {
  ...logMelRules,
  coefficients: count,
  dctNorm: isOneOf(['ortho', 'htk']),
  lifter: [
    (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0,
    'a number, 0 or more',
  ],
};
export const dctRules: OptionRules<DctOptions> = { type: isOneOf([2, 3]), norm: isOneOf(['ortho', null]) };

/**
 * Options without those that are undefined, checked.
 *
 * @param needed the options that must be given
 */
export function checked<O extends object>(
  name: string,
  given: O | null | undefined,
  rules: OptionRules<O>,
  needed: readonly (keyof O & string)[] = [],
): O {
  const whole = given ?? ({} as O);
  assertOptionValues(name, whole, rules);
  const options = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) as O;
  const missing = needed.find((each) => options[each] === undefined);
  if (missing !== undefined)
    throw new Error(`${name}: option '${missing}' is missing; wanted ${rules[missing][1]}`);
  return options;
}

type Defaults = Required<
  Pick<StftOptions, 'center' | 'windowPlace'> &
    Pick<MelFilterbankOptions, 'mels' | 'low' | 'scale' | 'norm' | 'triangles'> &
    Pick<MfccOptions, 'power' | 'unit' | 'floor' | 'flooring' | 'range' | 'coefficients' | 'dctNorm'>
> & {
  readonly fftLength: (frame: number) => number;
  readonly high: (sampleRate: number) => number;
  /** Whether what is put together of frames is divided by the sum of the squares of the windows. */
  readonly normalized: boolean;
};

/** Where the conventions differ. */
export const conventions: Readonly<Record<SignalConvention, Defaults>> = {
  librosa: {
    center: true,
    windowPlace: 'middle',
    fftLength: (frame) => frame,
    normalized: true,
    mels: 128,
    low: 0,
    high: (sampleRate) => sampleRate / 2,
    scale: 'slaney',
    norm: 'slaney',
    triangles: 'hertz',
    power: 2,
    unit: 'decibels',
    floor: 1e-10,
    flooring: 'max',
    range: 80,
    coefficients: 20,
    dctNorm: 'ortho',
  },
  tensorflow: {
    center: false,
    windowPlace: 'start',
    fftLength: (frame) => 2 ** Math.ceil(Math.log2(frame)),
    normalized: false,
    mels: 20,
    low: 125,
    high: () => 3800,
    scale: 'htk',
    norm: null,
    triangles: 'mel',
    power: 1,
    unit: 'natural',
    floor: 1e-6,
    flooring: 'add',
    range: null,
    coefficients: 13,
    dctNorm: 'htk',
  },
};
