import type { TensorInfo } from '../backend';
import type { KernelAttributes } from '../kernel-table';

/** A matrix product to compute, of tensors [batch or 1, rows, columns]: y = activation(a·b + bias); the attributes say whether a or b is transposed. */
export interface MatrixProduct {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly bias: TensorInfo | undefined;
  readonly y: TensorInfo;
  readonly attributes: KernelAttributes['matMul'];
}

/** The extents of a product, and whether its operands are batches of more than one matrix. */
export interface ProductExtents {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batchedA: boolean;
  readonly batchedB: boolean;
}

export function extentsOf({ a, b, y, attributes: { transposeA } }: MatrixProduct): ProductExtents {
  const { shape } = y;
  return {
    batch: shape[0]!,
    m: shape[1]!,
    n: shape[2]!,
    k: a.shape[transposeA ? 1 : 2]!,
    batchedA: a.shape[0]! > 1,
    batchedB: b.shape[0]! > 1,
  };
}
