import type { DataType } from '../kernels';
import { wrongArgument } from './argument';

const WIDTH: Readonly<Record<DataType, number>> = { bool: 0, int32: 1, float32: 2 };

/** The type that can hold both: float32 over int32 over bool. */
export function promote(a: DataType, b: DataType): DataType {
  return WIDTH[a] >= WIDTH[b] ? a : b;
}

/** The type in which elements of this one are summed: bool is counted as int32. */
export function sumType(dtype: DataType): DataType {
  return dtype === 'bool' ? 'int32' : dtype;
}

/** @throws unless `dtype` is one of the three */
export function assertDataType(op: string, dtype: unknown): asserts dtype is DataType {
  if (typeof dtype !== 'string' || !Object.hasOwn(WIDTH, dtype)) {
    throw wrongArgument(op, 'dtype', dtype, "'float32', 'int32' or 'bool'");
  }
}
