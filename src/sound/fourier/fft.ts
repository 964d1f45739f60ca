import { isIntegers, wrongArgument } from '../../tensor/argument';
import { op } from '../../tensor/op';
import { transpose } from '../../tensor/ops';
import { assertOptionValues, isOneOf, type OptionRules } from '../../tensor/options';
import { normalizeAxis } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { asFloats, asPairs } from '../complex-values';
import { halfOf } from '../kernels/roots';
import { withLength } from '../with-length';
import { transform } from './transform';

/**
 * Where the factor 1/n of a transform and its inverse goes, as in NumPy: to the inverse ('backward'), to the transform ('forward'), or 1/√n to both
 * ('ortho').
 */
export type FourierNorm = 'backward' | 'forward' | 'ortho';

/** Options of {@link fft}, {@link ifft}, {@link rfft} and {@link irfft}. */
export interface FourierOptions {
  /**
   * The axis of the transform; −1 by default. Negative ones count from the end. The last axis of complex values, that of their two parts, does not count: −1
   * is the axis before it.
   */
  readonly axis?: number;
  /** The length n of the transform. x is cut to it, or filled up with zeros. By default the axis as it is; for irfft 2·(frequencies − 1). */
  readonly length?: number | null;
  /** 'backward' by default. */
  readonly norm?: FourierNorm;
}

/** Options of {@link fft2d} and {@link ifft2d}. */
export interface Fourier2dOptions {
  /** The two axes; [−2, −1] by default. The axis of the two parts does not count. */
  readonly axes?: readonly [number, number];
  /** 'backward' by default. */
  readonly norm?: FourierNorm;
}

const isNorm = isOneOf(['backward', 'forward', 'ortho']);
const rules: OptionRules<FourierOptions> = {
  axis: [Number.isInteger, 'an axis'],
  length: [
    (value) => value === null || (Number.isInteger(value) && (value as number) > 0),
    'a positive integer, or null for that of the axis',
  ],
  norm: isNorm,
};

function scaleOf(length: number, norm: FourierNorm, isInverse: boolean): number {
  if (norm === 'ortho') return 1 / Math.sqrt(length);
  return (norm === 'backward') === isInverse ? 1 / length : 1;
}

/** Moves an axis to the place of another, in the order of the others. */
function moved(x: Tensor, from: number, to: number): Tensor {
  if (from === to) return x;
  const axes = x.shape.map((_, i) => i);
  axes.splice(to, 0, ...axes.splice(from, 1));
  return transpose(x, axes);
}

/** Options with their defaults. */
function withRules(name: string, given: FourierOptions | null): Required<FourierOptions> {
  const whole = given ?? {};
  assertOptionValues<FourierOptions>(name, whole, rules);
  const options = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
  return { axis: -1, length: null, norm: 'backward', ...options };
}

function complexTransform(
  name: string,
  isInverse: boolean,
): (x: TensorInput, options?: FourierOptions | null) => Tensor {
  return op(name, (x: TensorInput, options: FourierOptions | null = null): Tensor => {
    const { axis, length: wanted, norm } = withRules(name, options);
    const value = asPairs(name, 'x', x);
    const last = value.rank - 2;
    const along = normalizeAxis(name, axis, value.rank - 1);
    const length = wanted ?? value.shape[along]!;
    assertLength(name, length, 1);
    const rows = moved(withLength(value, along, length), along, last);
    const scale = scaleOf(length, norm, isInverse);
    const found = transform(rows, { kind: 'complex', length, inverse: isInverse, scale, middle: 1 });
    return moved(found, last, along);
  });
}

/** @throws when an axis without elements is transformed */
function assertLength(name: string, length: number, least: number): void {
  if (length >= least) return;
  throw new Error(
    `${name}: the axis has too few elements for a transform: its length would be ${length}; wanted one that has some, or the option 'length'`,
  );
}

/**
 * The discrete Fourier transform of complex values along an axis: y[k] = Σ x[j]·exp(−2πijk/n).
 *
 * Any length is possible. Lengths with no other prime factors than 2, 3 and 5 take n·log n steps in one kernel; others take about four times as long.
 *
 * @param x complex values […, 2]; {@link complex} makes them
 * @returns complex values in the same shape, but for the length of the axis
 * @throws unless the last axis has two elements and the axis some, and when an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { complex, fft, real } from 'rxtensor/sound';
 * dl.tidy(() => real(fft(complex([1, 0, 0, 0]))).print()); // 1, 1, 1, 1
 * ```
 */
export const fft = complexTransform('fft', false);

