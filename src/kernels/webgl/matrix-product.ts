import type { TensorInfo } from '../backend';
import type { KernelAttributes } from '../kernel-table';

/** A matrix product to compute: y = activation(a·b + bias); the attributes say whether a or b is transposed. */
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
  const [batch, m, n] = y.shape.slice(-3) as [number, number, number];
  const [batchA, rowsA, columnsA] = a.shape.slice(-3) as [number, number, number];
  return { batch, m, n, k: transposeA ? rowsA : columnsA, batchedA: batchA > 1, batchedB: b.shape[0]! > 1 };
}
