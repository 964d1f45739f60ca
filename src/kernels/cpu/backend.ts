import type { Backend, BackendDevice, BackendMemory, BackendTiming, TensorInfo } from '../backend';
import type { Kernel, KernelAttributes, KernelName, KernelTable } from '../kernel-table';
import { BYTES_PER_ELEMENT, toTypedArray, type DataType, type TypedArray } from '../dtype';
import { LinearMemory, type Block } from './memory';

/** Runs kernels synchronously on the calling thread, over one linear memory. */
export class CpuBackend implements Backend {
  readonly name = 'cpu';
  readonly writesInPlace = true;
  readonly submissions = 0;

  constructor(
    /** The kernels by name: a program looks each up once. */
    readonly kernels: KernelTable<CpuBackend>,
    readonly linear = new LinearMemory(),
    readonly device?: BackendDevice,
    /** The level of the compiled kernels; undefined where all are plain TypeScript. */
    readonly level?: 'simd' | 'relaxed',
  ) {}

  allocate(size: number): Block {
    return this.linear.allocate(size * BYTES_PER_ELEMENT);
  }

  free(handle: unknown): void {
    this.linear.free(handle as Block);
  }

  write(handle: unknown, values: TypedArray): void {
    // float32 values are stored as floats; int32 and bool values as 32-bit integers.
    const View = values instanceof Float32Array ? Float32Array : Int32Array;
    new View(this.linear.buffer, (handle as Block).offset, values.length).set(values);
  }

  read(handle: unknown, size: number, dtype: DataType): Promise<TypedArray> {
    return Promise.resolve(this.readSync(handle, size, dtype));
  }

  readSync(handle: unknown, size: number, dtype: DataType): TypedArray {
    const View = dtype === 'float32' ? Float32Array : Int32Array;
    const view = new View(this.linear.buffer, (handle as Block).offset, size);
    return dtype === 'bool' ? toTypedArray(view, 'bool') : view.slice();
  }

  run<K extends KernelName>(
    name: K,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
    attributes: KernelAttributes[K],
  ): void {
    const kernel = this.kernels[name] as Kernel<CpuBackend, K>;
    kernel(this, inputs, outputs, attributes);
  }

  mark(): Promise<void> {
    return Promise.resolve();
  }

  time(work: () => void): Promise<BackendTiming> {
    const start = performance.now();
    work();
    return Promise.resolve({ kernelMs: performance.now() - start });
  }

  memory(): BackendMemory {
    return { reservedBytes: this.linear.reservedBytes, pooledBytes: this.linear.pooledBytes };
  }

  dispose(): void {
    // WebAssembly memory cannot be freed by hand: the collector takes it with the last reference to this object.
  }
}

/** The byte offset of a tensor's values in the backend's memory. */
export function offsetOf(tensor: TensorInfo): number {
  return (tensor.handle as Block).offset;
}

/** A view of a float32 tensor's values. Do not hold it across an allocation, which may grow the memory and detach it. */
export function floatsOf(backend: CpuBackend, tensor: TensorInfo): Float32Array {
  return new Float32Array(backend.linear.buffer, offsetOf(tensor), tensor.size);
}

/** A view of an int32 or bool tensor's values, or of a float32 tensor's bits, for kernels that only move values. */
export function wordsOf(backend: CpuBackend, tensor: TensorInfo): Int32Array {
  return new Int32Array(backend.linear.buffer, offsetOf(tensor), tensor.size);
}

/** A view of a tensor's values, as floats for float32 and else as integers. */
export function valuesOf(backend: CpuBackend, tensor: TensorInfo): Float32Array | Int32Array {
  return tensor.dtype === 'float32' ? floatsOf(backend, tensor) : wordsOf(backend, tensor);
}

/**
 * Lends scratch memory: calls `use` with the byte offset of `bytes` uninitialised bytes, which are freed when it returns.
 * Take views only inside `use`: the allocation may detach older ones.
 */
export function withScratch<T>(backend: CpuBackend, bytes: number, use: (offset: number) => T): T {
  const block = backend.linear.allocate(bytes);
  try {
    return use(block.offset);
  } finally {
    backend.linear.free(block);
  }
}

/** Lends `length` uninitialised float32 numbers to `use`; see {@link withScratch}. */
export function withFloatScratch<T>(
  backend: CpuBackend,
  length: number,
  use: (scratch: Float32Array) => T,
): T {
  return withScratch(backend, length * BYTES_PER_ELEMENT, (offset) =>
    use(new Float32Array(backend.linear.buffer, offset, length)),
  );
}

/** Lends `length` uninitialised float64 numbers to `use`; see {@link withScratch}. */
export function withDoubleScratch<T>(
  backend: CpuBackend,
  length: number,
  use: (scratch: Float64Array) => T,
): T {
  return withScratch(backend, length * Float64Array.BYTES_PER_ELEMENT, (offset) =>
    use(new Float64Array(backend.linear.buffer, offset, length)),
  );
}
