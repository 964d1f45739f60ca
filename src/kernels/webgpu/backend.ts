import type { Backend, BackendDevice, BackendMemory, BackendTiming, TensorInfo } from '../backend';
import type { Kernel, KernelAttributes, KernelName, PartialKernelTable } from '../kernel-table';
import { BYTES_PER_ELEMENT, toTypedArray, type DataType, type TypedArray } from '../dtype';
import { BufferPool, USAGE, type Buffer } from './buffers';
import { Commands } from './commands';
import type { OpenDevice } from './device';
import { deviceLost } from './lost-device';
import { Pipelines, type Pipeline } from './pipelines';

/** The handle of a tensor's values. */
export interface TensorBuffer {
  readonly size: number;
  readonly dtype: DataType;
  readonly buffer: Buffer;
}

const TENSOR = USAGE.storage | USAGE.copySource | USAGE.copyTarget;
const STAGING = USAGE.mapRead | USAGE.copyTarget;
/** The most bytes of free buffers that are kept. */
const MOST_POOLED = 2 ** 29;

/** Runs kernels as compute shaders over buffers. Nothing waits for the device, and nothing can: values are read by promises. */
export class WebGPUBackend implements Backend {
  readonly name = 'webgpu';
  readonly writesInPlace = false;
  readonly device: BackendDevice;
  readonly gpu: GPUDevice;
  readonly isSoftware: boolean;
  readonly pool: BufferPool;
  readonly pipelines: Pipelines;
  submissions = 0;
  readonly #commands: Commands;
  /** Why the device is gone; null while it is there. */
  #lost: string | null = null;
  /** The error of work that failed after its op had returned. The next read or mark throws it. */
  #failure: Error | null = null;

  constructor(
    opened: OpenDevice,
    readonly kernels: PartialKernelTable<WebGPUBackend>,
  ) {
    const { gpu } = opened;
    this.gpu = gpu;
    this.device = opened.device;
    this.isSoftware = opened.isSoftware;
    this.pool = new BufferPool(gpu, MOST_POOLED);
    this.#commands = new Commands(gpu, this.pool);
    this.pipelines = new Pipelines(gpu, this.#commands.uniforms);
    void gpu.lost.then(({ message }) => (this.#lost ??= message));
    gpu.addEventListener('uncapturederror', (event) => {
      event.preventDefault();
      this.#failure ??= new Error(`webgpu: ${event.error.message}`);
    });
  }

  isLost(): boolean {
    return this.#lost !== null;
  }

  allocate(size: number, dtype: DataType): TensorBuffer {
    this.#check('allocate');
    return { size, dtype, buffer: this.pool.acquire(size * BYTES_PER_ELEMENT, TENSOR) };
  }

  free(handle: unknown): void {
    if (this.#lost === null) this.pool.release((handle as TensorBuffer).buffer);
  }

  write(handle: unknown, values: TypedArray): void {
    this.#check('write');
    const { buffer, dtype, size } = handle as TensorBuffer;
    if (size === 0) return;
    const Words = dtype === 'float32' ? Float32Array : Int32Array;
    const words = values instanceof Words ? values : new Words(values);
    this.#commands.write(buffer, words as typeof words & ArrayBufferView<ArrayBuffer>);
    this.submissions++;
  }

  /** async, so that a lost device rejects the promise instead of throwing. */
  async read(handle: unknown, size: number, dtype: DataType): Promise<TypedArray> {
    this.#check('read');
    if (size === 0) return toTypedArray([], dtype);
    const bytes = size * BYTES_PER_ELEMENT;
    const staging = this.pool.acquire(bytes, STAGING);
    try {
      this.#commands.copy((handle as TensorBuffer).buffer, staging, bytes);
      this.#commands.flush();
      await staging.buffer.mapAsync(1, 0, bytes);
      const words = staging.buffer.getMappedRange(0, bytes).slice(0);
      staging.buffer.unmap();
      this.#throwFailure();
      if (dtype === 'float32') return new Float32Array(words);
      const whole = new Int32Array(words);
      return dtype === 'bool' ? Uint8Array.from(whole) : whole;
    } catch (error) {
      // A buffer is not mapped when the device is lost, which the device itself may say later.
      if ((error as Error).name === 'AbortError') this.#lost ??= '';
      this.#check('read');
      throw error;
    } finally {
      if (this.#lost === null) this.pool.release(staging);
    }
  }

  run<K extends KernelName>(
    name: K,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
    attributes: KernelAttributes[K],
  ): void {
    this.#check(name);
    const kernel = this.kernels[name] as Kernel<WebGPUBackend, K> | undefined;
    if (!kernel) {
      throw new Error(
        `webgpu: the backend has no kernel '${name}' yet; wanted setBackend('webgl') or setBackend('cpu') for this work`,
      );
    }
    kernel(this, inputs, outputs, attributes);
  }

  async mark(): Promise<void> {
    if (this.isLost()) return;
    this.#commands.flush();
    await this.gpu.queue.onSubmittedWorkDone();
    this.#throwFailure();
  }

  /** Not measured: the time of each pass would need the feature timestamp-query. */
  async time(work: () => void): Promise<BackendTiming> {
    work();
    await this.mark();
    return { kernelMs: NaN };
  }

  memory(): BackendMemory {
    const { reservedBytes, pooledBytes } = this.isLost() ? { reservedBytes: 0, pooledBytes: 0 } : this.pool;
    return { reservedBytes, pooledBytes, programs: this.pipelines.count };
  }

  dispose(): void {
    if (this.isLost()) return;
    this.#lost = 'it was disposed';
    this.pool.clear();
    this.gpu.destroy();
  }

  /** For kernels: the buffer of an operand. */
  bufferOf({ handle }: TensorInfo): Buffer {
    return (handle as TensorBuffer).buffer;
  }

  /** For kernels: adds a dispatch of x · y groups to the batch. `write` writes its numbers. */
  submit(
    { pipeline, bytes }: Pipeline,
    group: GPUBindGroup,
    write: (view: DataView, at: number) => void,
    buffers: readonly Buffer[],
    x: number,
    y: number,
  ): void {
    this.#commands.dispatch(pipeline, group, bytes, write, buffers, x, y);
    this.submissions++;
  }

  /** For kernels: copies pixels to the texture of a canvas. */
  copyToTexture(pixels: TensorInfo, texture: GPUTexture, bytesPerRow: number): void {
    this.#commands.copyToTexture(this.bufferOf(pixels), texture, bytesPerRow);
  }

  #check(doing: string): void {
    if (this.#lost !== null) throw deviceLost(doing, this.#lost);
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure) throw failure;
  }
}
