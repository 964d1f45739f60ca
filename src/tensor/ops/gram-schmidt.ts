import { op } from '../op';
import { formatShape } from '../shape';
import type { Tensor, Tensor1D, Tensor2D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import { div, mul, sub } from './arithmetic';
import { castTo } from './cast';
import { norm } from './norm';
import { sum } from './reduction';
import { stack, unstack } from './slice';

/** Modified Gram–Schmidt: each projection is taken of the remainder, which rounds better than taking it of the original vector. */
function orthonormal(vectors: readonly Tensor[]): Tensor[] {
  const done: Tensor[] = [];
  for (const vector of vectors) {
    let rest = vector;
    for (const unit of done) rest = sub(rest, mul(sum(mul(unit, rest)), unit));
    done.push(div(rest, norm(rest)));
  }
  return done;
}

/**
 * Orthonormalizes vectors by the modified Gram–Schmidt process: for each k, the first k results span the same space as the first k
 * vectors. Linearly dependent vectors give NaN or noise.
 *
 * @param xs vectors of one length, or a matrix whose rows are the vectors
 * @returns the orthonormal vectors as float32, as a list or a matrix like `xs`
 * @throws when there are no vectors, more vectors than their length, or the lengths differ
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x = dl.tensor2d([[3, 0], [4, 5]]);
 * dl.linalg.gramSchmidt(x).print(); // [[1, 0], [0, 1]]
 * x.dispose();
 * ```
 */
export const gramSchmidt = op('gramSchmidt', gramSchmidtOf) as {
  (xs: Tensor1D[]): Tensor1D[];
  (xs: Tensor2D): Tensor2D;
  (xs: readonly TensorInput[] | Tensor2D): Tensor1D[] | Tensor2D;
};

function gramSchmidtOf(xs: readonly TensorInput[] | Tensor2D): Tensor | Tensor[] {
  const isList = Array.isArray(xs);
  const vectors = isList
    ? xs.map((x: TensorInput, i) => castTo(asRank('gramSchmidt', `xs[${i}]`, x, 1), 'float32'))
    : unstack(castTo(asRank('gramSchmidt', 'xs', xs as Tensor2D, 2), 'float32'), 0);
  const length = vectors[0]?.size ?? 0;
  const odd = vectors.findIndex((x) => x.size !== length);
  if (odd !== -1) {
    throw new Error(
      `gramSchmidt: argument 'xs[${odd}]' has shape ${formatShape(vectors[odd]!.shape)}; wanted [${length}], the shape of the first`,
    );
  }
  if (vectors.length === 0 || vectors.length > length) {
    throw new Error(
      `gramSchmidt: argument 'xs' has ${vectors.length} vectors of length ${length}; wanted at least one and at most ${length}`,
    );
  }
  const units = orthonormal(vectors);
  return isList ? units : stack(units, 0);
}
