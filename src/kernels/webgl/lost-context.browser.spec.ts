// Reads that fail without a sign, memory that runs out, and contexts that are lost.
import { allocateOperand, freeOperands, valuesOfOperand } from '../../../test/support/operands';
import { describeOwnWebGL } from '../../../test/support/own-backends';
import { ContextLostError } from '../context-lost';
import type { TensorInfo } from '../backend';
import type { TypedArray } from '../dtype';
import { createWebGLBackend } from './create';
import { draw } from './draw';
import type { WebGLBackend } from './backend';

describeOwnWebGL('A WebGL context', () => {
  let backend: WebGLBackend;
  let gl: WebGL2RenderingContext;
  let made: TensorInfo[];

  const make = (values: readonly number[], dtype: 'float32' | 'int32' = 'float32'): TensorInfo => {
    const tensor = allocateOperand(backend, [values.length], dtype, values);
    made.push(tensor);
    return tensor;
  };
  /** A tensor on the device. */
  const square = (x: TensorInfo): TensorInfo => {
    const y = allocateOperand(backend, x.shape, x.dtype);
    made.push(y);
    backend.run('unary', [x], [y], { name: 'square', p: 0, q: 0 });
    return y;
  };
  const readNow = (tensor: TensorInfo): TypedArray => valuesOfOperand(backend, tensor);
  const readLater = ({ handle, size, dtype }: TensorInfo): Promise<TypedArray> =>
    backend.read(handle, size, dtype);
  const loseContext = (): void => gl.getExtension('WEBGL_lose_context')!.loseContext();

  /** Everything that needs the device is refused, though the context itself may look sound. */
  async function expectLost(x: TensorInfo): Promise<void> {
    expect(() => readNow(x)).toThrowError(ContextLostError, /readSync: the WebGL context is lost/);
    expect(() => square(x)).toThrowError(ContextLostError, /unary: the WebGL context is lost/);
    await expectAsync(readLater(x)).toBeRejectedWithError(ContextLostError);
    await backend.mark();
    expect(backend.isLost()).toBeTrue();
    expect(backend.isLost(x.handle)).toBeTrue();
    expect(backend.memory()).toEqual(jasmine.objectContaining({ reservedBytes: 0, pooledBytes: 0 }));
  }

  beforeEach(() => {
    made = [];
    backend = createWebGLBackend() as WebGLBackend;
    gl = backend.gl;
  });

  afterEach(() => {
    freeOperands(backend, made);
    backend.dispose();
  });

  it('is lost when a blocking read of a texture without memory does nothing', async () => {
    const storage = spyOn(gl, 'texStorage3D');
    const x = square(make([1, 2]));
    storage.and.callThrough();
    expect(() => readNow(x)).toThrowError(ContextLostError);
    await expectLost(x);
  });

  it('is lost when a blocking read does nothing', async () => {
    const x = square(make([1, 2]));
    spyOn(gl, 'readPixels');
    expect(() => readNow(x)).toThrowError(ContextLostError);
    await expectLost(x);
  });

  for (const step of ['readPixels', 'getBufferSubData', 'bufferData'] as const) {
    it(`is lost when ${step} of an asynchronous read does nothing`, async () => {
      const x = square(make([1, 2]));
      const call = spyOn(gl, step as 'getBufferSubData');
      await expectAsync(readLater(x)).toBeRejectedWithError(ContextLostError);
      call.and.callThrough();
      await expectLost(x);
    });
  }

  it('is lost when one layer of several is not read', async () => {
    for (const isBlocking of [true, false]) {
      backend.dispose();
      backend = createWebGLBackend() as WebGLBackend;
      gl = backend.gl;
      const x = square(make(Array.from({ length: 64 }, (_, i) => i)));
      const layered = make(new Array<number>(64).fill(0));
      backend.allocateTexture(layered, { width: 2, height: 2, layers: 4 });
      draw(backend, {
        program: 'copy of a spec',
        inputs: { x },
        outputs: [layered],
        form: 'texel',
        source: () => 'unit result(int i) { return x_texel(i); }',
      });
      expect(readNow(layered)[63]).toBe(63 ** 2);
      const { readPixels } = gl;
      let calls = 0;
      spyOn(gl, 'readPixels').and.callFake((...of: unknown[]) => {
        if (++calls !== 3) Reflect.apply(readPixels, gl, of);
      });
      if (isBlocking) expect(() => readNow(layered)).toThrowError(ContextLostError);
      else await expectAsync(readLater(layered)).toBeRejectedWithError(ContextLostError);
    }
  });

  it('is lost when a texture has got no memory', async () => {
    const storage = spyOn(gl, 'texStorage3D');
    const x = square(make([1, 2]));
    storage.and.callThrough();
    await expectAsync(readLater(x)).toBeRejectedWithError(ContextLostError);
    await expectLost(x);
  });

  it('is lost when an intermediate texture has got none: what was computed from it can be read', async () => {
    const storage = spyOn(gl, 'texStorage3D');
    const between = square(make([1, 2]));
    storage.and.callThrough();
    const x = square(between);
    spyOn(gl, 'getError').and.returnValues(gl.INVALID_OPERATION, gl.OUT_OF_MEMORY);
    expect(() => readNow(x)).toThrowError(ContextLostError);
    await expectLost(x);
  });

  it('goes on when the memory for a read was missing', async () => {
    const x = square(make([1, 2]));
    expect([...readNow(x)]).toEqual([1, 4]);
    const read = spyOn(gl, 'getBufferSubData');
    const error = spyOn(gl, 'getError').and.returnValues(gl.INVALID_VALUE, gl.OUT_OF_MEMORY);
    await expectAsync(readLater(x)).toBeRejectedWithError(/^webgl: read: out of memory for a copy/);
    read.and.callThrough();
    error.and.callThrough();
    expect([...(await readLater(x))]).toEqual([1, 4]);
    expect(backend.isLost()).toBeFalse();
  });

  it('asks for errors only after textures were made', async () => {
    const error = spyOn(gl, 'getError').and.callThrough();
    const x = make([1, 2]);
    const step = async (): Promise<void> => {
      const y = square(x);
      readNow(y);
      await readLater(y);
      backend.free(made.pop()!.handle);
    };
    await step();
    expect(error).toHaveBeenCalledTimes(1);
    for (let i = 0; i < 5; i++) await step();
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('reads every pattern of bits', async () => {
    const bits = [0, -1, 0x6e6f7420, 0x7fc00001, -0x5a917d3b, 0x72656164, -0x3c2e8f17, 1];
    const x = make(bits, 'int32');
    const y = allocateOperand(backend, [8], 'int32');
    made.push(y);
    backend.run('transpose', [x], [y], { permutation: [0] });
    expect([...readNow(y)]).toEqual(bits);
    expect([...(await readLater(y))]).toEqual(bits);
  });

  it('rejects what is pending when it is lost', async () => {
    const x = square(make([1, 2]));
    const pending = readLater(x);
    const mark = backend.mark();
    loseContext();
    await expectAsync(pending).toBeRejectedWithError(ContextLostError);
    await mark;
    await expectLost(x);
  });

  it('is lost for good, though a page makes the browser restore it', async () => {
    const x = square(make([1, 2]));
    const restored = new Promise((resolve) => {
      gl.canvas.addEventListener('webglcontextlost', (event) => {
        event.preventDefault();
        setTimeout(() => extension.restoreContext());
      });
      gl.canvas.addEventListener('webglcontextrestored', resolve);
    });
    const extension = gl.getExtension('WEBGL_lose_context')!;
    const pending = readLater(x);
    extension.loseContext();
    await restored;
    expect(gl.isContextLost()).toBeFalse();
    await expectAsync(pending).toBeRejectedWithError(ContextLostError);
    await expectLost(x);
  });

  it('lets go of its textures when it is lost, and of those that are freed later', () => {
    const x = square(make(new Array<number>(1000).fill(1)));
    backend.free(square(x).handle);
    made.pop();
    expect(backend.memory().pooledBytes).toBeGreaterThan(0);
    loseContext();
    expect(backend.isLost()).toBeTrue();
    expect(backend.memory()).toEqual(jasmine.objectContaining({ reservedBytes: 0, pooledBytes: 0 }));
    freeOperands(backend, made.splice(0));
    expect(backend.memory()).toEqual(jasmine.objectContaining({ reservedBytes: 0, pooledBytes: 0 }));
  });

  it('leaves the values that were never uploaded', async () => {
    const x = make([1, 2]);
    loseContext();
    expect(backend.isLost(x.handle)).toBeFalse();
    expect([...readNow(x)]).toEqual([1, 2]);
    expect([...(await readLater(x))]).toEqual([1, 2]);
    expect(() => square(x)).toThrowError(ContextLostError);
  });

  it('is the cause of an error that a kernel throws without it', () => {
    const x = make([1, 2]);
    // As a driver that died a moment ago, before the browser notices.
    spyOn(gl, 'getProgramParameter').and.returnValue(false);
    spyOn(gl, 'checkFramebufferStatus').and.returnValue(gl.FRAMEBUFFER_UNSUPPORTED);
    expect(() => square(x)).toThrowError(ContextLostError);
    expect(backend.isLost()).toBeTrue();
  });
});