/**
 * The inverse of {@link fft}: x[j] = 1/n·Σ y[k]·exp(2πijk/n).
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { complex, fft, ifft, real } from 'rxtensor/sound';
 * dl.tidy(() => real(ifft(fft(complex([1, 2, 3])))).print()); // 1, 2, 3
 * ```
 */
export const ifft = complexTransform('ifft', true);

/**
 * The discrete Fourier transform of real values along an axis, for the frequencies from 0 to n/2: the others are conjugates of these.
 *
 * @param x real values
 * @returns complex values: the axis has ⌊n/2⌋ + 1 elements, and there is a last axis of two
 * @throws when the axis has no elements, and when an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { complexAbs, rfft } from 'rxtensor/sound';
 * // A wave that passes twice in eight samples: all is in frequency 2.
 * dl.tidy(() => complexAbs(rfft([1, 0, -1, 0, 1, 0, -1, 0])).print()); // 0, 0, 4, 0, 0
 * ```
 */
export const rfft = op('rfft', (x: TensorInput, options: FourierOptions | null = null): Tensor => {
  const { axis, length: wanted, norm } = withRules('rfft', options);
  const value = asFloats('rfft', 'x', x);
  const along = normalizeAxis('rfft', axis, value.rank);
  const length = wanted ?? value.shape[along]!;
  assertLength('rfft', length, 1);
  const last = value.rank - 1;
  const rows = moved(withLength(value, along, length), along, last);
  const scale = scaleOf(length, norm, false);
  const found = transform(rows, { kind: 'toHalf', length, inverse: false, scale, middle: 1 });
  return moved(found, last, along);
});

/**
 * The inverse of {@link rfft}: real values from the frequencies from 0 to n/2. The imaginary parts of frequency 0, and of n/2 where n is even, do not count.
 *
 * @param x complex values […, 2]
 * @returns real values: the axis has n elements. n is 2·(frequencies − 1), unless `length` is given, as it must be for an odd n
 * @throws unless the last axis has two elements and n is positive, and when an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { irfft, rfft } from 'rxtensor/sound';
 * dl.tidy(() => irfft(rfft([1, 2, 3, 4, 5]), { length: 5 }).print()); // 1, 2, 3, 4, 5
 * ```
 */
export const irfft = op('irfft', (x: TensorInput, options: FourierOptions | null = null): Tensor => {
  const { axis, length: wanted, norm } = withRules('irfft', options);
  const value = asPairs('irfft', 'x', x);
  const along = normalizeAxis('irfft', axis, value.rank - 1);
  const length = wanted ?? 2 * (value.shape[along]! - 1);
  assertLength('irfft', length, 1);
  const last = value.rank - 2;
  const rows = moved(withLength(value, along, halfOf(length)), along, last);
  const scale = scaleOf(length, norm, true);
  const found = transform(rows, { kind: 'fromHalf', length, inverse: true, scale, middle: 2 });
  return moved(found, last, along);
});

function transform2d(
  name: string,
  once: (x: TensorInput, options: FourierOptions) => Tensor,
): (x: TensorInput, options?: Fourier2dOptions | null) => Tensor {
  return op(name, (x: TensorInput, given: Fourier2dOptions | null = null): Tensor => {
    const options = given ?? {};
    assertOptionValues<Fourier2dOptions>(name, options, {
      axes: [(value) => isIntegers(value, -Infinity, 2), 'two axes'],
      norm: isNorm,
    });
    const { axes = [-2, -1] as const, norm = 'backward' } = options;
    const value = asPairs(name, 'x', x);
    const [first, second] = axes.map((axis) => normalizeAxis(name, axis, value.rank - 1, 'axes'));
    if (first === second) throw wrongArgument(name, 'axes', axes, 'two different axes');
    return once(once(value, { axis: second!, norm }), { axis: first!, norm });
  });
}

/**
 * The discrete Fourier transform of complex values along two axes, as of pictures.
 *
 * @param x complex values [height, width, 2], or with further axes before
 * @returns complex values in the same shape
 * @throws unless the last axis has two elements and the axes some, and when an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { complex, fft2d, real } from 'rxtensor/sound';
 * dl.tidy(() => real(fft2d(complex([[1, 1], [1, 1]]))).print()); // [[4, 0], [0, 0]]
 * ```
 */
export const fft2d = transform2d('fft2d', fft);

/**
 * The inverse of {@link fft2d}.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { complex, fft2d, ifft2d, real } from 'rxtensor/sound';
 * dl.tidy(() => real(ifft2d(fft2d(complex([[1, 2], [3, 4]])))).print()); // [[1, 2], [3, 4]]
 * ```
 */
export const ifft2d = transform2d('ifft2d', ifft);
