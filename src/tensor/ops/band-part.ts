import { wrongArgument } from '../argument';
import { readValuesNow } from '../device';
import { op } from '../op';
import { formatShape } from '../shape';
import type { Scalar, Tensor } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import { greaterEqual, lessEqual, logicalAnd, sub } from './arithmetic';
import { scalar, zerosLike } from './creation';
import { reshape } from './reshape';
import { range } from './sequences';
import { where } from './where';
import type { KeepsRank } from './keeps-rank';

/**
 * Sets every element outside a band around the main diagonal to 0. The last two axes of x are matrices, the axes before them a batch. The
 * result has x's shape and dtype.
 *
 * @param numLower the number of diagonals to keep below the main one; all of them if negative
 * @param numUpper the number of diagonals to keep above the main one; all of them if negative
 * @throws unless both are integers, with numLower ≤ rows and numUpper ≤ columns
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x = dl.tensor2d([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
 * dl.linalg.bandPart(x, 1, 0).print(); // [[1, 0, 0], [4, 5, 0], [0, 8, 9]]
 * x.dispose();
 * ```
 */
export const bandPart = op('bandPart', function bandPart<
  T extends Tensor,
>(x: T | TensorInput, numLower: number | Scalar, numUpper: number | Scalar): T {
  const value = asRank('bandPart', 'x', x, [2, 3, 4, 5, 6]);
  const [rows, columns] = value.shape.slice(-2) as [number, number];
  const lower = diagonals('numLower', numLower, rows, value);
  const upper = diagonals('numUpper', numUpper, columns, value);
  const below = sub(reshape(range(0, rows, 1, 'int32'), [rows, 1]), range(0, columns, 1, 'int32'));
  const isInBand = logicalAnd(
    lessEqual(below, scalar(lower, 'int32')),
    greaterEqual(below, scalar(-upper, 'int32')),
  );
  return where<T>(isInBand, value, zerosLike(value));
}) as KeepsRank<Tensor, [numLower: number | Scalar, numUpper: number | Scalar]>;

/** The number of diagonals to keep, out of `all`. A negative number means all. */
function diagonals(argument: string, asked: number | Scalar, all: number, x: Tensor): number {
  const count =
    typeof asked === 'number'
      ? asked
      : readValuesNow('bandPart', asRank('bandPart', argument, asked, 0), `'${argument}' as a number`)[0]!;
  if (!Number.isInteger(count) || count > all) {
    const wanted = `an integer of at most ${all}, for the shape ${formatShape(x.shape)}`;
    throw wrongArgument('bandPart', argument, count, wanted);
  }
  return count < 0 ? all : count;
}
