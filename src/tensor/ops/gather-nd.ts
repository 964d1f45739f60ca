/** Ops whose indices run over several axes at once. The indices are flattened, and a gather or a scatter does the rest. */
import { lazy } from '../lazy';
import { sizeOf } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { promote } from '../dtype';
import { op } from '../op';
import type { Rank, ShapeMap } from '../rank';
import { assertShape, formatShape } from '../shape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { greaterEqual } from './arithmetic';
import { castTo } from './cast';
import { gatherFlat, scatterAdd } from './gather';
import { reshape } from './reshape';
import { where } from './where';
import type { KeepsRank } from './keeps-rank';

/** Indices of shape [...batch, depth] into the first `depth` axes of a shape. */
export interface Places {
  /** Computes one flat index for each place, −1 if it is out of range. Lazy, so that the other arguments are checked first. */
  readonly flat: () => Tensor;
  readonly batch: number[];
  /** The number of places in the first `depth` axes. */
  readonly extent: number;
  /** The shape of the slice at each place: the remaining axes. */
  readonly inner: number[];
}

export function placesOf(name: string, indices: TensorInput, shape: readonly number[]): Places {
  const at = asTensor(name, 'indices', indices, 'int32');
  if (at.dtype !== 'int32') throw new Error(`${name}: argument 'indices' is ${at.dtype}; wanted int32`);
  const depth = at.shape[at.rank - 1];
  if (depth === undefined || depth > shape.length) {
    throw new Error(
      `${name}: argument 'indices' has shape ${formatShape(at.shape)}; wanted a last axis of at most ${shape.length}, ` +
        `for places in the shape ${formatShape(shape)}`,
    );
  }
  const batch = at.shape.slice(0, -1);
  const extents = shape.slice(0, depth);
  const flat = lazy(() => dispatchOne(name, 'flattenIndices', [at], [sizeOf(batch)], 'int32', { extents }));
  return { flat, batch, extent: sizeOf(extents), inner: shape.slice(depth) };
}

/**
 * Reads indices of rank 1. If the updates have the rank of the whole tensor, each index is a place along the first axis, as in
 * TensorFlow.js. Otherwise the indices are the coordinates of one place, and the updates the slice for it.
 */
export function asPlaces(
  name: string,
  indices: TensorInput,
  updates: TensorInput,
  rank: number,
): TensorInput {
  const at = asTensor(name, 'indices', indices, 'int32');
  const isList = at.rank === 1 && asTensor(name, 'updates', updates).rank === rank;
  return isList ? reshape(at, [at.size, 1]) : at;
}

export function asUpdates(name: string, updates: TensorInput, { batch, inner }: Places): Tensor {
  const values = asTensor(name, 'updates', updates);
  const wanted = [...batch, ...inner];
  if (formatShape(values.shape) !== formatShape(wanted)) {
    throw new Error(
      `${name}: argument 'updates' has shape ${formatShape(values.shape)}; wanted ${formatShape(wanted)}, ` +
        "one slice for each of the argument 'indices'",
    );
  }
  return values;
}

/**
 * Gathers slices of x at indices that run over its first axes. An index out of range gives zeros.
 *
 * @param indices int32, [...batch, depth]: each row of `depth` numbers is the place of one slice
 * @returns [...batch, ...x.shape.slice(depth)], of x's dtype
 * @throws unless the indices are int32 and depth ≤ x.rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.gatherND([[1, 2], [3, 4]], dl.tensor2d([[0, 1], [1, 0]], [2, 2], 'int32')).print(); // 2, 3
 * ```
 */
export const gatherND = op('gatherND', function gatherND(x: TensorInput, indices: TensorInput): Tensor {
  const value = asTensor('gatherND', 'x', x);
  const { flat, batch, extent, inner } = placesOf('gatherND', indices, value.shape);
  return gatherFlat('gatherND', value, flat(), [...batch, ...inner], {
    outer: 1,
    extent,
    inner: sizeOf(inner),
  });
});

/**
 * Adds slices into a tensor of zeros, at indices that run over its first axes. Slices for the same place are summed; slices whose index
 * is out of range are ignored.
 *
 * @param indices int32, [...batch, depth]: each row of `depth` numbers is the place of one slice; or [n], places along the first axis
 * @param updates the slices, [...batch, ...shape.slice(depth)]
 * @param shape the shape of the result, which has the updates' dtype
 * @throws when the shapes do not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.scatterND([[1], [3], [1]], [10, 20, 5], [4]).print(); // 0, 15, 0, 20
 * dl.scatterND([1, 3], [10, 20], [4]).print(); // 0, 10, 0, 20
 * ```
 */
export const scatterND = op('scatterND', function scatterND<
  R extends Rank = Rank,
>(indices: TensorInput, updates: TensorInput, shape: ShapeMap[R] | number[]): Tensor<R> {
  assertShape('scatterND', shape);
  const places = placesOf('scatterND', asPlaces('scatterND', indices, updates, shape.length), shape);
  const values = asUpdates('scatterND', updates, places);
  const summed = values.dtype === 'bool' ? castTo(values, 'int32') : values;
  const view = { outer: 1, extent: places.extent, inner: sizeOf(places.inner) };
  return castTo(scatterAdd(summed, places.flat(), [...shape], view), values.dtype) as Tensor<R>;
});

/**
 * Replaces slices of x at indices that run over its first axes. Of several slices for one place, the last one stays; slices whose index is
 * out of range are ignored. The gradient of each element goes to where it came from: x or the updates.
 *
 * @param indices int32, [...batch, depth]: each row of `depth` numbers is the place of one slice; or [n], places along the first axis
 * @param updates the slices, [...batch, ...x.shape.slice(depth)]
 * @returns a tensor of x's shape, in the common dtype of x and the updates
 * @throws when the shapes do not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tensorScatterUpdate([1, 2, 3], dl.tensor2d([[1]], [1, 1], 'int32'), [9]).print(); // 1, 9, 3
 * ```
 */
export const tensorScatterUpdate = op('tensorScatterUpdate', function tensorScatterUpdate<
  T extends Tensor,
>(x: T | TensorInput, indices: TensorInput, updates: TensorInput): T {
  const name = 'tensorScatterUpdate';
  const value = asTensor(name, 'x', x);
  const places = placesOf(name, asPlaces(name, indices, updates, value.rank), value.shape);
  const updated = asUpdates(name, updates, places);
  const dtype = promote(value.dtype, updated.dtype);
  const inner = sizeOf(places.inner);
  const flat = places.flat();
  const last = dispatchOne(name, 'lastPlaces', [flat], [places.extent], 'int32', {});
  const view = { outer: 1, extent: flat.size, inner };
  const seen = gatherFlat(name, castTo(updated, dtype), last, [places.extent, inner], view);
  const old = reshape(castTo(value, dtype), [places.extent, inner]);
  const isNew = reshape(greaterEqual(last, 0), [places.extent, 1]);
  return reshape(where(isNew, seen, old), [...value.shape]) as T;
}) as KeepsRank<Tensor, [indices: TensorInput, updates: TensorInput]>;
