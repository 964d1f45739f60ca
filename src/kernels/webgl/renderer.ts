/** Renderers that are programs, which are slower than the CPU's kernels: SwiftShader, Mesa's llvmpipe and softpipe, Windows' Basic Render Driver, Apple Software Renderer. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|basic render|software/i;

/** The name of what renders; that of the browser where it hides it. */
export function rendererName(gl: WebGL2RenderingContext): string {
  // Firefox tells it here, and warns of the extension; Chrome and Safari say 'WebKit WebGL'.
  const name = String(gl.getParameter(gl.RENDERER));
  const names = name.startsWith('WebKit') ? gl.getExtension('WEBGL_debug_renderer_info') : null;
  return names ? (gl.getParameter(names.UNMASKED_RENDERER_WEBGL) as string) : name;
}

/** Why the CPU is the better default, by the renderer's name; '' for a GPU, and for a hidden name. */
export function caveatOf(renderer: string): string {
  return SOFTWARE.test(renderer) ? `its renderer is software: ${renderer}` : '';
}
