import type { DataType, TypedArray } from './dtype';
import type { KernelAttributes, KernelName } from './kernel-table';

/** An operand of a kernel: all that a kernel knows of a tensor. Tensors are operands. */
export interface TensorInfo {
  /** The extents of the axes. */
  readonly shape: readonly number[];
  /** The type of the elements. */
  readonly dtype: DataType;
  /** Number of elements. */
  readonly size: number;
  /** What the backend's {@link Backend.allocate} returned for the values. */
  readonly handle: unknown;
}

/** The same values in another shape of as many elements. (A spread would lose the getters of a tensor.) */
export function reshaped({ dtype, size, handle }: TensorInfo, shape: readonly number[]): TensorInfo {
  return { shape, dtype, size, handle };
}

/** What a backend holds beside the tensors' own bytes: memory it has set aside and may hand out again. */
export interface BackendMemory {
  /** Bytes reserved from the system, in use or not. */
  readonly reservedBytes: number;
  /** Bytes of those that wait in the pool for the next allocation. */
  readonly pooledBytes: number;
}

/** How long a piece of work took. */
export interface BackendTiming {
  /** Milliseconds the kernels took on the device, apart from dispatching them. NaN where the device cannot tell. */
  readonly kernelMs: number;
}

/**
 * The contract between the tensor layer and a device. A backend allocates storage, runs kernels that fill it, and
 * reads it back; it never decides a shape and knows nothing of gradients, scopes or streams.
 */
export interface Backend {
  /** For messages. A backend is registered under this name. */
  readonly name: string;
  /** True where a kernel may have the same storage as input and as output, element for element. */
  readonly writesInPlace: boolean;
  /** A handle on uninitialised storage for `size` elements. The backend may wait with the memory itself until values come. */
  allocate(size: number, dtype: DataType): unknown;
  /** Gives the storage back. The handle is not used again. */
  free(handle: unknown): void;
  /** Copies `values` in; the array may be reused as soon as this returns. */
  write(handle: unknown, values: TypedArray): void;
  /** A copy of the values as they are when this is *called*: the storage may be freed right after. Does not block. */
  read(handle: unknown, size: number, dtype: DataType): Promise<TypedArray>;
  /** A copy of the values now. Blocks until the device is done. Missing where the device reads asynchronously only. */
  readonly readSync?: ((handle: unknown, size: number, dtype: DataType) => TypedArray) | undefined;
  /** Runs one kernel that it has, which fills `outputs`. May return before the device has done the work. */
  run<K extends KernelName>(
    kernel: K,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
    attributes: KernelAttributes[K],
  ): void;
  /**
   * Whether this backend has the kernel. Missing where it has every one; the CPU runs those that a backend lacks, with values that are
   * read from it and written to it.
   */
  readonly has?: ((kernel: KernelName) => boolean) | undefined;
  /** Grows by one with every piece of work submitted, so that a caller can tell whether there is any to wait for. */
  readonly submissions: number;
  /** Resolves when all that has been submitted so far is done. */
  mark(): Promise<void>;
  /** Runs `work` and tells how long its kernels took on the device. */
  time(work: () => void): Promise<BackendTiming>;
  /** What it holds of the system's memory. */
  memory(): BackendMemory;
  /** Gives everything back to the system. The backend is not used again. */
  dispose(): void;
}
