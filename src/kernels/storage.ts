import type { Backend } from './backend';
import { BYTES_PER_ELEMENT, type DataType } from './dtype';

let liveBuffers = 0;
let liveBytes = 0;

/**
 * The reference-counted home of a tensor's values on one backend. Tensors that are views of each other (reshape,
 * clone) share one storage; the values are freed with the last reference.
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
    // First: where the engine's stack runs over in it, nothing has changed.
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

  /** Carries the values over to another backend. Off WebGL this blocks until the device is done. */
  moveTo(backend: Backend): void {
    if (backend === this.backend) return;
    const values = this.backend.readSync(this.handle, this.size, this.dtype);
    const handle = backend.allocate(this.size, this.dtype);
    backend.write(handle, values);
    this.backend.free(this.handle);
    this.backend = backend;
    this.handle = handle;
  }
}

/** How many storages are alive on all backends together, and how many bytes their elements take. */
export function storageMemory(): { numDataBuffers: number; numBytes: number } {
  return { numDataBuffers: liveBuffers, numBytes: liveBytes };
}
