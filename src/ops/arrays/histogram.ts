import { isIntegerFrom } from '../../tensor/argument';
import { op } from '../../tensor/op';
import {
  add,
  bincount,
  cast,
  div,
  equal,
  greaterEqual,
  lessEqual,
  logicalAnd,
  max,
  min,
  minimum,
  mul,
  reshape,
  scalar,
  searchSorted,
  slice,
  sub,
  tensor1d,
  where,
} from '../../tensor/ops';
import { assertOptionValues } from '../../tensor/options';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';

/** Options of {@link histogram}. */
export interface HistogramOptions {
  /** How many bins of one width, at most 2²⁴, or the edges of bins in ascending order, one more than bins; 10 by default. */
  readonly bins?: number | readonly number[];
  /** The least edge and the greatest one of bins of one width; null, the default: the least element and the greatest one. */
  readonly range?: readonly [number, number] | null;
  /** What each element counts, in x's shape; null, the default: 1. Gradients flow to it. */
  readonly weights?: TensorInput | null;
  /** Divides by the sum of all and the widths of the bins, so that the integral is 1; false by default. */
  readonly density?: boolean;
}

/** What {@link histogram} gives. */
export interface Histogram {
  /** What is in each bin: int32 [bins]; float32 with weights of float32 or a density. */
  readonly counts: Tensor;
  /** float32 [bins + 1]. */
  readonly edges: Tensor;
}

/** float32 cannot tell more edges apart. */
const MOST_BINS = 2 ** 24;

/** Whether numbers are finite in float32, and ascend. */
const isAscending = (values: readonly number[]): boolean =>
  values.every((value, i) => Number.isFinite(Math.fround(value)) && (i === 0 || value >= values[i - 1]!));

/**
 * Counts elements in bins, by the rules of NumPy's `histogram`: a bin has its lower edge, and the last one has both. Elements outside of all bins, and NaN, do not
 * count. Where all elements are equal, the bins reach half a unit to each side; without elements they lie between 0 and 1.
 *
 * Nothing is read from the device. Without a range, the edges are found there: they are NaN if an element is NaN or infinite, and nothing is in any bin. The edges
 * are float32, so that a number at an edge may be in the neighbour of the bin that float64 would choose.
 *
 * @param x of any shape
 * @throws when an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { histogram } from 'rxtensor/ops';
 * dl.tidy(() => {
 *   const { counts, edges } = histogram([0, 1, 1, 4], { bins: 2 });
 *   counts.print(); // 3, 1
 *   edges.print(); // 0, 2, 4
 * });
 * ```
 */
export const histogram = op(
  'histogram',
  (x: TensorInput, options: HistogramOptions | null = null): Histogram => {
    const value = asTensor('histogram', 'x', x);
    const given = options ?? {};
    assertOptionValues<HistogramOptions>('histogram', given, {
      bins: [
        (bins) =>
          (isIntegerFrom(bins, 1) && bins <= MOST_BINS) ||
          (Array.isArray(bins) && bins.length > 1 && isAscending(bins as number[])),
        'an integer from 1 to 2²⁴, or two edges or more, finite in float32 and in ascending order',
      ],
      range: [
        (range) =>
          range === null || (Array.isArray(range) && range.length === 2 && isAscending(range as number[])),
        'two numbers that are finite in float32, the lesser one first, or null',
      ],
      weights: [() => true, ''],
      density: [(density) => typeof density === 'boolean', 'true or false'],
    });
    const { bins = 10, range = null, density = false } = given;
    const flat = reshape(cast(value, 'float32'), [value.size]);
    const edges =
      typeof bins !== 'number'
        ? tensor1d([...bins])
        : value.size === 0 || range !== null
          ? evenly(bins, range ?? [0, 1])
          : between(bins, flat);
    const count = edges.size - 1;
    const edge = (index: number): Tensor => slice(edges, [index], [1]);
    const isInside = logicalAnd(greaterEqual(flat, edge(0)), lessEqual(flat, edge(count)));
    const bin = minimum(
      sub(searchSorted(edges, flat, 'right'), scalar(1, 'int32')),
      scalar(count - 1, 'int32'),
    );
    const labels = where(isInside, bin, scalar(-1, 'int32'));
    const counts = bincount(labels, weightsOf(value, given.weights ?? null), count);
    if (!density) return { counts, edges };
    const widths = sub(slice(edges, [1], [count]), slice(edges, [0], [count]));
    const sums = cast(counts, 'float32');
    return { counts: div(sums, mul(sums.sum(), widths)), edges };
  },
);

/** @throws unless they have the shape of x */
function weightsOf(x: Tensor, given: TensorInput | null): Tensor {
  if (given === null) return tensor1d([], 'int32');
  const weights = asTensor('histogram', 'weights', given);
  if (formatShape(weights.shape) === formatShape(x.shape)) return reshape(weights, [x.size]);
  throw new Error(
    `histogram: option 'weights' has shape ${formatShape(weights.shape)}; wanted ${formatShape(x.shape)}, as 'x'`,
  );
}

/** Edges between numbers, each rounded once. */
function evenly(bins: number, [low, high]: readonly [number, number]): Tensor {
  const [least, most] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  return tensor1d(
    Float32Array.from({ length: bins + 1 }, (_, i) =>
      i === bins ? most : least + (i * (most - least)) / bins,
    ),
  );
}

/** Edges between the least and the greatest element. */
function between(bins: number, flat: Tensor): Tensor {
  const [low, high] = [min(flat), max(flat)];
  const isOne = equal(low, high);
  const least = where(isOne, sub(low, 0.5), low);
  const most = where(isOne, add(high, 0.5), high);
  const parts = evenly(bins, [0, 1]);
  return where(equal(parts, 1), most, add(least, mul(sub(most, least), parts)));
}
