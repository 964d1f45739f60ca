import { assertInteger } from '../../tensor/argument';
import { promote, sumType } from '../../tensor/dtype';
import { op } from '../../tensor/op';
import { cast, gather, mul, reshape, sub, tensor1d } from '../../tensor/ops';
import { broadcastShape, formatShape, normalizeAxis } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';

/** Two operands in their common dtype; int32 for bool. */
function operands(name: string, a: TensorInput, b: TensorInput): [Tensor, Tensor] {
  const [first, second] = [asTensor(name, 'a', a), asTensor(name, 'b', b)];
  const dtype = sumType(promote(first.dtype, second.dtype));
  return [cast(first, dtype), cast(second, dtype)];
}

/**
 * The Kronecker product, as NumPy's `kron`: each element of a is replaced by its product with all of b. Where the ranks differ, the lesser one gets
 * axes of extent 1 in front.
 *
 * @returns the common dtype of both, int32 for bool; each extent is the product of both extents
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { kron } from 'rxtensor/ops';
 * dl.tidy(() => kron([[1, 2]], [[1], [10]]).print()); // [[1, 2], [10, 20]]
 * ```
 */
export const kron = op('kron', (a: TensorInput, b: TensorInput): Tensor => {
  const [first, second] = operands('kron', a, b);
  const rank = Math.max(first.rank, second.rank);
  const extents = ({ shape }: Tensor): number[] => [
    ...new Array<number>(rank - shape.length).fill(1),
    ...shape,
  ];
  const [rows, columns] = [extents(first), extents(second)];
  // The axes of both in turn, so that neighbours become one.
  const product = mul(
    reshape(
      first,
      rows.flatMap((extent) => [extent, 1]),
    ),
    reshape(
      second,
      columns.flatMap((extent) => [1, extent]),
    ),
  );
  return reshape(
    product,
    rows.map((extent, axis) => extent * columns[axis]!),
  );
});

/**
 * The cross products of vectors of three elements, as NumPy's `cross` and TensorFlow's `linalg.cross`. The shapes are broadcast together.
 *
 * @param axis the axis of the three elements; the last one by default
 * @returns the common dtype of both, int32 for bool
 * @throws unless the axis has three elements in both, and the shapes can be broadcast together
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { cross } from 'rxtensor/ops';
 * dl.tidy(() => cross([1, 0, 0], [0, 1, 0]).print()); // 0, 0, 1
 * ```
 */
export const cross = op('cross', (a: TensorInput, b: TensorInput, axis = -1): Tensor => {
  const [first, second] = operands('cross', a, b);
  assertInteger('cross', 'axis', axis, -Infinity);
  const shape = broadcastShape('cross', first.shape, second.shape);
  const along = normalizeAxis('cross', axis, shape.length);
  for (const [argument, given] of Object.entries({ a: first, b: second })) {
    if (given.shape[along - shape.length + given.rank] === 3) continue;
    throw new Error(
      `cross: argument '${argument}' has shape ${formatShape(given.shape)}; wanted 3 elements along the axis ${along - shape.length}`,
    );
  }
  const next = tensor1d([1, 2, 0], 'int32');
  const turned = (x: Tensor): Tensor => gather(x, next, along - shape.length);
  // With r(v)ᵢ = vᵢ₊₁: a × b = r(a·r(b) − r(a)·b).
  return turned(sub(mul(first, turned(second)), mul(turned(first), second)));
});
