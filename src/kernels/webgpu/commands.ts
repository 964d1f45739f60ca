import { USAGE, type Buffer, type BufferPool } from './buffers';

/** So many dispatches are handed to the device together. */
const LONGEST_BATCH = 24;
/** Bytes of uniforms of a batch. */
const UNIFORM_BYTES = 2 ** 16;

/**
 * Collects commands, and submits them in batches: the cost of a submission is that of many dispatches. The uniforms of a batch lie in one buffer,
 * which is written before the batch is submitted; the device does both in that order, so that the next batch can use the same bytes.
 */
export class Commands {
  readonly uniforms: GPUBuffer;
  /** The number of the batch that is being collected. */
  batch = 1;
  readonly #staged = new DataView(new ArrayBuffer(UNIFORM_BYTES));
  readonly #alignment: number;
  #encoder: GPUCommandEncoder | null = null;
  #pass: GPUComputePassEncoder | null = null;
  #dispatches = 0;
  #used = 0;

  constructor(
    private readonly gpu: GPUDevice,
    private readonly pool: BufferPool,
  ) {
    this.uniforms = gpu.createBuffer({ size: UNIFORM_BYTES, usage: USAGE.uniform | USAGE.copyTarget });
    this.#alignment = gpu.limits.minUniformBufferOffsetAlignment;
  }

  /** Adds a dispatch of x · y groups: more may be wanted than fit into one dimension. `fill` writes its uniforms, from the given byte on. */
  dispatch(
    pipeline: GPUComputePipeline,
    group: GPUBindGroup,
    bytes: number,
    fill: (view: DataView, at: number) => void,
    buffers: readonly Buffer[],
    x: number,
    y: number,
  ): void {
    if (this.#used + bytes > UNIFORM_BYTES) this.flush();
    const at = this.#used;
    fill(this.#staged, at);
    this.#used = Math.ceil((at + bytes) / this.#alignment) * this.#alignment;
    const pass = (this.#pass ??= this.#encoding().beginComputePass());
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group, [at]);
    pass.dispatchWorkgroups(x, y);
    for (const buffer of buffers) buffer.usedIn = this.batch;
    if (++this.#dispatches >= LONGEST_BATCH) this.flush();
  }

  copy(from: Buffer, to: Buffer, bytes: number, start = 0): void {
    this.#endPass();
    this.#encoding().copyBufferToBuffer(from.buffer, start, to.buffer, 0, bytes);
    from.usedIn = to.usedIn = this.batch;
  }

  /** Copies pixels to a texture of a canvas, and submits all work: the canvas shows the texture as it is when the task ends. */
  copyToTexture(from: Buffer, texture: GPUTexture, bytesPerRow: number): void {
    this.#endPass();
    const { width, height } = texture;
    this.#encoding().copyBufferToTexture({ buffer: from.buffer, bytesPerRow }, { texture }, [width, height]);
    from.usedIn = this.batch;
    this.flush();
  }

  /** Writes values behind all commands so far. */
  write(to: Buffer, values: ArrayBufferView<ArrayBuffer>): void {
    if (to.usedIn === this.batch) this.flush();
    this.gpu.queue.writeBuffer(to.buffer, 0, values);
  }

  flush(): void {
    const encoder = this.#encoder;
    if (encoder) {
      this.#endPass();
      if (this.#used > 0) this.gpu.queue.writeBuffer(this.uniforms, 0, this.#staged.buffer, 0, this.#used);
      this.gpu.queue.submit([encoder.finish()]);
      this.#encoder = null;
      this.#dispatches = 0;
      this.#used = 0;
      this.batch++;
    }
    this.pool.destroyDoomed();
  }

  #encoding(): GPUCommandEncoder {
    return (this.#encoder ??= this.gpu.createCommandEncoder());
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = null;
  }
}
