import { caveatOf, rendererName } from './renderer';

const RENDERER = 1;
const UNMASKED = 2;

/** A context that shows `name`, and what the extension gives, if it is there. */
function context(name: string, unmasked?: string): WebGL2RenderingContext {
  return {
    RENDERER,
    getParameter: (of: number) => (of === RENDERER ? name : unmasked),
    getExtension: () => (unmasked === undefined ? null : { UNMASKED_RENDERER_WEBGL: UNMASKED }),
  } as unknown as WebGL2RenderingContext;
}

describe('the name of a renderer', () => {
  it('is behind the mask of the browser, or not hidden, or not known', () => {
    const gpu = 'ANGLE (Apple, ANGLE Metal Renderer: Apple M2, Unspecified Version)';
    expect(rendererName(context('WebKit WebGL', gpu))).toBe(gpu);
    expect(rendererName(context('Radeon R9 200 Series, or similar'))).toBe(
      'Radeon R9 200 Series, or similar',
    );
    expect(rendererName(context('WebKit WebGL'))).toBe('WebKit WebGL');
  });

  it('tells software from GPUs, and takes a hidden one for a GPU', () => {
    for (const name of [
      'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
      'ANGLE (Mesa, llvmpipe (LLVM 15.0.6, 256 bits), OpenGL 4.5)',
      'llvmpipe, or similar',
      'ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0, D3D11)',
      'Google SwiftShader',
      'Apple Software Renderer',
      'Mesa, softpipe',
    ])
      expect(caveatOf(name)).toContain(name);
    for (const name of [
      'WebKit WebGL',
      'Mozilla',
      'Apple GPU',
      'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)',
      'ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)',
      'Adreno (TM) 740',
      'Mali-G78',
    ])
      expect(caveatOf(name)).toBe('');
  });
});
