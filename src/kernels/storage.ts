import type { Backend } from './backend';
import { BYTES_PER_ELEMENT, type DataType } from './dtype';

let liveBuffers = 0;
let liveBytes = 0;

/**
 * The reference-counted home of a tensor's values on one backend. Tensors that are views of each other (reshape,
 * clone) share one storage; the values are freed with the last reference.
 */
export class Storage {
  private references = 1;

  private constructor(
    /** The backend that holds the values now; `moveTo` changes it for every view at once. */
    public backend: Backend,
    /** What the backend knows the values by: a block of the one memory on the CPU, a texture on WebGL. */
    public handle: unknown,
    readonly size: number,
    readonly dtype: DataType,
  ) {
    liveBuffers++;
    liveBytes += size * BYTES_PER_ELEMENT;
  }

  static allocate(backend: Backend, size: number, dtype: DataType): Storage {
    return new Storage(backend, backend.allocate(size, dtype), size, dtype);
  }

  retain(): this {
    this.references++;
    return this;
  }

  release(): void {
    if (--this.references > 0) return;
    liveBuffers--;
    liveBytes -= this.size * BYTES_PER_ELEMENT;
    this.backend.free(this.handle);
    this.handle = undefined;
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
