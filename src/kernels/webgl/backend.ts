import type { Backend, BackendMemory, BackendTiming, TensorInfo } from '../backend';
import type { Kernel, KernelAttributes, KernelName, KernelTable } from '../kernel-table';
import type { DataType, TypedArray } from '../dtype';
import { closeContext, type DeviceContext } from './context';
import { FencePoll } from './fence';
import { LANES, checkSize, chooseLayout, type TextureLayout } from './texture-layout';
import type { OutputLayout, OutputLayouts } from './output-layouts';
import type { Program } from './program';
import { pendingRead, readNow, toDataType } from './read';
import { TexturePool, laneTypeOf, type LaneType, type Texture } from './textures';
import { elapsedOnDevice } from './timer';
import { upload } from './upload';

/**
 * The handle of a tensor's values. Written values stay on the host until a kernel first reads them, since the layout of a texture
 * depends on a shape, which only an operand has. An output gets its texture just before its kernel runs.
 */
export interface TensorTexture {
  readonly size: number;
  readonly laneType: LaneType;
  values: Float32Array | Int32Array | null;
  texture: Texture | null;
}

/** Runs kernels as fragment shaders over textures. Draws are queued; no kernel waits for them. */
export class WebGLBackend implements Backend {
  readonly name = 'webgl';
  readonly writesInPlace = false;
  readonly gl: WebGL2RenderingContext;
  readonly maxTextureSize: number;
  readonly maxDrawBuffers: number;
  readonly blendsFloats: boolean;
  private readonly pool: TexturePool;
  private readonly fences: FencePoll;
  private readonly programs = new Map<string, Program>();
  private readonly shared = new Map<number, WebGLFramebuffer>();
  private readonly none = new Map<LaneType, Texture>();
  private isBlending = false;
  private draws = 0;
  private reads = 0;

  constructor(
    private readonly context: DeviceContext,
    private readonly kernels: KernelTable<WebGLBackend>,
    private readonly outputLayouts: OutputLayouts,
  ) {
    this.gl = context.gl;
    this.maxTextureSize = context.maxTextureSize;
    this.maxDrawBuffers = context.maxDrawBuffers;
    this.blendsFloats = context.blendsFloats;
    this.pool = new TexturePool(this.gl);
    this.fences = new FencePoll(this.gl);
  }

  allocate(size: number, dtype: DataType): TensorTexture {
    checkSize(size, this.maxTextureSize);
    return { size, laneType: laneTypeOf(dtype), values: null, texture: null };
  }

  free(handle: unknown): void {
    this.empty(handle as TensorTexture);
  }

  write(handle: unknown, values: TypedArray): void {
    const target = handle as TensorTexture;
    this.empty(target);
    target.values = target.laneType === 'float' ? new Float32Array(values) : new Int32Array(values);
  }

  read(handle: unknown, size: number, dtype: DataType): Promise<TypedArray> {
    const { texture, values } = handle as TensorTexture;
    // async, so that a lost context rejects the promise instead of throwing.
    const read = async (): Promise<TypedArray> => {
      if (!texture || values) return toDataType(values, size, dtype);
      this.checkContext('read');
      this.bindFramebuffer(texture);
      const finish = pendingRead(this.gl, texture, size);
      this.reads++;
      await this.passed();
      this.checkContext('read');
      return toDataType(finish(), size, dtype);
    };
    return read();
  }

  readSync(handle: unknown, size: number, dtype: DataType): TypedArray {
    const { texture, values } = handle as TensorTexture;
    if (!texture || values) return toDataType(values, size, dtype);
    this.checkContext('readSync');
    this.bindFramebuffer(texture);
    return toDataType(readNow(this.gl, texture, size), size, dtype);
  }

  run<K extends KernelName>(
    name: K,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
    attributes: KernelAttributes[K],
  ): void {
    this.checkContext(name);
    const kernel: Kernel<WebGLBackend, K> = this.kernels[name];
    const layoutOf: OutputLayout<K> | undefined = this.outputLayouts[name];
    const layout = layoutOf?.(this, inputs, outputs, attributes) ?? null;
    if (layout !== 'own') for (const output of outputs) this.allocateTexture(output, layout);
    kernel(this, inputs, outputs, attributes);
  }

  get submissions(): number {
    return this.draws;
  }

  mark(): Promise<void> {
    return this.gl.isContextLost() ? Promise.resolve() : this.passed();
  }

