/**
 * The one door to the device. Every kernel run, allocation, write, read, move and free passes through this file, where observers
 * see it; nothing else in this room touches a backend's storage. A lint rule keeps it so.
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

/** How many storages are alive on all backends together, and how many bytes their elements take. */
export function storageMemory(): { numDataBuffers: number; numBytes: number } {
  return { numDataBuffers: liveBuffers, numBytes: liveBytes };
}

/**
 * The reference-counted home of a tensor's values on one backend. Tensors that are views of each other (reshape, clone)
 * share one storage; the values are freed with the last reference.
 */
export class Storage {
  /** How many tensors use it; a constructor adds itself. */
  references = 1;

  private constructor(
    /** The backend that holds the values now; `moveTo` changes it for every view at once. */
    public backend: Backend,
    /** What the backend knows the values by: a block of the one memory on the CPU, a texture on WebGL. */
    public handle: unknown,
    readonly size: number,
    readonly dtype: DataType,
  ) {}

  static allocate(backend: Backend, size: number, dtype: DataType): Storage {
    const storage = new Storage(backend, undefined, size, dtype);
    // The last call: where the engine's stack runs over in it, nothing was allocated.
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
    if (this.references < 1) {
      throw new Error(`Storage.release: ${this.size} elements of ${this.dtype} were freed before`);
    }
    if (listeners.free.length > 0) tell('free', { storage: this });
    // First of all changes: where the engine's stack runs over in it, nothing has changed.
    this.backend.free(this.handle);
    this.handle = undefined;
    this.references = 0;
    liveBuffers--;
    liveBytes -= this.size * BYTES_PER_ELEMENT;
  }

  /** True where one tensor alone refers to the values, so that writing in place is seen by nobody else. */
  get isExclusive(): boolean {
    return this.references === 1;
  }

  /**
   * Carries the values over to another backend. Off WebGL this blocks until the device is done.
   *
   * @throws where the backend that holds them reads asynchronously only
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
    backend.write(handle, values);
    before.free(this.handle);
    this.backend = backend;
    this.handle = handle;
    if (listeners.move.length > 0) tell('move', { op, storage: this, from: before.name, to: backend.name });
  }
}

/** Runs a kernel, which fills the outputs. Inputs and outputs are on that backend. */
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
    // A backend may pass an error on as a rejection; an op throws.
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
  const ranOn = backend.has?.(kernel) === false ? 'cpu' : backend.name;
  tell('kernel', { op, kernel, attributes, inputs, outputs, ranOn, wallMs, deviceMs });
}

/** Fills a new tensor with values from the host. */
export function writeValues(op: string, output: Tensor, values: TypedArray): void {
  output.storage.backend.write(output.storage.handle, values);
  if (listeners.write.length > 0) tell('write', { op, output, values });
}

/**
 * A copy of a tensor's values as they are now. Does not block: the tensor may be disposed right after the call.
 *
 * @throws when the tensor was disposed
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
 * As {@link readValues}, blocking until the device is done.
 *
 * @param instead what the caller of the op is to write where the device reads asynchronously only
 * @throws when the tensor was disposed, or its backend reads asynchronously only
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
