import type { DataType } from '../dtype';
import type { Bindings } from './bindings';
import type { TextureLayout } from './texture-layout';

/** The type of a texture's values: float for float32 tensors, int for int32 and bool tensors. */
export type LaneType = 'float' | 'int';

export function laneTypeOf(dtype: DataType): LaneType {
  return dtype === 'float32' ? 'float' : 'int';
}

/** A texture array with its layout. */
export interface Texture {
  readonly texture: WebGLTexture;
  readonly layout: TextureLayout;
  readonly laneType: LaneType;
  readonly bytes: number;
  /** What renders into it, made when it is first needed; null is the canvas. */
  framebuffer?: WebGLFramebuffer | null;
  /** What renders into it and others together, one at a time. */
  shared?: SharedFramebuffer;
  /** Whether it is in the pool. */
  isFree: boolean;
}

/** What renders into the first layers of several textures. */
export interface SharedFramebuffer {
  readonly framebuffer: WebGLFramebuffer | null;
  readonly targets: readonly Texture[];
}

/** A texture for a run that draws nothing: it has a layout and no memory. */
export function imaginaryTexture(layout: TextureLayout, laneType: LaneType): Texture {
  return { texture: {}, layout, laneType, bytes: 0, isFree: false };
}

export function isImaginary({ bytes }: Texture): boolean {
  return bytes === 0;
}

/** The pool may always keep so many bytes, however little is in use. */
const LEAST_POOL_BYTES = 64 * 2 ** 20;
/** After new textures of so many bytes, errors are looked for at once. That makes the driver finish its queue. */
const CHECKED_BYTES = 16 * 2 ** 20;

/** Free textures of one format and size. */
interface Kind {
  readonly textures: Texture[];
  /** The number of the release that came last. */
  lastRelease: number;
}

/**
 * Keeps free textures to use them again. To make a texture takes longer than most kernels, and the steps of a training loop need the
 * same sizes again and again. The pool keeps at most as many bytes as were in use at the peak, and never more than the device's limit. It
 * deletes the kinds first that were not freed for the longest time; all of it where memory has run out, or the page is hidden.
 */
export class TexturePool {
  /** Free textures by format and size. */
  readonly #free = new Map<number, Kind>();
  #releases = 0;
  #used = 0;
  #peak = LEAST_POOL_BYTES;
  pooledBytes = 0;
  /** Bytes of what may have got no memory since errors were looked for. */
  #unchecked = 0;
  #ranOut = false;

  /**
   * @param limit the most bytes of free textures
   * @param floatFormat RGBA32F, or RGBA16F
   */
  constructor(
    private readonly bindings: Bindings,
    private readonly limit: number,
    private readonly floatFormat: number,
  ) {}

  /** Bytes of all textures, in use or free. */
  get reservedBytes(): number {
    return this.#used + this.pooledBytes;
  }

