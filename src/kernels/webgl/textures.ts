import type { DataType } from '../dtype';
import type { TextureLayout } from './texture-layout';

/** The type of a texture's values: float for float32 tensors, int for int32 and bool tensors. */
export type LaneType = 'float' | 'int';

export function laneTypeOf(dtype: DataType): LaneType {
  return dtype === 'float32' ? 'float' : 'int';
}

/** A texture array with its layout. The framebuffer to render into it is made when it is first needed. */
export interface Texture {
  readonly texture: WebGLTexture;
  readonly layout: TextureLayout;
  readonly laneType: LaneType;
  readonly bytes: number;
  framebuffer: WebGLFramebuffer | null;
  /** Whether it is in the pool. */
  isFree: boolean;
}

const BYTES_PER_TEXEL = 16;
/** The pool may always keep so many bytes, however little is in use. */
const LEAST_POOL_BYTES = 64 * 2 ** 20;
/** From this size on, an allocation is checked for errors. The check makes the driver finish its queue. */
const CHECKED_BYTES = 16 * 2 ** 20;

/** Free textures of one format and size. */
interface Kind {
  readonly textures: Texture[];
  /** The number of the release that came last. */
  lastRelease: number;
}

/**
 * Keeps free textures to use them again. To make a texture takes longer than most kernels, and the steps of a training loop need the
 * same sizes again and again. The pool keeps at most as many bytes as were in use at the peak, and deletes the kinds first that were not
 * freed for the longest time.
 */
export class TexturePool {
  /** Free textures by format and size. */
  private readonly free = new Map<string, Kind>();
  private releases = 0;
  private used = 0;
  private peak = LEAST_POOL_BYTES;
  pooledBytes = 0;

  constructor(private readonly gl: WebGL2RenderingContext) {}

  /** Bytes of all textures, in use or free. */
  get reservedBytes(): number {
    return this.used + this.pooledBytes;
  }

  acquire(layout: TextureLayout, laneType: LaneType): Texture {
    const waiting = this.free.get(keyOf(layout, laneType))?.textures.pop();
    if (waiting) this.pooledBytes -= waiting.bytes;
    const texture = waiting ?? this.create(layout, laneType);
    // No calls from here on: if the engine's stack overflowed in one, the texture would be lost.
    texture.isFree = false;
    this.used += texture.bytes;
    if (this.used > this.peak) this.peak = this.used;
    return texture;
  }

  /** @throws when the texture is free already */
  release(texture: Texture): void {
    if (texture.isFree) throw new Error('TexturePool.release: the texture is free already');
    const { bytes } = texture;
    if (this.pooledBytes + bytes > this.peak) this.trim(this.peak - bytes);
    const key = keyOf(texture.layout, texture.laneType);
    let kind = this.free.get(key);
    if (!kind) this.free.set(key, (kind = { textures: [], lastRelease: 0 }));
    // Must be the last call: if the engine's stack overflows before, the texture is not free, and can be released again.
    kind.textures.push(texture);
    kind.lastRelease = ++this.releases;
    texture.isFree = true;
    this.used -= bytes;
    this.pooledBytes += bytes;
  }

  /** Deletes free textures until at most `limit` bytes of them are left. */
  trim(limit: number): void {
    const kinds = [...this.free].sort(([, a], [, b]) => a.lastRelease - b.lastRelease);
    for (const [key, { textures }] of kinds) {
      while (this.pooledBytes > limit) {
        const texture = textures.pop();
        if (!texture) break;
        this.pooledBytes -= texture.bytes;
        this.gl.deleteFramebuffer(texture.framebuffer);
        this.gl.deleteTexture(texture.texture);
      }
      if (textures.length === 0) this.free.delete(key);
      if (this.pooledBytes <= limit) return;
    }
  }

  private create(layout: TextureLayout, laneType: LaneType): Texture {
    const { gl } = this;
    const { width, height, layers } = layout;
    const bytes = width * height * layers * BYTES_PER_TEXEL;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
    gl.texStorage3D(
      gl.TEXTURE_2D_ARRAY,
      1,
      laneType === 'float' ? gl.RGBA32F : gl.RGBA32I,
      width,
      height,
      layers,
    );
    // With the default filter, float and integer textures are incomplete, and read as 0.
    gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D_ARRAY, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    if (bytes >= CHECKED_BYTES && gl.getError() === gl.OUT_OF_MEMORY) {
      gl.deleteTexture(texture);
      throw new Error(
        `webgl: out of memory for a texture of ${width} × ${height} × ${layers} texels (${bytes} bytes); ` +
          `${this.reservedBytes} bytes are reserved already, ${this.pooledBytes} of them waiting in the pool`,
      );
    }
    return { texture, layout, laneType, bytes, framebuffer: null, isFree: false };
  }
}

function keyOf({ width, height, layers }: TextureLayout, laneType: LaneType): string {
  return `${laneType} ${width} ${height} ${layers}`;
}
