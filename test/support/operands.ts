import {
  sizeOf,
  type Backend,
  type DataType,
  type Shape,
  type TensorInfo,
  type TypedArray,
} from '../../src/kernels';
import { lack } from './needs';

/** Allocates an operand for a kernel that runs without the tensor layer. Free it by {@link freeOperands}. */
export function allocateOperand(
  backend: Backend,
  shape: Shape,
  dtype: DataType,
  values?: ArrayLike<number>,
): TensorInfo {
  const size = sizeOf(shape);
  const handle = backend.allocate(size, dtype);
  if (values)
    backend.write(handle, dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values));
  return { shape, dtype, size, handle };
}

export function freeOperands(backend: Backend, operands: readonly TensorInfo[]): void {
  for (const { handle } of operands) backend.free(handle);
}

/** Reads the values of an operand. Blocks until the device is done. */
export function valuesOfOperand(backend: Backend, { handle, size, dtype }: TensorInfo): TypedArray {
  if (!backend.readSync) throw lack('synchronous reads');
  return backend.readSync(handle, size, dtype);
}

/** The same, without blocking. */
export function readOperand(backend: Backend, { handle, size, dtype }: TensorInfo): Promise<TypedArray> {
  return backend.read(handle, size, dtype);
}
