import { op } from '../../tensor/op';
import { cast, reshape } from '../../tensor/ops';
import { asPlaces, asUpdates, placesOf } from '../../tensor/ops/gather-nd';
import type { KeepsRank } from '../../tensor/ops/keeps-rank';
import { promote } from '../../tensor/dtype';
import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';
import { segmentExtreme } from './extreme';

type ScatterOp = KeepsRank<Tensor, [indices: TensorInput, updates: TensorInput]>;

function scatterOf(name: string, which: 'max' | 'min'): ScatterOp {
  return op(name, <T extends Tensor>(x: T | TensorInput, indices: TensorInput, updates: TensorInput): T => {
    const value = asTensor(name, 'x', x);
    const places = placesOf(name, asPlaces(name, indices, updates, value.rank), value.shape);
    const updated = asUpdates(name, updates, places);
    const common = promote(value.dtype, updated.dtype);
    const dtype = common === 'bool' ? 'int32' : common;
    const { extent, inner } = places;
    const initial = cast(value, dtype);
    const found = segmentExtreme(name, which, cast(updated, dtype), places.flat(), { extent, inner, initial, empty: 0 }); // prettier-ignore
    return cast(reshape(found, [...value.shape]), common) as T;
  });
}

/**
 * The greater of x and of the slices that are put into it at indices over its first axes, element by element; several slices may have one place. A NaN gives NaN.
 * Slices whose index is out of range are ignored. The gradient of an element is divided equally among x and the updates that have its value. As
 * `tf.tensor_scatter_nd_max`.
 *
 * @param x any tensor
 * @param indices int32, [...batch, depth]: each row of `depth` numbers is the place of one slice; or [n], places along the first axis
 * @param updates the slices, [...batch, ...x.shape.slice(depth)]
 * @returns a tensor of x's shape, in the common dtype of x and the updates
 * @throws when the shapes do not fit, or the indices are not int32
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { tensorScatterMax } from 'rxtensor/ops';
 * dl.tidy(() => tensorScatterMax([1, 2, 3], dl.tensor2d([[1], [1], [2]], [3, 1], 'int32'), [9, 5, 0]).print()); // 1, 9, 3
 * ```
 */
export const tensorScatterMax = scatterOf('tensorScatterMax', 'max');

/**
 * The less of x and of the slices that are put into it; see {@link tensorScatterMax}. As `tf.tensor_scatter_nd_min`.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { tensorScatterMin } from 'rxtensor/ops';
 * dl.tidy(() => tensorScatterMin([1, 2, 3], dl.tensor2d([[1], [1], [2]], [3, 1], 'int32'), [9, 5, 0]).print()); // 1, 2, 0
 * ```
 */
export const tensorScatterMin = scatterOf('tensorScatterMin', 'min');
