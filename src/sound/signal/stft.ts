import { op } from '../../tensor/op';
import { div, maximum, mirrorPad, mul, pad, slice, tensor1d } from '../../tensor/ops';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { asFloats, asPairs } from '../complex-values';
import { irfft, rfft } from '../fourier/fft';
import { asSignal, framesOf, overlapAdded } from './frame';
import { withLength } from '../with-length';
import { checked, conventions, stftRules, type StftOptions } from './options';
import { cosines, cosineWeights } from './windows';

/** Options of {@link inverseStft}: those of the transform, and its own. */
export interface InverseStftOptions extends Omit<StftOptions, 'padMode' | 'padEnd'> {
  /** The samples of the signal; what the frames cover by default. */
  readonly length?: number | null;
  /**
   * Whether the sum of the frames is divided by the sum of the squares of their windows, so that the signal comes back, as librosa does by default. TensorFlow
   * does not: its window must be made for it.
   */
  readonly normalized?: boolean;
}

/** What the options of a transform say, with the defaults of the convention. */
interface Layout {
  readonly hop: number;
  readonly fftLength: number;
  readonly center: boolean;
  /** The window, in its place in the transform; null for none. */
  readonly window: Tensor | null;
  /** The samples that are read for a frame. */
  readonly read: number;
}

/** The window's values in `length` places. */
function placed(window: Tensor, length: number, place: 'middle' | 'start'): Tensor {
  const missing = length - window.size;
  const before = place === 'middle' ? Math.floor(missing / 2) : 0;
  return missing === 0 ? window : pad(window, [[before, missing - before]]);
}

function layoutOf(name: string, options: StftOptions): Layout {
  const { frame, window = 'hann', convention = 'librosa' } = options;
  const defaults = conventions[convention];
  const { hop = Math.max(1, Math.floor(frame / 4)), windowPlace = defaults.windowPlace } = options;
  const { fftLength = defaults.fftLength(frame), center = defaults.center } = options;
  const values =
    window === null
      ? null
      : typeof window === 'string'
        ? tensor1d(cosineWeights(frame, cosines[window], true))
        : asFloats(name, 'window', window);
  if (values && formatShape(values.shape) !== formatShape([frame]))
    throw new Error(
      `${name}: option 'window' has shape ${formatShape(values.shape)}; wanted that of a frame, [${frame}]`,
    );
  const read = windowPlace === 'middle' ? fftLength : frame;
  return { hop, fftLength, center, window: values && placed(values, read, windowPlace), read };
}

/** Half a transform of padding on both sides. */
function centred(name: string, x: Tensor, fftLength: number, mode: 'constant' | 'reflect'): Tensor {
  const half = Math.floor(fftLength / 2);
  const padding = x.shape.map((_, axis): [number, number] => (axis === x.rank - 1 ? [half, half] : [0, 0]));
  if (mode === 'constant') return pad(x, padding);
  const samples = x.shape.at(-1)!;
  if (half < samples) return mirrorPad(x, padding, 'reflect');
  throw new Error(
    `${name}: a signal of ${samples} samples cannot be mirrored into ${half}; wanted more of them, or padMode 'constant'`,
  );
}

/** The transform of options that are known to fit. */
export function stftOf(name: string, x: Tensor, options: StftOptions): Tensor {
  const { hop, fftLength, center, window, read } = layoutOf(name, options);
  const { padMode = 'constant', padEnd = false } = options;
  const frames = framesOf(center ? centred(name, x, fftLength, padMode) : x, { frame: read, hop, padEnd });
  return rfft(window ? mul(frames, window) : frames, { length: fftLength });
}

