import { backend } from '../../src/tensor/backend';

/** Loses the context of the WebGL backend in use, as a browser does; does nothing if it is lost already. */
export function loseContext(): void {
  const { gl } = backend() as unknown as { readonly gl: WebGL2RenderingContext };
  gl.getExtension('WEBGL_lose_context')?.loseContext();
}
