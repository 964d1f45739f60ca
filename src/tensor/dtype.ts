import type { DataType } from '../kernels';
import { wrongArgument } from './argument';

const WIDTH: Readonly<Record<DataType, number>> = { bool: 0, int32: 1, float32: 2 };

/** The wider of two types, by the order bool < int32 < float32. */
export function promote(a: DataType, b: DataType): DataType {
  return WIDTH[a] >= WIDTH[b] ? a : b;
}

/** The type of a sum of such elements: int32 for bool, otherwise the type itself. */
export function sumType(dtype: DataType): DataType {
  return dtype === 'bool' ? 'int32' : dtype;
}

/** @throws unless `dtype` is 'float32', 'int32' or 'bool' */
export function assertDataType(op: string, dtype: unknown): asserts dtype is DataType {
  if (typeof dtype !== 'string' || !Object.hasOwn(WIDTH, dtype)) {
    throw wrongArgument(op, 'dtype', dtype, "'float32', 'int32' or 'bool'");
  }
}