/**
 * The short-time Fourier transform: the spectra of frames that overlap, each times a window. Its gradient reaches the signal.
 *
 * @param x signals […, samples]
 * @param options the frame, and how the convention is changed
 * @returns complex values […, frames, ⌊fftLength/2⌋ + 1, 2]
 * @throws when `frame` is missing, an option is unknown or does not fit, or the window has not the length of a frame
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { complexAbs, signal } from 'rxtensor/sound';
 * dl.tidy(() => {
 *   const tone = dl.sin(dl.mul(dl.range(0, 1600), (2 * Math.PI * 1000) / 16000));
 *   const magnitudes = complexAbs(signal.stft(tone, { frame: 160, center: false }));
 *   magnitudes.mean(0).argMax().print(); // 10: 1000 Hz, in steps of 100 Hz
 * });
 * ```
 */
export const stft = op('stft', (x: TensorInput, options: StftOptions): Tensor => {
  const given = checked('stft', options, stftRules, ['frame']);
  return stftOf('stft', asSignal('stft', x), given);
});

const { padMode: _, padEnd: __, ...inverseRules } = stftRules;

/** Sums of squares below this are not divided by: there the windows say nothing of the signal. */
const LEAST = 1e-10;

/**
 * Puts a signal together again from its short-time Fourier transform: the least squares of what the frames say (Griffin & Lim, "Signal estimation from
 * modified short-time Fourier transform", IEEE Trans. ASSP 32, 1984).
 *
 * @param x complex values […, frames, ⌊fftLength/2⌋ + 1, 2]
 * @param options those that were given to {@link stft}
 * @returns signals […, samples]
 * @throws when `frame` is missing, an option is unknown or does not fit, or there are not as many frequencies as `fftLength` has
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { signal } from 'rxtensor/sound';
 * dl.tidy(() => {
 *   const options = { frame: 4, hop: 2 };
 *   signal.inverseStft(signal.stft([1, 2, 3, 4, 5, 6], options), options).print(); // 1, 2, 3, 4, 5, 6
 * });
 * ```
 */
export const inverseStft = op('inverseStft', (x: TensorInput, options: InverseStftOptions): Tensor => {
  const name = 'inverseStft';
  const given = checked<InverseStftOptions>(
    name,
    options,
    {
      ...inverseRules,
      length: [
        (value) => value === null || (Number.isInteger(value) && (value as number) > 0),
        'a positive integer, or null',
      ],
      normalized: [(value) => typeof value === 'boolean', 'true or false'],
    },
    ['frame'],
  );
  const { length = null, normalized = conventions[given.convention ?? 'librosa'].normalized } = given;
  const { hop, fftLength, center, window, read } = layoutOf(name, given);
  const spectra = asPairs(name, 'x', x);
  const frequencies = Math.floor(fftLength / 2) + 1;
  if (spectra.rank < 3 || spectra.shape.at(-2) !== frequencies || spectra.shape.at(-3) === 0)
    throw new Error(
      `${name}: argument 'x' has shape ${formatShape(spectra.shape)}; wanted […, frames, ${frequencies}, 2], with a frame and the frequencies of fftLength ${fftLength}`,
    );
  const parts = irfft(spectra, { length: fftLength });
  const frames = withLength(parts, parts.rank - 1, read);
  const count = spectra.shape.at(-3)!;
  const sum = overlapAdded(window ? mul(frames, window) : frames, hop);
  let found = sum;
  if (normalized) {
    const squares = window ? mul(window, window) : tensor1d(new Float32Array(read).fill(1));
    const total = overlapAdded(squares.reshape([1, read]).tile([count, 1]), hop);
    // Where all windows are 0 the sum is 0 too.
    found = div(sum, maximum(total, LEAST));
  }
  if (!center) return length === null ? found : withLength(found, found.rank - 1, length);
  const half = Math.floor(fftLength / 2);
  const outer = found.shape.slice(0, -1);
  const extent = found.shape.at(-1)!;
  const kept = length ?? Math.max(0, extent - 2 * half);
  const begun = slice(
    found,
    [...outer.map(() => 0), Math.min(half, extent)],
    [...outer, Math.max(0, Math.min(kept, extent - half))],
  );
  return withLength(begun, begun.rank - 1, kept);
});