  async time(work: () => void): Promise<BackendTiming> {
    return { kernelMs: await elapsedOnDevice(this.gl, this.context.timer, () => this.fences.fence(), work) };
  }

  memory(): BackendMemory {
    return { reservedBytes: this.pool.reservedBytes, pooledBytes: this.pool.pooledBytes };
  }

  dispose(): void {
    this.pool.trim(0);
    this.programs.clear();
    closeContext(this.gl);
  }

  /** For kernels: the texture of an operand. Uploads values that are still on the host. */
  textureOf(tensor: TensorInfo): Texture {
    const handle = tensor.handle as TensorTexture;
    if (handle.texture && handle.values === null) return handle.texture;
    if (handle.size === 0) return this.emptyTexture(handle.laneType);
    handle.texture ??= this.pool.acquire(chooseLayout(tensor.shape, this.maxTextureSize), handle.laneType);
    upload(this.gl, handle.texture, handle.values);
    // Comes after the upload: if the engine's stack overflows in it, the next use repeats it.
    handle.values = null;
    return handle.texture;
  }

  /** Gives an operand a new texture with undefined values, and frees its old one. Returns null for an operand without elements. */
  allocateTexture(tensor: TensorInfo, layout: TextureLayout | null = null): Texture | null {
    const handle = tensor.handle as TensorTexture;
    if (handle.size === 0) return null;
    this.empty(handle);
    handle.texture = this.pool.acquire(
      layout ?? chooseLayout(tensor.shape, this.maxTextureSize),
      handle.laneType,
    );
    return handle.texture;
  }

  /** The program of `key`. The first call makes it by `create`. */
  program(key: string, create: () => Program): Program {
    let program = this.programs.get(key);
    if (!program) this.programs.set(key, (program = create()));
    return program;
  }

  /** Makes all layers of a texture the target of draws and reads. */
  bindFramebuffer(target: Texture): void {
    const { gl } = this;
    if (target.framebuffer) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, target.framebuffer);
      return;
    }
    const framebuffer = this.createFramebuffer(target.layout.layers);
    for (let layer = 0; layer < target.layout.layers; layer++) {
      gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + layer, target.texture, 0, layer);
    }
    target.framebuffer = framebuffer;
  }

  /** A framebuffer for draws that fill `count` textures, which the caller attaches. */
  sharedFramebuffer(count: number): WebGLFramebuffer {
    let framebuffer = this.shared.get(count);
    if (!framebuffer) this.shared.set(count, (framebuffer = this.createFramebuffer(count)));
    return framebuffer;
  }

  /** Sets whether draws add to the values of their targets or overwrite them. */
  setBlending(adds: boolean): void {
    const { gl } = this;
    if (adds) {
      // Comes first, and the calls are made each time: the engine's stack may overflow in either.
      this.isBlending = true;
      gl.blendFunc(gl.ONE, gl.ONE);
      gl.enable(gl.BLEND);
    } else if (this.isBlending) {
      gl.disable(gl.BLEND);
      this.isBlending = false;
    }
  }

  /** Counts a draw. */
  submitted(): void {
    this.draws++;
  }

  private passed(): Promise<void> {
    return this.fences.passed(this.draws + this.reads);
  }

  private createFramebuffer(attachments: number): WebGLFramebuffer {
    const { gl } = this;
    const framebuffer = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    gl.drawBuffers(Array.from({ length: attachments }, (_, index) => gl.COLOR_ATTACHMENT0 + index));
    return framebuffer;
  }

  /** A texture of zeros for inputs without elements, so that kernels need no special case. */
  private emptyTexture(laneType: LaneType): Texture {
    let texture = this.none.get(laneType);
    if (!texture) {
      texture = this.pool.acquire({ width: 1, height: 1, layers: 1 }, laneType);
      upload(this.gl, texture, laneType === 'float' ? new Float32Array(LANES) : new Int32Array(LANES));
      this.none.set(laneType, texture);
    }
    return texture;
  }

  private empty(handle: TensorTexture): void {
    if (handle.texture) this.pool.release(handle.texture);
    handle.texture = null;
    handle.values = null;
  }

  private checkContext(doing: string): void {
    if (!this.gl.isContextLost()) return;
    throw new Error(
      `webgl: ${doing}: the WebGL context is lost, and with it the values of all tensors on it ` +
        `(the driver was reset, or too many contexts are open); make the tensors anew on another backend`,
    );
  }
}
