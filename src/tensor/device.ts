/**
 * The one door to the device. Every kernel run, allocation, write, read, move and free passes through this file, where observers
 * see it. No other file of `tensor/` touches a backend's storage; a lint rule checks that.
 */
import {
  BYTES_PER_ELEMENT,
  type Backend,
  type DataType,
  type KernelAttributes,
  type KernelName,
  type TypedArray,
} from '../kernels';
import { isTimed, listeners, tell } from './device-observers';
import type { Tensor } from './tensor';

let liveBuffers = 0;
let liveBytes = 0;

/** The number of living storages on all backends, and the bytes of their elements. */
export function storageMemory(): { numDataBuffers: number; numBytes: number } {
  return { numDataBuffers: liveBuffers, numBytes: liveBytes };
}

/**
 * A tensor's values on one backend, reference-counted. Tensors that are views of each other (reshape, clone) share one
 * storage. The values are freed with the last reference.
 */
export class Storage {
  /** The number of tensors that use it. The first one takes over the initial reference. */
  references = 1;

  private constructor(
    /** The backend that holds the values; `moveTo` changes it for all views at once. */
    public backend: Backend,
    /** The backend's reference to the values: a block of memory on the CPU, a texture on WebGL. */
    public handle: unknown,
    readonly size: number,
    readonly dtype: DataType,
  ) {}

  static allocate(backend: Backend, size: number, dtype: DataType): Storage {
    const storage = new Storage(backend, undefined, size, dtype);
    // The last call: if the engine's stack overflows in it, nothing has been allocated.
    storage.handle = backend.allocate(size, dtype);
    liveBuffers++;
    liveBytes += size * BYTES_PER_ELEMENT;
    return storage;
  }

  retain(): this {
    this.references++;
    return this;
  }

  release(): void {
    if (this.references > 1) {
      this.references--;
      return;
    }
    if (this.references < 1) throw new Error('Storage.release: the storage is free already');
    if (listeners.free.length > 0) tell('free', { storage: this });
    // Comes before all changes: if the engine's stack overflows in it, nothing has changed.
    this.backend.free(this.handle);
    this.handle = undefined;
    this.references = 0;
    liveBuffers--;
    liveBytes -= this.size * BYTES_PER_ELEMENT;
  }

  /** Whether only one tensor uses the values, so that writing in place changes no other tensor. */
  get isExclusive(): boolean {
    return this.references === 1;
  }

  /** Whether the values are lost with the device that held them. */
  get isLost(): boolean {
    return this.backend.isLost?.(this.handle) ?? false;
  }

  /**
   * Moves the values to another backend. Blocks until the device that holds them is done.
   *
   * @throws when the backend that holds them can only read asynchronously
   */
  moveTo(backend: Backend, op: string): void {
    const before = this.backend;
    if (backend === before) return;
    if (!before.readSync) {
      throw new Error(
        `${op}: a tensor of ${this.size} elements lies on the backend '${before.name}', which reads asynchronously only; ` +
          `wanted it on '${backend.name}': make it there of its values, tensor(await x.data(), x.shape, x.dtype)`,
      );
    }
    const values = before.readSync(this.handle, this.size, this.dtype);
    const handle = backend.allocate(this.size, this.dtype);
    try {
      backend.write(handle, values);
      before.free(this.handle);
    } catch (error) {
      backend.free(handle);
      throw error;
    }
    this.backend = backend;
    this.handle = handle;
    if (listeners.move.length > 0) tell('move', { op, storage: this, from: before.name, to: backend.name });
  }
}

/** Runs a kernel, which fills the outputs. Inputs and outputs must be on `backend`. */
export function runKernel<K extends KernelName>(
  op: string,
  backend: Backend,
  kernel: K,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  attributes: KernelAttributes[K],
): void {
  if (listeners.kernel.length === 0) {
    backend.run(kernel, inputs, outputs, attributes);
    return;
  }
  const start = performance.now();
  let deviceMs = Promise.resolve(NaN);
  if (isTimed()) {
    // `time` may turn an error into a rejection, but an op must throw it.
    const failures: unknown[] = [];
    const timing = backend.time(() => {
      try {
        backend.run(kernel, inputs, outputs, attributes);
      } catch (error) {
        failures.push(error);
      }
    });
    if (failures.length > 0) throw failures[0];
    deviceMs = timing.then(({ kernelMs }) => kernelMs);
  } else {
    backend.run(kernel, inputs, outputs, attributes);
  }
  const wallMs = performance.now() - start;
  const onCpu = backend.has?.(kernel) === false || (attributes as { glsl?: string | null }).glsl === null;
  const ranOn = onCpu ? 'cpu' : backend.name;
  tell('kernel', { op, kernel, attributes, inputs, outputs, ranOn, wallMs, deviceMs });
}

/** Fills a new tensor with values from the host. */
export function writeValues(op: string, output: Tensor, values: TypedArray): void {
  output.storage.backend.write(output.storage.handle, values);
  if (listeners.write.length > 0) tell('write', { op, output, values });
}

/**
 * Resolves to a copy of a tensor's values as they are at the call. Does not block: the tensor may be disposed right after the call.
 *
 * @throws when the tensor has been disposed
 */
export function readValues(op: string, input: Tensor): Promise<TypedArray> {
  input.assertUsable(op, 'tensor');
  const { backend, handle } = input.storage;
  const values = backend.read(handle, input.size, input.dtype);
  if (listeners.read.length > 0) tell('read', { op, input, blocks: false });
  return values;
}

/** Whether a tensor's values can be read without waiting for a promise. */
export function readsNow(input: Tensor): boolean {
  return input.storage.backend.readSync !== undefined;
}

/**
 * As {@link readValues}, but blocks until the device is done.
 *
 * @param instead the asynchronous form of the op, for the error message
 * @throws when the tensor has been disposed, or its backend can only read asynchronously
 */
export function readValuesNow(op: string, input: Tensor, instead = 'await data()'): TypedArray {
  input.assertUsable(op, 'tensor');
  const { backend, handle } = input.storage;
  if (!backend.readSync) {
    throw new Error(`${op}: the backend '${backend.name}' reads asynchronously only; wanted ${instead}`);
  }
  const values = backend.readSync(handle, input.size, input.dtype);
  if (listeners.read.length > 0) tell('read', { op, input, blocks: true });
  return values;
}
