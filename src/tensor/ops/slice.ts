import { isIntegers, wrongArgument } from '../argument';
import { op } from '../op';
import type { Rank, RankAbove } from '../rank';
import { formatShape, normalizeAxes, normalizeAxis } from '../shape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { cutOut, cutStrided } from './block';
import { asTensors, concat } from './concat';
import { reshape } from './reshape';
import type { KeepsRank } from './keeps-rank';

/**
 * Gathers the elements begin + i·strides of x, for each index i within `shape`. For use inside ops; it does not check its arguments.
 *
 * @param strides must not be 0; negative ones go backwards
 */
export function stridedBlock(
  name: string,
  x: Tensor,
  shape: number[],
  begin: number[],
  strides: number[],
): Tensor {
  // An empty block may begin outside x, where the gradient could not put it back.
  const attributes = shape.includes(0)
    ? { begin: begin.map(() => 0), strides: strides.map(() => 1) }
    : { begin, strides };
  return cutStrided(name, x, shape, attributes);
}

/**
 * Cuts out the block of x that begins at `begin` and has the extents `size`.
 *
 * @param begin the first index along each axis; 0 along axes that are left out. A number stands for the first axis
 * @param size the extent along each axis; −1, or left out, goes to the end
 * @throws when the block does not lie inside x
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.slice([1, 2, 3, 4], 1, 2).print(); // 2, 3
 * ```
 */
export const slice = op('slice', function slice<
  T extends Tensor,
>(x: T | TensorInput, begin: number | number[], size?: number | number[]): T {
  return sliced('slice', asTensor('slice', 'x', x), begin, size) as T;
}) as KeepsRank<Tensor, [begin: number | number[], size?: number | number[]]>;

/** {@link slice} of a tensor, for use inside ops. `name` is the op that calls it. */
export function sliced(
  name: string,
  value: Tensor,
  begin: number | number[],
  size?: number | number[] | null,
): Tensor {
  if (value.rank === 0) throw new Error(`${name}: argument 'x' is a scalar; wanted at least one axis`);
  const starts = typeof begin === 'number' ? [begin] : begin;
  const sizes = size === undefined || size === null ? [] : typeof size === 'number' ? [size] : size;
  for (const [argument, given] of Object.entries({ begin: starts, size: sizes })) {
    if (!Array.isArray(given) || given.length > value.rank || !given.every(Number.isInteger)) {
      throw wrongArgument(name, argument, given, `at most ${value.rank} integers, one for each axis`);
    }
  }
  const first = value.shape.map((_: number, axis: number) => starts[axis] ?? 0);
  const shape = value.shape.map((extent: number, axis: number) => {
    const wanted = sizes[axis] ?? -1;
    return wanted === -1 ? extent - first[axis]! : wanted;
  });
  value.shape.forEach((extent: number, axis: number) => {
    const start = first[axis]!;
    const count = shape[axis]!;
    if (start < 0 || count < 0 || start + count > extent) {
      throw new Error(
        `${name}: arguments 'begin' and 'size' ask for [${start}, ${start + count}) of axis ${axis}; wanted a range inside [0, ${extent})`,
      );
    }
  });
  return cutOut(value, first, shape);
}

/**
 * Reverses the order of the elements along some axes, or along all of them when `axis` is left out.
 *
 * @throws when there is no such axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.reverse([1, 2, 3]).print(); // 3, 2, 1
 * ```
 */
export const reverse = op('reverse', function reverse<
  T extends Tensor,
>(x: T | TensorInput, axis?: number | number[]): T {
  return reversed('reverse', asTensor('reverse', 'x', x), axis) as T;
}) as KeepsRank<Tensor, [axis?: number | number[]]>;

/** {@link reverse} of a tensor, for use inside ops. `name` is the op that calls it. */
export function reversed(name: string, value: Tensor, axis?: number | number[]): Tensor {
  const axes = normalizeAxes(name, axis, value.rank);
  const begin = value.shape.map((extent: number, i: number) =>
    axes.includes(i) ? Math.max(0, extent - 1) : 0,
  );
  const strides = value.shape.map((_: number, i: number) => (axes.includes(i) ? -1 : 1));
  return cutStrided(name, value, value.shape, { begin, strides });
}

