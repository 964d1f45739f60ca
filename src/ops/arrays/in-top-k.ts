import { assertInteger } from '../../tensor/argument';
import { op } from '../../tensor/op';
import { all, expandDims, gather, greater, isFinite, less, logicalAnd, scalar, sum } from '../../tensor/ops';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';
import { asIntegers } from './integers';

/**
 * Whether the prediction for the target is among the k greatest, as TensorFlow's `in_top_k`: fewer than k others are greater. So all of several that are
 * equal at the end of the top k belong to it. Rows with a prediction that is not finite, and targets that are no class, give false.
 *
 * @param predictions [..., classes]
 * @param targets the classes, int32 [...]
 * @param k 1 by default
 * @returns bool [...]
 * @throws unless the targets are int32, of the predictions' shape without the last axis, and 1 ≤ k ≤ classes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { inTopK } from 'rxtensor/ops';
 * dl.tidy(() => inTopK([[0.1, 0.7, 0.2], [0.6, 0.1, 0.3]], [2, 1], 2).print()); // true, false
 * ```
 */
export const inTopK = op('inTopK', (predictions: TensorInput, targets: TensorInput, k = 1): Tensor => {
  const found = asTensor('inTopK', 'predictions', predictions);
  const classes = asIntegers('inTopK', 'targets', targets);
  const batch = found.shape.slice(0, -1);
  if (found.rank === 0 || formatShape(batch) !== formatShape(classes.shape))
    throw new Error(
      `inTopK: argument 'targets' has shape ${formatShape(classes.shape)}; wanted that of 'predictions', ${formatShape(found.shape)}, without the last axis`,
    );
  const count = found.shape.at(-1)!;
  if (count === 0)
    throw new Error(
      `inTopK: argument 'predictions' has shape ${formatShape(found.shape)}; wanted one class or more along the last axis`,
    );
  assertInteger('inTopK', 'k', k, 1, count);
  // The batch as one axis, so that it needs no axis of its own for each.
  const rows = found.reshape([classes.size, count]);
  const flat = classes.reshape([classes.size]);
  const ofTargets = gather(rows, expandDims(flat, 1), 1, 1);
  const isAbove = greater(rows, ofTargets);
  const isClass = logicalAnd(flat.greaterEqual(scalar(0, 'int32')), less(flat, scalar(count, 'int32')));
  const isIn = less(sum(isAbove, 1), scalar(k, 'int32'));
  const isKnown = logicalAnd(isClass, all(isFinite(rows), 1));
  return logicalAnd(isIn, isKnown).reshape(batch);
});
