import type { DataType, TypedArray } from './dtype';
import type { KernelAttributes, KernelName } from './kernel-table';

/** An input or output of a kernel: all that a kernel knows of a tensor. A Tensor can be passed as it is. */
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

/** The same values under another shape of the same size. (`{ ...tensor, shape }` would lose a tensor's getters.) */
export function reshaped({ dtype, size, handle }: TensorInfo, shape: readonly number[]): TensorInfo {
  return { shape, dtype, size, handle };
}

/** How much of the system's memory a backend holds. */
export interface BackendMemory {
  /** Bytes reserved from the system, in use or not. */
  readonly reservedBytes: number;
  /** Reserved bytes that are free: they wait in a pool for the next allocation. */
  readonly pooledBytes: number;
  /** The number of programs that are compiled; missing where nothing is compiled. */
  readonly programs?: number;
  /** Milliseconds that the thread has spent on compiling them, waits included. */
  readonly compileMs?: number;
}

/** What it took to compile programs ahead. */
export interface Preparation {
  /** The number of programs that were not ready before. */
  readonly programs: number;
  /** Milliseconds until all of them were ready. */
  readonly milliseconds: number;
}

/** How long a piece of work took. */
export interface BackendTiming {
  /** Milliseconds that the kernels took on the device, without the time to dispatch them. NaN where the device cannot measure it. */
  readonly kernelMs: number;
}

/** What a backend says of its device, for {@link backendReport} and the choice of the default. */
export interface BackendDevice {
  /** The name of the device. */
  readonly name: string;
  /** The bits in which it keeps a float; 32 if left out. */
  readonly floatPrecision?: 16 | 32;
  /** Why another backend is the better default, as a clause; left out or empty where nothing speaks against this one. */
  readonly caveat?: string;
}

/**
 * The contract between the tensor layer and a device. A backend allocates storage, runs kernels that fill it, and
 * reads it back; it never decides a shape and knows nothing of gradients, scopes or streams.
 */
export interface Backend {
  /** The name that error messages show. A backend is registered under the same name. */
  readonly name: string;
  /** The device. Missing: nothing is known of it. */
  readonly device?: BackendDevice | undefined;
  /** Whether an elementwise kernel may write its output into the storage of an input. */
  readonly writesInPlace: boolean;
  /** Returns a handle on uninitialised storage for `size` elements. The memory itself may be reserved later, at the first write. */
  allocate(size: number, dtype: DataType): unknown;
  /** Frees the storage. The handle is not used again. */
  free(handle: unknown): void;
  /** Copies `values` in; the array may be reused as soon as this returns. */
  write(handle: unknown, values: TypedArray): void;
  /** Resolves to a copy of the values as they are at the *call*: the storage may be freed right after it. Does not block. */
  read(handle: unknown, size: number, dtype: DataType): Promise<TypedArray>;
  /** Returns a copy of the values, and blocks until the device has computed them. Missing where the device can only read asynchronously. */
  readonly readSync?: ((handle: unknown, size: number, dtype: DataType) => TypedArray) | undefined;
  /** Runs one of its kernels, which fills `outputs`. May return before the device has done the work. */
  run<K extends KernelName>(
    kernel: K,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
    attributes: KernelAttributes[K],
  ): void;
  /**
   * Whether this backend has the kernel. A backend without `has` has all of them. The library runs a missing kernel on the CPU: it reads
   * the inputs from this backend and writes the outputs to it.
   */
  readonly has?: ((kernel: KernelName) => boolean) | undefined;
  /**
   * Calls `work` at once, while kernels compute nothing: they only begin to compile the programs that they need, and reading what they would have
   * computed is an error. Resolves when all these programs are ready. Missing where nothing is compiled.
   */
  readonly prepare?: ((work: () => void) => Promise<Preparation>) | undefined;
  /**
   * Resolves to null, or to what the device has been found to compute wrongly: then the library gives the backend up, and takes another. Called
   * once, when the backend has been opened. Missing where nothing needs to be checked.
   */
  readonly check?: (() => Promise<string | null>) | undefined;
  /** The number of pieces of work submitted so far. A caller who finds it unchanged has nothing new to wait for. */
  readonly submissions: number;
  /** Resolves when all work submitted so far is done. */
  mark(): Promise<void>;
  /** Runs `work` at once, and resolves to the time that its kernels took on the device. */
  time(work: () => void): Promise<BackendTiming>;
  /** The memory that the backend holds at the moment. */
  memory(): BackendMemory;
  /**
   * Whether the device is gone for good, with the values on it: `setBackend` then opens another by the same factory. With a handle: whether
   * its values are gone. Missing where that cannot happen.
   */
  readonly isLost?: ((handle?: unknown) => boolean) | undefined;
  /** Gives all memory back to the system. The backend is not used again. */
  dispose(): void;
}
