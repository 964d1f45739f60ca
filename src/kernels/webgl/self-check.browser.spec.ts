import { allocateOperand, freeOperands } from '../../../test/support/operands';
import { describeOwnWebGL } from '../../../test/support/own-backends';
import { ContextLostError } from '../context-lost';
import type { WebGLBackend } from './backend';
import { createWebGLBackend } from './create';

describeOwnWebGL('The check of a WebGL device', () => {
  let backend: WebGLBackend;

  /** Opens a context whose renderer says that it is a graphics processor. */
  function openAsHardware(): void {
    const { getParameter } = WebGL2RenderingContext.prototype;
    spyOn(WebGL2RenderingContext.prototype, 'getParameter').and.callFake(function (
      this: WebGL2RenderingContext,
      name: number,
    ): unknown {
      const value: unknown = getParameter.call(this, name);
      return typeof value === 'string' ? 'ACME Graphics 3000' : value;
    });
    backend = createWebGLBackend() as WebGLBackend;
  }

  /** Makes the driver compile other shaders than it is given. */
  function compileWrongly(change: (source: string) => string): void {
    const { shaderSource } = WebGL2RenderingContext.prototype;
    spyOn(WebGL2RenderingContext.prototype, 'shaderSource').and.callFake(function (
      this: WebGL2RenderingContext,
      shader: WebGLShader,
      source: string,
    ) {
      shaderSource.call(this, shader, change(source));
    });
  }

  afterEach(() => backend.dispose());

  it('finds nothing wrong with this machine', async () => {
    openAsHardware();
    const before = backend.memory();
    expect(await backend.check()).toBeNull();
    const { programs, reservedBytes, pooledBytes } = backend.memory();
    expect(programs! - before.programs!).toBeGreaterThan(2);
    expect(reservedBytes).toBe(pooledBytes);
  });

  it('compiles nothing for a software renderer', async () => {
    backend = createWebGLBackend() as WebGLBackend;
    expect(await backend.check()).toBeNull();
    expect(backend.memory().programs).toBe(0);
  });

  for (const [what, found, change] of [
    [
      'exp of half precision',
      'exp gives',
      (text: string) => text.replace(/\bexp\(/g, '(1.0 + 1.0 / 1024.0) * exp('),
    ],
    ['products', 'matMul gives', (text: string) => text.replace(/\bout_1 = /g, 'out_1 = 1.001 * ')],
    ['reads of the wrong texel', ' gives ', (text: string) => text.replace(/\+ 0\.5\)/g, '+ 1.5)')],
    [
      'a compiler that refuses everything',
      'cannot compute: ',
      (text: string) => text.replace('void main', 'void mein'),
    ],
  ] as const) {
    it(`finds ${what}`, async () => {
      compileWrongly(change);
      openAsHardware();
      expect(await backend.check()).toContain(found);
    });
  }

  it('comes before a read, which is refused', async () => {
    compileWrongly((text) => text.replace(/\bexp\(/g, 'exp2('));
    openAsHardware();
    const checked = backend.check();
    const made = [allocateOperand(backend, [4], 'float32'), allocateOperand(backend, [4], 'float32')];
    const [x, y] = made;
    backend.write(x!.handle, Float32Array.of(1, 2, 3, 4));
    expect([...(await backend.read(x!.handle, 4, 'float32'))]).toEqual([1, 2, 3, 4]);
    backend.run('unary', [x!], [y!], { name: 'square', p: 0, q: 0 });
    await expectAsync(backend.read(y!.handle, 4, 'float32')).toBeRejectedWithError(ContextLostError);
    expect(await checked).toContain('exp gives');
    freeOperands(backend, made);
  });

  it('has no verdict when the context is lost meanwhile', async () => {
    openAsHardware();
    const checked = backend.check();
    backend.gl.getExtension('WEBGL_lose_context')!.loseContext();
    expect(await checked).toBeNull();
  });
});
