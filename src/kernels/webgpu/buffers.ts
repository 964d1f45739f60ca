/** The bits of usage that WebGPU defines; a server has no global of them. */
export const USAGE = {
  mapRead: 1,
  copySource: 4,
  copyTarget: 8,
  uniform: 64,
  storage: 128,
  textureCopyTarget: 2,
} as const;

/** A buffer of the device. */
export interface Buffer {
  readonly buffer: GPUBuffer;
  readonly bytes: number;
  readonly usage: number;
  /** Tells buffers apart in the keys of caches. */
  readonly id: number;
  /** The number of the batch of commands that used it last. */
  usedIn: number;
}

const LEAST = 256;
/** Larger buffers are rounded to multiples of it, so that at most a small part is unused. */
const STEP = 2 ** 22;

/** The size of the buffer that holds so many bytes: a power of two, or a multiple of 4 MiB. */
export function sizeClass(bytes: number): number {
  if (bytes > STEP) return Math.ceil(bytes / STEP) * STEP;
  return Math.max(LEAST, 2 ** Math.ceil(Math.log2(Math.max(bytes, 1))));
}

/** Lends buffers, and keeps those that come back for the next of their size. */
export class BufferPool {
  reservedBytes = 0;
  pooledBytes = 0;
  readonly #free = new Map<string, Buffer[]>();
  readonly #doomed: Buffer[] = [];
  #made = 0;

  /** @param mostPooled the most bytes of free buffers that are kept */
  constructor(
    private readonly gpu: GPUDevice,
    private readonly mostPooled: number,
  ) {}

  /** @throws RangeError for more bytes than the device's buffers can have */
  acquire(bytes: number, usage: number): Buffer {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.gpu.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (bytes > most) {
      throw new RangeError(
        `webgpu: a tensor of ${bytes} bytes is larger than a buffer of this device (${most} bytes); wanted smaller parts, or setBackend('cpu')`,
      );
    }
    const size = Math.min(sizeClass(bytes), most);
    const pooled = this.#free.get(`${usage} ${size}`)?.pop();
    if (pooled) {
      this.pooledBytes -= pooled.bytes;
      return pooled;
    }
    const buffer = this.gpu.createBuffer({ size, usage });
    this.reservedBytes += size;
    return { buffer, bytes: size, usage, id: ++this.#made, usedIn: 0 };
  }

  release(buffer: Buffer): void {
    if (this.pooledBytes + buffer.bytes > this.mostPooled) {
      this.#doomed.push(buffer);
      return;
    }
    const key = `${buffer.usage} ${buffer.bytes}`;
    const list = this.#free.get(key);
    if (list) list.push(buffer);
    else this.#free.set(key, [buffer]);
    this.pooledBytes += buffer.bytes;
  }

  /** Destroys buffers that were too many to keep. To be called when all commands that use them have been submitted. */
  destroyDoomed(): void {
    for (const { buffer, bytes } of this.#doomed.splice(0)) {
      buffer.destroy();
      this.reservedBytes -= bytes;
    }
  }

  /** Destroys all free buffers. */
  clear(): void {
    for (const list of this.#free.values()) this.#doomed.push(...list.splice(0));
    this.pooledBytes = 0;
    this.destroyDoomed();
  }
}