/**
 * Splits x along an axis into equal parts, or into parts of given extents.
 *
 * @param numOrSizeSplits the number of equal parts, or the extent of each part (one may be −1: the rest)
 * @param axis 0 by default
 * @throws when the parts do not add up to the extent of the axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const [a, b] = dl.split([1, 2, 3, 4], 2);
 * b?.print(); // 3, 4
 * dl.dispose([a, b]);
 * ```
 */
export const split = op('split', function split<
  T extends Tensor,
>(x: T | TensorInput, numOrSizeSplits: number | number[], axis = 0): T[] {
  const value = asTensor('split', 'x', x);
  const along = normalizeAxis('split', axis, value.rank);
  const extent = value.shape[along]!;
  const isCount = typeof numOrSizeSplits === 'number';
  const count = isCount && Number.isInteger(numOrSizeSplits) && numOrSizeSplits > 0 ? numOrSizeSplits : 0;
  if (!isCount && !isIntegers(numOrSizeSplits, -1)) {
    throw wrongArgument(
      'split',
      'numOrSizeSplits',
      numOrSizeSplits,
      'a positive integer, or an array of sizes',
    );
  }
  const sizes = isCount ? new Array<number>(count).fill(extent / count) : [...numOrSizeSplits];
  const rest = sizes.indexOf(-1);
  if (rest >= 0) sizes[rest] = extent - sizes.reduce((sum, each) => sum + each, 1);
  const total = sizes.reduce((sum, each) => sum + each, 0);
  if (
    sizes.some((each) => !Number.isInteger(each) || each < 0) ||
    total !== extent ||
    (isCount && count === 0)
  ) {
    throw new Error(
      `split: argument 'numOrSizeSplits' is ${isCount ? numOrSizeSplits : formatShape(numOrSizeSplits)}; ` +
        `wanted parts that add up to ${extent}, the extent of axis ${along}`,
    );
  }
  let start = 0;
  return sizes.map((count) => {
    const begin = value.shape.map((_: number, i: number) => (i === along ? start : 0));
    const shape = value.shape.map((other: number, i: number) => (i === along ? count : other));
    start += count;
    return cutStrided('split', value, shape, { begin, strides: shape.map(() => 1) }) as T;
  });
});

/**
 * Joins tensors of one shape and dtype along a new axis.
 *
 * @param axis the place of the new axis; 0 by default
 * @throws when shapes or dtypes differ, or the list is empty
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.stack([[1, 2], [3, 4]]).print(); // [1, 2], [3, 4]
 * ```
 */
export const stack = op('stack', function stack<
  T extends Tensor,
>(tensors: readonly (T | TensorInput)[], axis = 0): Stacked<T> {
  const values = asTensors('stack', tensors);
  const along = normalizeAxis('stack', axis, values[0]!.rank + 1);
  const shape: number[] = [...values[0]!.shape];
  values.forEach((each, i) => {
    if (formatShape(each.shape) !== formatShape(shape)) {
      throw new Error(
        `stack: argument 'tensors[${i}]' has shape ${formatShape(each.shape)}; wanted ${formatShape(shape)}, as the first`,
      );
    }
  });
  const [{ dtype }] = values as [Tensor, ...Tensor[]];
  const other = values.findIndex((each) => each.dtype !== dtype);
  if (other !== -1) {
    throw new Error(
      `stack: argument 'tensors[${other}]' is ${values[other]!.dtype}; wanted ${dtype}, as the first: cast one of them`,
    );
  }
  const unit = [...shape];
  unit.splice(along, 0, 1);
  return concat(
    values.map((each) => reshape(each, unit)),
    along,
  ) as Stacked<T>;
});

/** A tensor with one axis more. */
type Stacked<T extends Tensor> = T extends Tensor<infer R> ? Tensor<RankAbove<R>> : Tensor;

/**
 * Splits x into its slices along an axis (0 by default). The slices lack that axis.
 *
 * @throws when there is no such axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => {
 *   for (const row of dl.tensor2d([[1, 2], [3, 4]]).unstack()) row.print(); // 1, 2, then 3, 4
 * });
 * ```
 */
export const unstack = op('unstack', function unstack<
  R extends Rank = Rank,
>(x: TensorInput, axis = 0): Tensor<R>[] {
  const value = asTensor('unstack', 'x', x);
  const along = normalizeAxis('unstack', axis, value.rank);
  const shape = value.shape.filter((_: number, i: number) => i !== along);
  const extent = value.shape[along]!;
  if (extent === 0) return [];
  return split(value, extent, along).map((part) => reshape<R>(part, shape));
});
