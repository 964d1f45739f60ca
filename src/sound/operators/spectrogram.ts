import type { OperatorFunction } from 'rxjs';
import { mul, reshape, slice, tensor1d } from '../../tensor/ops';
import { isOneOf, type OptionRules } from '../../tensor/options';
import type { Tensor, Tensor2D } from '../../tensor/tensor';
import { complexAbs } from '../complex-values';
import { cepstraFor, mfccOf } from '../signal/cepstrum';
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
import { stftOf } from '../signal/stft';
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

/** What all frames need, beside options. */
interface Kept {
  /** A window that was given by its name; else it is that of the options. */
  readonly options: Pick<SpectrogramOptions, 'window'>;
  readonly filters?: Tensor2D;
  readonly cepstra?: Tensor2D;
}

const NAME = 'spectrogram';
const stftOptions = Object.keys(stftRules);

/** The options that `signal.stft` takes. */
function ofTransform(options: SpectrogramOptions): StftOptions {
  const given = Object.entries(options).filter(([key]) => stftOptions.includes(key));
  return { ...(Object.fromEntries(given) as unknown as StftOptions), center: false };
}

/** The options that functions of mels take. Nothing is compared with the greatest value of a whole signal. */
function ofMels({ kind: _, ...options }: SpectrogramOptions): MfccOptions {
  return { ...(options as MfccOptions), center: false, range: null };
}

/** Computes the spectra of the frames in samples. */
type Compute = (samples: Tensor, kept: Kept) => Tensor;

const ofSpectra =
  (make: (spectra: Tensor) => Tensor) =>
  (given: SpectrogramOptions): Compute => {
    const options = ofTransform(given);
    return (x, kept) => make(stftOf(NAME, x, { ...options, ...kept.options }));
  };
const ofMelSpectra =
  (make: (x: Tensor, options: MfccOptions, kept: Kept) => Tensor) =>
  (given: SpectrogramOptions): Compute => {
    const options = ofMels(given);
    return (x, kept) => make(x, { ...options, ...kept.options }, kept);
  };

const kinds: Readonly<Record<SpectrogramKind, (given: SpectrogramOptions) => Compute>> = {
  complex: ofSpectra((spectra) => spectra),
  magnitude: ofSpectra(complexAbs),
  power: ofSpectra((spectra) => mul(spectra, spectra).sum(-1)),
  mel: ofMelSpectra((x, options, { filters }) => melOf(NAME, x, options, filters)),
  logMel: ofMelSpectra((x, options, { filters }) => logMelOf(NAME, x, options, filters)),
  mfcc: ofMelSpectra((x, options, { filters, cepstra }) => mfccOf(NAME, x, options, filters, cepstra)),
};
const needsRate: readonly SpectrogramKind[] = ['mel', 'logMel', 'mfcc'];

/** Makes what all frames need. */
function keptOf(kind: SpectrogramKind, given: SpectrogramOptions): Kept {
  const { frame, window = 'hann' } = given;
  const options =
    typeof window === 'string' ? { window: tensor1d(cosineWeights(frame, cosines[window], true)) } : {};
  if (!needsRate.includes(kind)) return { options };
  const filters = filtersFor(ofMels(given));
  if (kind !== 'mfcc') return { options, filters };
  return { options, filters, cepstra: cepstraFor(NAME, filters.shape[1], ofMels(given)) };
}

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
  const given = checked(NAME, options, rules, ['frame']);
  const { kind = 'power', frame, hop = Math.max(1, Math.floor(frame / 4)), sampleRate = null } = given;
  if (sampleRate === null && needsRate.includes(kind))
    throw new Error(`${NAME}: option 'sampleRate' is missing; wanted a positive number for kind '${kind}'`);
  const { fftLength: lengthOf, windowPlace } = conventions[given.convention ?? 'librosa'];
  const { windowPlace: place = windowPlace, fftLength = lengthOf(frame) } = given;
  // A window in the middle of a transform reads samples on both sides of it.
  const read = place === 'middle' ? fftLength : frame;
  const compute = kinds[kind](given);
  return framedTogether(
    NAME,
    { frame: read, hop, sampleRate, keep: () => keptOf(kind, given) },
    (x, kept) => compute(asSignal(NAME, x), kept),
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
