/** The name that Chrome and Safari show instead of the renderer's. */
const MASK = 'WebKit WebGL';

/** Renderers that are programs: SwiftShader, Mesa's llvmpipe and softpipe, Windows' Basic Render Driver, Apple Software Renderer. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|basic render|software/i;

/** The name of what renders; '' where the browser hides it. */
export function rendererName(gl: WebGL2RenderingContext): string {
  // Firefox gives the name here, and warns of the extension.
  const name = gl.getParameter(gl.RENDERER) as string | null;
  if (name !== MASK) return name ?? '';
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  return names ? (gl.getParameter(names.UNMASKED_RENDERER_WEBGL) as string) : '';
}

/** Why the CPU is the better default, by the renderer's name; '' for a GPU, and for a hidden name. */
export function caveatOf(renderer: string): string {
  return SOFTWARE.test(renderer)
    ? `it is rendered in software, slower than the CPU's kernels: ${renderer}`
    : '';
}
