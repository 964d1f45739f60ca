import { asTensors } from './concat';
import { sameShape } from '../../kernels';
import { op } from '../op';
import { formatShape } from '../shape';
import type { Tensor } from '../tensor';
import { type TensorInput } from '../tensor-like';
import { add } from './arithmetic';
import { clone } from './cast';

/**
 * Adds several tensors of one shape and dtype, element by element.
 *
 * @throws when the list is empty, or shapes or dtypes differ
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.addN([[1, 2], [3, 4], [5, 6]]).print(); // 9, 12
 * ```
 */
export const addN = op('addN', function addN<
  T extends Tensor = Tensor,
>(tensors: readonly (T | TensorInput)[]): T {
  const [first, ...rest] = asTensors('addN', tensors);
  rest.forEach((each, i) => {
    if (each.dtype === first!.dtype && sameShape(each.shape, first!.shape)) return;
    throw new Error(
      `addN: argument 'tensors[${i + 1}]' is ${each.dtype} of shape ${formatShape(each.shape)}; ` +
        `wanted ${first!.dtype} of shape ${formatShape(first!.shape)}, as the first is`,
    );
  });
  return (rest.length === 0 ? clone(first!) : treeSum([first!, ...rest])) as T;
});

/** Pairwise summation: the rounding error grows with the logarithm of the number of terms, not with the number. */
function treeSum(terms: readonly Tensor[]): Tensor {
  let level = terms;
  while (level.length > 1) {
    const sums: Tensor[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) sums.push(add(level[i]!, level[i + 1]!));
    if (level.length % 2 === 1) sums.push(level.at(-1)!);
    level = sums;
  }
  return level[0]!;
}
