import type {
  Backend,
  BackendDevice,
  BackendMemory,
  BackendTiming,
  Preparation,
  TensorInfo,
} from '../backend';
import type { Kernel, KernelAttributes, KernelName, KernelTable } from '../kernel-table';
import { contextLost } from '../context-lost';
import type { DataType, TypedArray } from '../dtype';
import { Bindings } from './bindings';
import { closeContext, type DeviceContext } from './context';
import { ContextLife } from './context-life';
import { FencePoll } from './fence';
import { LANES, checkSize, chooseLayout, type TextureLayout } from './texture-layout';
import type { ChooseLayout, OutputLayouts } from './output-layouts';
import type { Linking, Program } from './program';
import { Programs } from './programs';
import { pendingRead, readNow, toDataType } from './read';
import {
  TexturePool,
  deleteShared,
  imaginaryTexture,
  isImaginary,
  laneTypeOf,
  type LaneType,
  type Texture,
} from './textures';
import { selfCheck } from './self-check';
import type { Submission } from './submission';
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
  /** The value of a single element that was written: elementwise kernels take it as a uniform, also after an upload. */
  scalar: number | null;
}

/** The page; a worker has none. Looked for when it is needed: what is imported where a server renders a page touches nothing of it. */
const page = (): Document | undefined => globalThis.document;

/** Runs kernels as fragment shaders over textures. Draws are queued; no kernel waits for them. */
export class WebGLBackend implements Backend {
  readonly name = 'webgl';
  readonly writesInPlace = false;
  readonly device: BackendDevice;
  readonly gl: WebGL2RenderingContext;
  readonly maxTextureSize: number;
  readonly maxDrawBuffers: number;
  readonly blendsFloats: boolean;
  readonly bindings: Bindings;
  readonly pool: TexturePool;
  /** What inputs without elements read. They last as long as the context. */
  readonly none = new Map<LaneType, Texture>();
  /** Where what is submitted is noted; null where nobody listens. */
  heard: Submission[] | null = null;
  submissions = 0;
  readonly #fences: FencePoll;
  readonly #programs: Programs;
  #reads = 0;
  readonly #life: ContextLife;
  #checking: Promise<string | null> | null = null;

  constructor(
    private readonly context: DeviceContext,
    readonly kernels: KernelTable<WebGLBackend>,
    private readonly outputLayouts: OutputLayouts,
  ) {
    this.gl = context.gl;
    this.device = context.device;
    this.maxTextureSize = context.maxTextureSize;
    this.maxDrawBuffers = context.maxDrawBuffers;
    this.blendsFloats = context.blendsFloats;
    this.bindings = new Bindings(this.gl);
    this.pool = new TexturePool(this.bindings, context.poolBytes, context.floatFormat);
    this.#life = new ContextLife(this.gl, this.pool, () => this.dispose());
    this.#programs = new Programs(this.gl, context.compilesInParallel);
    this.#fences = new FencePoll(this.gl, () => this.isLost());
    this.gl.canvas.addEventListener('webglcontextlost', () => this.dispose());
    page()?.addEventListener('visibilitychange', this.#freeWhileHidden);
  }

  /** Whether the context is lost; with a handle: whether its values are. Values that were never uploaded outlive the context. */
  isLost(handle?: unknown): boolean {
    const { texture, values } = (handle ?? {}) as Partial<TensorTexture>;
    return this.#life.isLost() && (!handle || (!!texture && !values));
  }

  allocate(size: number, dtype: DataType): TensorTexture {
    checkSize(size, this.maxTextureSize);
    return { size, laneType: laneTypeOf(dtype), values: null, texture: null, scalar: null };
  }

  free(handle: unknown): void {
    this.#empty(handle as TensorTexture);
  }

  write(handle: unknown, values: TypedArray): void {
    const target = handle as TensorTexture;
    this.#empty(target);
    const Lanes = target.laneType === 'float' ? Float32Array : Int32Array;
    target.values = values instanceof Lanes ? values.slice() : new Lanes(values);
    if (target.size === 1) target.scalar = target.values[0]!;
  }

  /** Waits for the check of the device, so that nothing wrong is handed out. */
  read(handle: unknown, size: number, dtype: DataType): Promise<TypedArray> {
    return this.#read(handle, size, dtype, this.#checking);
  }

  /** async, so that a lost context rejects the promise instead of throwing. */
  async #read(
    handle: unknown,
    size: number,
    dtype: DataType,
    checking: Promise<string | null> | null,
  ): Promise<TypedArray> {
    const { texture, values } = handle as TensorTexture;
    if (!texture || values) return toDataType(values, size, dtype);
    checkComputed(texture);
    this.#life.check('read');
    this.bindFramebuffer(texture);
    const finish = pendingRead(this.gl, texture, size);
    this.#reads++;
    await this.#passed();
    this.#life.check('read');
    const read = this.#life.proven('read', finish());
    if (checking && (await checking) !== null) throw contextLost('read');
    return toDataType(read, size, dtype);
  }

