import type { OperatorFunction } from 'rxjs';
import { mul, reshape, slice, tensor1d } from '../../tensor/ops';
import { isOneOf, type OptionRules } from '../../tensor/options';
import type { Tensor, Tensor2D } from '../../tensor/tensor';
import { complexAbs } from '../complex-values';
import { mfcc } from '../signal/cepstrum';
import { filtersFor, logMelOf, melOf } from '../signal/mel';
import {
  checked,
  conventions,
  mfccRules,
  stftRules,
  type MfccOptions,
  type StftOptions,
} from '../signal/options';
import { asSignal } from '../signal/frame';
import { stft } from '../signal/stft';
import { cosines, cosineWeights } from '../signal/windows';
import { framedTogether } from './framed';

/** What {@link spectrogram} makes of each frame. */
export type SpectrogramKind = 'complex' | 'magnitude' | 'power' | 'mel' | 'logMel' | 'mfcc';

/**
 * Options of {@link spectrogram}: those of the function that the kind is computed by, but for what concerns the beginning and the end of a signal, or all of it.
 */
export interface SpectrogramOptions
  extends
    Omit<StftOptions, 'center' | 'padMode' | 'padEnd'>,
    Omit<MfccOptions, keyof StftOptions | 'sampleRate' | 'range' | 'reference'> {
  /**
   * 'power' by default. 'complex', 'magnitude' and 'power' are of `signal.stft`; 'mel', 'logMel' and 'mfcc' of `signal.melSpectrogram`, `signal.logMel` and
   * `signal.mfcc`, and need `sampleRate`.
   */
  readonly kind?: SpectrogramKind;
  /** Samples a second. With it every spectrum has the time of its frame's first sample. */
  readonly sampleRate?: number;
  /** What 0 dB is; 1 by default. */
  readonly reference?: number;
}

/** What all frames need. */
interface Kept {
  /** A window that was given by its name; else those of the options. */
  readonly options: Pick<SpectrogramOptions, 'window'>;
  readonly filters?: Tensor2D;
}

type Compute = (frame: Tensor, options: SpectrogramOptions, kept: Kept) => Tensor;
const stftOptions = Object.keys(stftRules);

/** The options that `signal.stft` takes. */
function ofTransform(options: SpectrogramOptions): StftOptions {
  const given = Object.entries(options).filter(([key]) => stftOptions.includes(key));
  return { ...(Object.fromEntries(given) as unknown as StftOptions), center: false };
}

type OfMel = MfccOptions & { kind?: SpectrogramKind };
/** The options that functions of mels take, but for those of what comes behind. */
function ofMel(options: SpectrogramOptions, without: readonly string[]): OfMel {
  const given = Object.entries(options).filter(([key]) => key !== 'kind' && !without.includes(key));
  return { ...(Object.fromEntries(given) as unknown as MfccOptions), center: false };
}
const OF_CEPSTRA = ['coefficients', 'dctNorm', 'lifter'];
const OF_LOGARITHMS = ['unit', 'floor', 'flooring', 'reference', 'range', ...OF_CEPSTRA];

const kinds: Readonly<Record<SpectrogramKind, Compute>> = {
  complex: (x, o) => stft(x, ofTransform(o)),
  magnitude: (x, o) => complexAbs(stft(x, ofTransform(o))),
  power: (x, o) => {
    const spectra = stft(x, ofTransform(o));
    return mul(spectra, spectra).sum(-1);
  },
  mel: (x, o, { filters }) => melOf('spectrogram', x, ofMel(o, OF_LOGARITHMS), filters),
  logMel: (x, o, { filters }) =>
    logMelOf('spectrogram', x, { ...ofMel(o, OF_CEPSTRA), range: null }, filters),
  mfcc: (x, o) => mfcc(x, { ...ofMel(o, []), range: null }),
};

const { center: _, padMode: __, padEnd: ___, range: ____, reference: _____, ...shared } = mfccRules;
const rules = {
  ...shared,
  reference: [(value: unknown) => Number.isFinite(value) && (value as number) > 0, 'a positive number'],
  kind: isOneOf(Object.keys(kinds)),
} as OptionRules<SpectrogramOptions>;

/**
 * Makes a stream of spectra of a stream of chunks of any length: one for each frame, as soon as its last sample has come. The results are those of `signal` over the whole
 * signal with `center: false`.
 *
 * ```text
 *  chunks                                 --abc---de----fg---|
 *  spectrogram({ frame: 4, hop: 2 })      -------s1-----s2---|
 * ```
 *
 * @param options the frame, and what is made of it
 * @returns for chunks […, samples] the spectrum of a frame, as a row of what `signal` gives: […, frequencies, 2] for 'complex', […, frequencies], […, mels] or
 *   […, coefficients]
 * @throws when an option is missing, unknown or does not fit; as error notifications, when a chunk does not fit those before it, and for a chunk on the tape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { spectrogram } from 'rxtensor/sound';
 * dl.examples([0, 1, 2])
 *   .pipe(
 *     dl.mapTensor((i) => dl.sin(dl.mul(dl.range(480 * (i as number), 480 * (i as number) + 480), 0.4))),
 *     spectrogram({ kind: 'logMel', sampleRate: 16000, frame: 400, hop: 160, mels: 40 }),
 *   )
 *   .subscribe((spectrum) => console.log(spectrum.shape)); // [40], seven times
 * ```
 */
export function spectrogram(options: SpectrogramOptions): OperatorFunction<Tensor, Tensor> {
  const name = 'spectrogram';
  const given = checked(name, options, rules, ['frame']);
  const { kind = 'power', frame, hop = Math.max(1, Math.floor(frame / 4)), sampleRate = null } = given;
  if (sampleRate === null && ['mel', 'logMel', 'mfcc'].includes(kind))
    throw new Error(`${name}: option 'sampleRate' is missing; wanted a positive number for kind '${kind}'`);
  const { fftLength: lengthOf, windowPlace } = conventions[given.convention ?? 'librosa'];
  const { windowPlace: place = windowPlace, fftLength = lengthOf(frame) } = given;
  // A window in the middle of a transform reads samples on both sides of it.
  const read = place === 'middle' ? fftLength : frame;
  const { window = 'hann' } = given;
  const keep = (): Kept => ({
    options:
      typeof window === 'string' ? { window: tensor1d(cosineWeights(frame, cosines[window], true)) } : {},
    ...(['mel', 'logMel'].includes(kind) && { filters: filtersFor(ofMel(given, OF_LOGARITHMS)) }),
  });
  return framedTogether(
    name,
    { frame: read, hop, sampleRate, keep },
    (x, kept) => kinds[kind](asSignal(name, x), { ...given, ...kept.options }, kept),
    (spectra, i) => row(spectra, kind === 'complex' ? -3 : -2, i),
  );
}

/** One row along an axis, which is counted from the end. */
function row(x: Tensor, axis: number, index: number): Tensor {
  const place = x.rank + axis;
  const begin = x.shape.map((_, i) => (i === place ? index : 0));
  const size = x.shape.map((extent, i) => (i === place ? 1 : extent));
  return reshape(
    slice(x, begin, size),
    x.shape.filter((_, i) => i !== place),
  );
}
