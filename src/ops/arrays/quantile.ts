import { op } from '../../tensor/op';
import {
  add,
  cast,
  equal,
  gather,
  isInf,
  isNaN,
  logicalAnd,
  mul,
  reshape,
  slice,
  sub,
  tensor1d,
  topk,
  transpose,
  where,
} from '../../tensor/ops';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import { normalizeAxes } from '../../tensor/shape';
import { wrongArgument } from '../../tensor/argument';
import { sizeOf } from '../../kernels';
import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';

/** Between the elements at `lower` and `upper` in ascending order, `part` of the way. */
interface Place {
  readonly lower: number;
  readonly upper: number;
  readonly part: number;
}

const clamped = (index: number, n: number): number => Math.max(0, Math.min(index, n - 1));

/** An element. */
const element = (index: number, n: number): Place => ({
  lower: clamped(index, n),
  upper: clamped(index, n),
  part: 0,
});

/** The place at a fractional index. `partOf` may choose another part of the way. */
function between(index: number, n: number, partOf = (part: number): number => part): Place {
  if (index < 0 || index >= n - 1) return element(Math.floor(index), n);
  const lower = Math.floor(index);
  return { lower, upper: lower + 1, part: partOf(index - lower) };
}

/** Hyndman and Fan's continuous methods, by their parameters α and β. */
const continuous =
  (alpha: number, beta: number) =>
  (q: number, n: number): Place =>
    between(n * q + alpha + q * (1 - alpha - beta) - 1, n);

/** Rounds to the nearest integer, halves to the even one. */
function roundedToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Where the quantile q of n elements lies, by the methods of NumPy's `quantile`. The first nine are those of Hyndman and Fan, "Sample quantiles in statistical packages", 1996. */
const methods = {
  inverted_cdf: (q: number, n: number): Place => element(Math.ceil(n * q) - 1, n),
  averaged_inverted_cdf: (q: number, n: number): Place =>
    between(n * q - 1, n, (part) => (part === 0 ? 0.5 : 1)),
  closest_observation: (q: number, n: number): Place => {
    const index = n * q - 1.5;
    const lower = Math.floor(index);
    return element(index === lower && Math.abs(lower % 2) === 1 ? lower : lower + 1, n);
  },
  interpolated_inverted_cdf: continuous(0, 1),
  hazen: continuous(0.5, 0.5),
  weibull: continuous(0, 0),
  linear: (q: number, n: number): Place => between((n - 1) * q, n),
  median_unbiased: continuous(1 / 3, 1 / 3),
  normal_unbiased: continuous(3 / 8, 3 / 8),
  lower: (q: number, n: number): Place => element(Math.floor((n - 1) * q), n),
  higher: (q: number, n: number): Place => element(Math.ceil((n - 1) * q), n),
  nearest: (q: number, n: number): Place => element(roundedToEven((n - 1) * q), n),
  midpoint: (q: number, n: number): Place => between((n - 1) * q, n, (part) => (part === 0 ? 0 : 0.5)),
} as const;

/** How {@link quantile} chooses between two elements: the names are NumPy's. */
export type QuantileMethod = keyof typeof methods;

/** Options of {@link quantile}. */
export interface QuantileOptions {
  /** The axis, or a list; null, the default: all of them. */
  readonly axis?: number | readonly number[] | null;
  /** Whether the axes stay, with one element each; false by default. */
  readonly keepDims?: boolean;
  /** 'linear' by default. */
  readonly method?: QuantileMethod;
}

/**
 * Quantiles of the elements along axes, as NumPy's `quantile`. The gradient flows to the elements between which a quantile lies. A row with NaN gives NaN.
 *
 * @param x at least one element along the axes
 * @param q numbers from 0 to 1. Not a tensor: they decide which elements are read
 * @returns float32, in x's shape without the axes; a list of quantiles gives a first axis, with one element for each
 * @throws unless the quantiles lie in [0, 1] and the axes have elements, and when an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { quantile } from 'rxtensor/ops';
 * dl.tidy(() => quantile([1, 2, 3, 4], [0.25, 0.5]).print()); // 1.75, 2.5
 * ```
 */
export const quantile = op(
  'quantile',
  (x: TensorInput, q: number | readonly number[], options: QuantileOptions | null = null): Tensor => {
    const value = asTensor('quantile', 'x', x);
    const given = options ?? {};
    assertOptionValues<QuantileOptions>('quantile', given, {
      // normalizeAxes checks it, with a better message.
      axis: [() => true, ''],
      keepDims: isOneOf([true, false]),
      method: isOneOf(Object.keys(methods)),
    });
    const { axis = null, keepDims = false, method = 'linear' } = given;
    const wanted: readonly number[] = typeof q === 'number' ? [q] : q;
    const isQuantile = (each: unknown): boolean => typeof each === 'number' && each >= 0 && each <= 1;
    if (!(Array.isArray(wanted) && (wanted as unknown[]).every(isQuantile)))
      throw wrongArgument('quantile', 'q', q, 'a number in [0, 1], or an array of them');
    const axes = normalizeAxes('quantile', axis, value.rank);
    const kept = value.shape.map((_, i) => i).filter((i) => !axes.includes(i));
    const outer = kept.map((i) => value.shape[i]!);
    const count = sizeOf(axes.map((i) => value.shape[i]!));
    if (count === 0)
      throw new Error("quantile: argument 'x' has no elements along the axes; wanted at least one");
    const rows = reshape(transpose(value, [...kept, ...axes]), [sizeOf(outer), count]);
    const found = ofRows(
      rows.dtype === 'bool' ? cast(rows, 'int32') : rows,
      wanted.map((each: number) => methods[method](each, count)),
    );
    const shape = keepDims ? value.shape.map((extent, i) => (axes.includes(i) ? 1 : extent)) : outer;
    return typeof q === 'number'
      ? reshape(found, shape)
      : reshape(transpose(found, [1, 0]), [wanted.length, ...shape]);
  },
);

/** [rows, places]. */
function ofRows(rows: Tensor, places: readonly Place[]): Tensor {
  const [count, n] = rows.shape as [number, number];
  // No more is sorted than the least place needs.
  const least = places.reduce((least, { lower }) => Math.min(least, lower), n - 1);
  const { values } = topk(rows, n - least);
  const descending = cast(values, 'float32');
  const at = (indices: readonly number[]): Tensor =>
    gather(
      descending,
      tensor1d(
        indices.map((index) => n - 1 - index),
        'int32',
      ),
      1,
    );
  const lower = at(places.map((place) => place.lower));
  const parts = places.map(({ part }) => part);
  let found = lower;
  if (parts.some((part) => part > 0)) {
    const upper = at(places.map((place) => place.upper));
    // Between two elements that are infinite alike, ∞ − ∞ would be NaN.
    const isSame = logicalAnd(isInf(lower), equal(lower, upper));
    const gap = where(isSame, 0, sub(upper, lower));
    const mixed = add(lower, mul(gap, tensor1d(parts)));
    // An element itself, also beside an infinite one.
    found = where(
      tensor1d(
        parts.map((part) => part === 0),
        'bool',
      ),
      lower,
      mixed,
    );
  }
  // NaN comes first.
  const greatest = slice(descending, [0, 0], [count, 1]);
  return where(isNaN(greatest), greatest, found);
}