  acquire(layout: TextureLayout, laneType: LaneType): Texture {
    const waiting = this.#free.get(keyOf(layout, laneType))?.textures.pop();
    if (waiting) this.pooledBytes -= waiting.bytes;
    const texture = waiting ?? this.#create(layout, laneType);
    // No calls from here on: if the engine's stack overflowed in one, the texture would be lost.
    texture.isFree = false;
    this.#used += texture.bytes;
    if (this.#used > this.#peak) this.#peak = this.#used;
    return texture;
  }

  /** @throws when the texture is free already */
  release(texture: Texture): void {
    if (texture.isFree) throw new Error('TexturePool.release: the texture is free already');
    const { bytes } = texture;
    if (bytes > this.limit) {
      this.#delete(texture);
      texture.isFree = true;
      this.#used -= bytes;
      return;
    }
    const most = Math.min(this.limit, this.#peak);
    if (this.pooledBytes + bytes > most) this.trim(most - bytes);
    const key = keyOf(texture.layout, texture.laneType);
    let kind = this.#free.get(key);
    if (!kind) this.#free.set(key, (kind = { textures: [], lastRelease: 0 }));
    // Must be the last call: if the engine's stack overflows before, the texture is not free, and can be released again.
    kind.textures.push(texture);
    kind.lastRelease = ++this.#releases;
    texture.isFree = true;
    this.#used -= bytes;
    this.pooledBytes += bytes;
  }

  /** Deletes free textures until at most `limit` bytes of them are left. */
  trim(limit: number): void {
    const kinds = [...this.#free].sort(([, a], [, b]) => a.lastRelease - b.lastRelease);
    for (const [key, { textures }] of kinds) {
      while (this.pooledBytes > limit) {
        const texture = textures.pop();
        if (!texture) break;
        this.pooledBytes -= texture.bytes;
        this.#delete(texture);
      }
      if (textures.length === 0) this.#free.delete(key);
      if (this.pooledBytes <= limit) return;
    }
  }

  /**
   * Whether all textures have got their memory so far: one without reads as zeros. Asks the driver only if textures were made, or many values
   * uploaded, since the last call.
   */
  hasMemory(): boolean {
    if (this.#unchecked > 0) this.#ranOut ||= ranOutOfMemory(this.bindings.gl);
    this.#unchecked = 0;
    return !this.#ranOut;
  }

  /** To be called when values have been uploaded to a texture. */
  uploaded({ bytes }: Texture): void {
    if (bytes >= CHECKED_BYTES) this.#unchecked += bytes;
  }

  #create(layout: TextureLayout, laneType: LaneType): Texture {
    const { gl } = this.bindings;
    const { width, height, layers } = layout;
    const format = laneType === 'float' ? this.floatFormat : gl.RGBA32I;
    const bytes = width * height * layers * (format === gl.RGBA16F ? 8 : 16);
    const isLarge = bytes >= CHECKED_BYTES;
    // So that an error after this one's allocation is its own. Smaller ones that have failed are in use: they cannot be made anew.
    const isChecked = isLarge || this.#unchecked >= CHECKED_BYTES;
    if (!isChecked || this.hasMemory()) {
      const texture = gl.createTexture();
      this.bindings.edit(texture);
      gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, format, width, height, layers);
      // With the default filter, float and integer textures are incomplete, and read as 0.
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
      if (!isLarge) this.#unchecked += bytes;
      if (!isLarge || !ranOutOfMemory(gl)) {
        return { texture, layout, laneType, bytes, framebuffer: undefined, isFree: false };
      }
      gl.deleteTexture(texture);
      if (this.pooledBytes > 0) {
        this.trim(0);
        return this.#create(layout, laneType);
      }
    }
    throw new Error(
      `webgl: out of memory for a texture of ${width} × ${height} × ${layers} texels (${bytes} bytes) beside ${this.#used} bytes ` +
        "in use; dispose tensors, use smaller batches, or setBackend('cpu')",
    );
  }

  #delete(texture: Texture): void {
    const { gl } = this.bindings;
    gl.deleteFramebuffer(texture.framebuffer ?? null);
    deleteShared(gl, texture);
    gl.deleteTexture(texture.texture);
  }
}

/** Forgets what renders into several textures, one of which gets another one or is deleted: it would keep the memory of the others. */
export function deleteShared(gl: WebGL2RenderingContext, { shared }: Texture): void {
  if (!shared) return;
  for (const target of shared.targets) target.shared = undefined;
  gl.deleteFramebuffer(shared.framebuffer);
}

/** Whether memory has run out since the last call. Makes the driver finish its queue. */
export function ranOutOfMemory(gl: WebGL2RenderingContext): boolean {
  let error: number;
  do error = gl.getError();
  while (error !== gl.NO_ERROR && error !== gl.OUT_OF_MEMORY);
  return error !== gl.NO_ERROR;
}

/** A number, since a text would take longer than all else here. Sides are at most 2¹⁶, layers at most 2³. */
function keyOf({ width, height, layers }: TextureLayout, laneType: LaneType): number {
  return ((width * 2 ** 17 + height) * 16 + layers) * (laneType === 'float' ? 1 : -1);
}
