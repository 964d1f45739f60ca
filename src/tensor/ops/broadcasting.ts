import { assertOneOf, isIntegerFrom, wrongArgument } from '../argument';
import { op } from '../op';
import type { Rank, ShapeMap } from '../rank';
import { formatShape } from '../shape';
import type { Tensor, Tensor2D } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { clone } from './cast';
import type { Indexing } from './method-types';
import { broadcastTo, reshape } from './reshape';

/**
 * Checks that x has the given shape, and returns it unchanged.
 *
 * @param shape the expected extents; null accepts any extent
 * @throws when x has another shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.ensureShape([[1, 2]], [null, 2]).print();
 * ```
 */
export const ensureShape = op('ensureShape', function ensureShape<
  R extends Rank = Rank,
>(x: TensorInput, shape: ShapeMap[R] | readonly (number | null)[]): Tensor<R> {
  const value = asTensor('ensureShape', 'x', x);
  const wanted: readonly (number | null)[] = shape;
  const isShape =
    Array.isArray(shape) && wanted.every((extent) => extent === null || isIntegerFrom(extent, 0));
  if (!isShape)
    throw wrongArgument('ensureShape', 'shape', shape, 'an array of non-negative integers and null');
  const fits =
    wanted.length === value.rank &&
    wanted.every((extent, axis) => extent === null || extent === value.shape[axis]);
  if (!fits) {
    throw new Error(
      `ensureShape: argument 'x' has shape ${formatShape(value.shape)}; wanted [${wanted.map((extent) => extent ?? 'any').join(',')}]`,
    );
  }
  return clone<Tensor<R>>(value);
});

/**
 * The coordinates of the points of a grid. Of two vectors x and y it makes two matrices: the x coordinate of each point and the y
 * coordinate of each point.
 *
 * @param x the coordinates along one axis, a vector or a scalar
 * @param y the coordinates along the other axis
 * @param options the order of the axes, as a string or as `{indexing}`: 'xy' (the default) gives [y.size, x.size], as for images; 'ij'
 *   gives [x.size, y.size]
 * @returns both matrices; x alone if y is left out, an empty array if both are
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const [columns, rows] = dl.meshgrid([1, 2, 3], [4, 5]);
 * columns?.print(); // [1, 2, 3], [1, 2, 3]
 * rows?.print(); // [4, 4, 4], [5, 5, 5]
 * ```
 */
export const meshgrid = op(
  'meshgrid',
  function meshgrid(
    x?: TensorInput | null,
    y?: TensorInput | null,
    options: Indexing | { readonly indexing?: Indexing } = 'xy',
  ): Tensor2D[] {
    const isRecord = typeof options === 'object' && (options as unknown) !== null;
    const indexing =
      isRecord && Object.keys(options).every((key) => key === 'indexing')
        ? (options.indexing ?? 'xy')
        : options;
    assertOneOf('meshgrid', 'options', indexing, ['xy', 'ij']);
    const isLeftOut = (each: unknown): boolean => each === undefined || each === null;
    const count = isLeftOut(x) ? 0 : isLeftOut(y) ? 1 : 2;
    const [first, second] = [x, y].slice(0, count).map((each, i) => asTensor('meshgrid', 'xy'[i]!, each!));
    if (!first) return [];
    if (!second) return [clone<Tensor2D>(first)];
    const [width, height] = [first.size, second.size];
    const isImage = indexing === 'xy';
    const shape = isImage ? [height, width] : [width, height];
    return [
      broadcastTo<Rank.R2>(reshape(first, isImage ? [1, width] : [width, 1]), shape),
      broadcastTo<Rank.R2>(reshape(second, isImage ? [height, 1] : [1, height]), shape),
    ];
  },
);
