/** A WebGL2 context that renders to float textures, with its limits and extensions. */
export interface DeviceContext {
  readonly gl: WebGL2RenderingContext;
  /** Longest side of a texture, in texels. */
  readonly maxTextureSize: number;
  /** How many textures, or layers of one texture, a draw can fill: a power of two, at least 4. */
  readonly maxDrawBuffers: number;
  /** Whether a draw can add to the values of a float texture (EXT_float_blend). */
  readonly blendsFloats: boolean;
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
 * Opens a new off-screen context for computing. Returns null where WebGL2 or rendering to float textures is missing, or
 * where there is no canvas (Node).
 *
 * @param maxTextureSize an upper bound for the side of a texture, in texels
 */
export function openContext(maxTextureSize = Infinity): DeviceContext | null {
  const gl = contextOf(offscreenCanvas()) ?? contextOf(documentCanvas());
  if (!gl) return null;
  if (!gl.getExtension('EXT_color_buffer_float')) {
    closeContext(gl);
    return null;
  }
  return {
    gl,
    maxTextureSize: Math.min(maxTextureSize, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number),
    maxDrawBuffers: floorPowerOfTwo(
      Math.min(
        gl.getParameter(gl.MAX_DRAW_BUFFERS) as number,
        gl.getParameter(gl.MAX_COLOR_ATTACHMENTS) as number,
      ),
    ),
    blendsFloats: gl.getExtension('EXT_float_blend') !== null,
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