  readSync(handle: unknown, size: number, dtype: DataType): TypedArray {
    const { texture, values } = handle as TensorTexture;
    if (!texture || values) return toDataType(values, size, dtype);
    checkComputed(texture);
    this.#life.check('readSync');
    this.bindFramebuffer(texture);
    return toDataType(this.#life.proven('readSync', readNow(this.gl, texture, size)), size, dtype);
  }

  run<K extends KernelName>(
    name: K,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
    attributes: KernelAttributes[K],
  ): void {
    const kernel = this.kernels[name] as Kernel<WebGLBackend, K>;
    this.runOwn(name, kernel, this.outputLayouts[name], inputs, outputs, attributes);
  }

  /** Runs a kernel that need not be of the table. */
  runOwn<A>(
    name: string,
    kernel: (
      backend: this,
      inputs: readonly TensorInfo[],
      outputs: readonly TensorInfo[],
      attributes: A,
    ) => void,
    layoutOf: ChooseLayout<A> | undefined,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
    attributes: A,
  ): void {
    this.#life.check(name);
    try {
      const layout = layoutOf?.(this, inputs, outputs, attributes) ?? null;
      if (layout !== 'own') for (const output of outputs) this.allocateTexture(output, layout);
      kernel(this, inputs, outputs, attributes);
    } catch (error) {
      // Without a context no program links, for one.
      throw this.#life.answers() ? error : contextLost(name);
    }
  }

  /** A software renderer computes with the processor's own arithmetic, and half floats are known to be coarse. */
  check(): Promise<string | null> {
    const { caveat, floatPrecision } = this.device;
    const isChecked = !caveat && floatPrecision === 32;
    return (this.#checking ??= isChecked
      ? selfCheck(this, (handle, size, dtype) => this.#read(handle, size, dtype, null))
      : Promise.resolve(null));
  }

  mark(): Promise<void> {
    return this.isLost() ? Promise.resolve() : this.#passed();
  }

  async time(work: () => void): Promise<BackendTiming> {
    const { gl, context } = this;
    const fences = this.#fences;
    return {
      kernelMs: await elapsedOnDevice(
        gl,
        context.timer,
        () => fences.fence(),
        work,
        () => this.isLost(),
      ),
    };
  }

  async prepare(work: () => void): Promise<Preparation> {
    this.#life.check('warmUp');
    const took = await this.#programs.prepare(work, () => this.#fences.fence());
    this.#life.check('warmUp');
    return took;
  }

  memory(): BackendMemory {
    const programs = this.#programs;
    const { reservedBytes, pooledBytes } = this.#life.isGone
      ? { reservedBytes: 0, pooledBytes: 0 }
      : this.pool;
    return { reservedBytes, pooledBytes, programs: programs.count, compileMs: programs.compileMs };
  }

  dispose(): void {
    if (!this.#life.end()) return;
    page()?.removeEventListener('visibilitychange', this.#freeWhileHidden);
    this.pool.trim(0);
    this.#programs.clear();
    closeContext(this.gl);
  }

  /** For kernels: the texture of an operand. Uploads values that are still on the host. */
  textureOf(tensor: TensorInfo): Texture {
    const handle = tensor.handle as TensorTexture;
    const isPrepared = this.#programs.arePrepared;
    if (handle.texture && handle.values === null) {
      if (!isPrepared) checkComputed(handle.texture);
      return handle.texture;
    }
    if (handle.size === 0) return this.#emptyTexture(handle.laneType);
    if (isPrepared) {
      return (
        handle.texture ?? imaginaryTexture(chooseLayout(tensor.shape, this.maxTextureSize), handle.laneType)
      );
    }
    handle.texture ??= this.pool.acquire(chooseLayout(tensor.shape, this.maxTextureSize), handle.laneType);
    upload(this.bindings, handle.texture, handle.values);
    this.pool.uploaded(handle.texture);
    // Comes after the upload: if the engine's stack overflows in it, the next use repeats it.
    handle.values = null;
    return handle.texture;
  }

  /** Gives an operand a new texture with undefined values, and frees its old one. Returns null for an operand without elements. */
  allocateTexture(tensor: TensorInfo, layout: TextureLayout | null = null): Texture | null {
    const handle = tensor.handle as TensorTexture;
    if (handle.size === 0) return null;
    this.#empty(handle);
    const { laneType } = handle;
    const chosen = layout ?? chooseLayout(tensor.shape, this.maxTextureSize);
    handle.texture = this.#programs.arePrepared
      ? imaginaryTexture(chosen, laneType)
      : this.pool.acquire(chosen, laneType);
    return handle.texture;
  }

  /** The program of `key`, which the first call starts; null: programs are only prepared, and nothing is to be drawn. */
  program(key: string, start: () => Linking): Program | null {
    return this.#programs.of(key, start);
  }

  /** Makes textures the targets of draws and reads: all layers of a single one, or the first layer of each of several. */
  bindFramebuffer(target: Texture, targets: readonly Texture[] = [target]): void {
    const { gl } = this;
    const { length: count } = targets;
    const isSingle = count < 2;
    const { shared } = target;
    const isShared =
      shared?.targets.length === count && targets.every((each, i) => each === shared.targets[i]);
    const known = isSingle ? target.framebuffer : isShared ? shared.framebuffer : undefined;
    const framebuffer = known === undefined ? gl.createFramebuffer() : known;
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    if (known !== undefined) return;
    const attachments = isSingle ? target.layout.layers : count;
    gl.drawBuffers(Array.from({ length: attachments }, (_, i) => gl.COLOR_ATTACHMENT0 + i));
    for (let i = 0; i < attachments; i++) {
      const { texture } = targets[i] ?? target;
      gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + i, texture, 0, isSingle ? i : 0);
    }
    if (isSingle) target.framebuffer = framebuffer;
    else {
      for (const each of targets) deleteShared(gl, each);
      const shared = { framebuffer, targets: [...targets] };
      for (const each of targets) each.shared = shared;
    }
  }

  /** A page that nobody looks at leaves memory to others. */
  readonly #freeWhileHidden = (): void => {
    if (page()?.hidden) this.pool.trim(0);
  };

  #passed(): Promise<void> {
    return this.#fences.passed(this.submissions + this.#reads);
  }

  /** A texture of zeros for inputs without elements, so that kernels need no special case. */
  #emptyTexture(laneType: LaneType): Texture {
    let texture = this.none.get(laneType);
    if (!texture) {
      texture = this.pool.acquire({ width: 1, height: 1, layers: 1 }, laneType);
      upload(this.bindings, texture, laneType === 'float' ? new Float32Array(LANES) : new Int32Array(LANES));
      this.none.set(laneType, texture);
    }
    return texture;
  }

  #empty(handle: TensorTexture): void {
    if (handle.texture && !this.#life.isGone && !isImaginary(handle.texture))
      this.pool.release(handle.texture);
    handle.texture = null;
    handle.values = null;
    handle.scalar = null;
  }
}

/** @throws for a texture of a run that drew nothing */
function checkComputed(texture: Texture): void {
  if (!isImaginary(texture)) return;
  throw new Error(
    'warmUp: a tensor is read that its function has made; wanted a function that reads and keeps none',
  );
}
