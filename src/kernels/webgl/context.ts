import type { BackendDevice } from '../backend';
import { poolLimit } from './pool-limit';
import { caveatOf, rendererName } from './renderer';

export interface ContextOptions {
  /** The longest side of a texture, in texels; by default, and at most, the device's limit. */
  readonly maxTextureSize?: number;
  /** The most bytes of free textures in the pool; 'auto' (the default) follows the device, see {@link poolLimit}. */
  readonly poolBytes?: number | 'auto';
}

/** A WebGL2 context that renders to textures of floats or half floats, with its limits and extensions. */
export interface DeviceContext {
  readonly gl: WebGL2RenderingContext;
  readonly device: BackendDevice;
  /** Longest side of a texture, in texels. */
  readonly maxTextureSize: number;
  /** RGBA32F, or RGBA16F where float textures cannot be rendered to. */
  readonly floatFormat: number;
  /** The most bytes of free textures to keep. */
  readonly poolBytes: number;
  /** How many textures, or layers of one texture, a draw can fill: a power of two, at least 4. */
  readonly maxDrawBuffers: number;
  /** Whether a draw can add to the values of a float texture (EXT_float_blend). */
  readonly blendsFloats: boolean;
  /** Whether programs are compiled in parallel (KHR_parallel_shader_compile). */
  readonly compilesInParallel: boolean;
  readonly timer: TimerQueryExtension | null;
}

/** EXT_disjoint_timer_query_webgl2, which TypeScript's DOM library does not declare. */
export interface TimerQueryExtension {
  readonly TIME_ELAPSED_EXT: number;
  readonly GPU_DISJOINT_EXT: number;
}

/** With alpha, since images are painted on its canvas. */
const CONTEXT_ATTRIBUTES: WebGLContextAttributes = {
  antialias: false,
  depth: false,
  stencil: false,
  powerPreference: 'high-performance',
};

/**
 * Opens a new off-screen context for computing. Returns null where WebGL2 or a canvas is missing (Node), and a text where the context
 * cannot compute.
 */
export function openContext({ maxTextureSize = Infinity, poolBytes = 'auto' }: ContextOptions = {}):
  DeviceContext | string | null {
  const gl = contextOf(offscreenCanvas()) ?? contextOf(documentCanvas());
  if (!gl) return null;
  const hasFloats = gl.getExtension('EXT_color_buffer_float') !== null;
  if (!hasFloats && !gl.getExtension('EXT_color_buffer_half_float')) {
    closeContext(gl);
    return 'it renders neither to floats nor to half floats';
  }
  const name = rendererName(gl);
  const largest = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
  return {
    gl,
    device: { name, floatPrecision: hasFloats ? 32 : 16, caveat: caveatOf(name) },
    maxTextureSize: Math.min(maxTextureSize, largest),
    floatFormat: hasFloats ? gl.RGBA32F : gl.RGBA16F,
    poolBytes: poolBytes === 'auto' ? poolLimit(largest) : poolBytes,
    maxDrawBuffers: floorPowerOfTwo(
      Math.min(
        gl.getParameter(gl.MAX_DRAW_BUFFERS) as number,
        gl.getParameter(gl.MAX_COLOR_ATTACHMENTS) as number,
      ),
    ),
    blendsFloats: hasFloats && gl.getExtension('EXT_float_blend') !== null,
    compilesInParallel: gl.getExtension('KHR_parallel_shader_compile') !== null,
    timer: gl.getExtension('EXT_disjoint_timer_query_webgl2') as TimerQueryExtension | null,
  };
}

/** Frees a context at once. Browsers allow about sixteen, and free a forgotten one only when the collector takes it. */
export function closeContext(gl: WebGL2RenderingContext): void {
  gl.getExtension('WEBGL_lose_context')?.loseContext();
}

type Canvas = HTMLCanvasElement | OffscreenCanvas;

function offscreenCanvas(): Canvas | null {
  return typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1);
}

function documentCanvas(): Canvas | null {
  return typeof document === 'undefined' ? null : document.createElement('canvas');
}

function contextOf(canvas: Canvas | null): WebGL2RenderingContext | null {
  try {
    const context: RenderingContext | OffscreenRenderingContext | null =
      canvas?.getContext('webgl2', CONTEXT_ATTRIBUTES) ?? null;
    return context as WebGL2RenderingContext | null;
  } catch {
    // A DOM without canvas, such as jsdom, throws where the standard demands null.
    return null;
  }
}

function floorPowerOfTwo(value: number): number {
  return 2 ** Math.floor(Math.log2(value));
}
