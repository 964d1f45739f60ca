import { broadcastShape } from '../../shape';
import type { Tensor1D } from '../../tensor';
import { asRank, type TensorInput } from '../../tensor-like';
import { hostOp, type HostArray } from './host-op';

const argsOp = hostOp('broadcastArgs', (name, s0: TensorInput, s1: TensorInput) => {
  const inputs = [asRank(name, 's0', s0, 1, 'int32'), asRank(name, 's1', s1, 1, 'int32')];
  return {
    inputs,
    compute: (first: HostArray, second: HostArray) => {
      const shape = broadcastShape('broadcastArgs', [...first.values], [...second.values], ['s0', 's1']);
      return [{ values: Int32Array.from(shape), shape: [shape.length], dtype: 'int32' as const }];
    },
  };
});

/**
 * The shape that tensors of two shapes, given as vectors of int32, are broadcast to. A host op: it reads them, and blocks.
 *
 * @throws when they cannot be broadcast together
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.broadcastArgs([1, 3], [4, 1]).print(); // 4, 3
 * ```
 */
export function broadcastArgs(s0: TensorInput, s1: TensorInput): Tensor1D {
  return argsOp.now(s0, s1)[0] as Tensor1D;
}
