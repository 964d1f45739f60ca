import type { Backend, BackendMemory, BackendTiming, Kernel, KernelTable, TensorInfo } from '../backend';
import { BYTES_PER_ELEMENT, toTypedArray, type DataType, type TypedArray } from '../dtype';
import type { KernelAttributes, KernelName } from '../kernel-table';
import { LinearMemory, type Block } from './memory';

/** Runs kernels at once, on the calling thread, over one linear memory. */
export class CpuBackend implements Backend {
  readonly name = 'cpu';
  readonly writesInPlace = true;
  readonly submissions = 0;

  constructor(
    private readonly kernels: KernelTable<CpuBackend>,
    readonly linear = new LinearMemory(),
  ) {}

  allocate(size: number): Block {
    return this.linear.allocate(size * BYTES_PER_ELEMENT);
  }

  free(handle: unknown): void {
    this.linear.free(handle as Block);
  }

  write(handle: unknown, values: TypedArray): void {
    // A Float32Array is written to float lanes, integers and bytes to int lanes.
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
    const kernel: Kernel<CpuBackend, K> = this.kernels[name];
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
    // The memory goes with the last reference to this object: WebAssembly memory cannot be given back by hand.
  }
}

/** The byte offset at which a tensor's values lie. */
export function offsetOf(tensor: TensorInfo): number {
  return (tensor.storage.handle as Block).offset;
}

/** A float32 tensor's values in place. Not to be held across an allocation, which may grow the memory. */
export function floatsOf(backend: CpuBackend, tensor: TensorInfo): Float32Array {
  return new Float32Array(backend.linear.buffer, offsetOf(tensor), tensor.storage.size);
}

/** An int32 or bool tensor's values in place, or the bits of a float32 one where they are only moved. */
export function wordsOf(backend: CpuBackend, tensor: TensorInfo): Int32Array {
  return new Int32Array(backend.linear.buffer, offsetOf(tensor), tensor.storage.size);
}

/** The values in the lanes of their dtype. */
export function valuesOf(backend: CpuBackend, tensor: TensorInfo): Float32Array | Int32Array {
  return tensor.dtype === 'float32' ? floatsOf(backend, tensor) : wordsOf(backend, tensor);
}

/**
 * Scratch for the time of one kernel: `use` gets the offset of `bytes` uninitialised bytes, which return to the pool
 * when it is done. Take views only inside `use`.
 */
export function withScratch<T>(backend: CpuBackend, bytes: number, use: (offset: number) => T): T {
  const block = backend.linear.allocate(bytes);
  try {
    return use(block.offset);
  } finally {
    backend.linear.free(block);
  }
}

/** Scratch of `length` float32, as withScratch. */
export function withFloatScratch<T>(
  backend: CpuBackend,
  length: number,
  use: (scratch: Float32Array) => T,
): T {
  return withScratch(backend, length * BYTES_PER_ELEMENT, (offset) =>
    use(new Float32Array(backend.linear.buffer, offset, length)),
  );
}

/** Scratch of `length` float64, as withScratch. */
export function withDoubleScratch<T>(
  backend: CpuBackend,
  length: number,
  use: (scratch: Float64Array) => T,
): T {
  return withScratch(backend, length * Float64Array.BYTES_PER_ELEMENT, (offset) =>
    use(new Float64Array(backend.linear.buffer, offset, length)),
  );
}
