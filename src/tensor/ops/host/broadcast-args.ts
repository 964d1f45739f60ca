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
 * Computes the shape that two shapes broadcast to. A host op: it reads its inputs from the device, and blocks until they are there.
 *
 * @param s0 a shape, as an int32 vector
 * @param s1 another shape, as an int32 vector
 * @returns the common shape, as an int32 vector
 * @throws when the shapes cannot be broadcast together
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.broadcastArgs([1, 3], [4, 1]).print(); // 4, 3
 * ```
 */
export function broadcastArgs(s0: TensorInput, s1: TensorInput): Tensor1D {
  return argsOp.now(s0, s1)[0] as Tensor1D;
}
