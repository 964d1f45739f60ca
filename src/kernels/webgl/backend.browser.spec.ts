// Specific to WebGL: textures and their pool, reads as snapshots, limits of sizes, and lost contexts.
import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { allocateOperand, freeOperands, valuesOfOperand } from '../../../test/support/operands';
import { describeOwnWebGL } from '../../../test/support/own-backends';
import type { Backend, TensorInfo } from '../backend';
import type { DataType, TypedArray } from '../dtype';
import type { Shape } from '../strides';
import { WebGLBackend } from './backend';
import { createWebGLBackend, type WebGLOptions } from './create';
import { draw } from './draw';

describeOwnWebGL('the WebGL backend', () => {
  let backend: WebGLBackend;
  let made: TensorInfo[];

  const open = (options?: WebGLOptions): void => {
    const created = createWebGLBackend(options);
    if (!(created instanceof WebGLBackend)) throw new Error('this browser has no WebGL2 with float textures');
    backend = created;
  };

  const make = (shape: Shape, values?: ArrayLike<number>, dtype: DataType = 'float32'): TensorInfo => {
    const tensor = allocateOperand(backend, shape, dtype, values);
    made.push(tensor);
    return tensor;
  };

  const release = (tensor: TensorInfo): void => {
    made.splice(made.indexOf(tensor), 1);
    backend.free(tensor.handle);
  };

  const readNow = (tensor: TensorInfo): TypedArray => valuesOfOperand(backend, tensor);
  const readLater = ({ handle, size, dtype }: TensorInfo): Promise<TypedArray> =>
    backend.read(handle, size, dtype);

  const square = (x: TensorInfo): TensorInfo => {
    const y = make(x.shape);
    backend.run('unary', [x], [y], { name: 'square', p: 0, q: 0 });
    return y;
  };

  beforeEach(() => {
    made = [];
    open();
  });

  afterEach(() => {
    freeOperands(backend, made);
    backend.dispose();
  });

  it('copies what is written, and gives copies', async () => {
    const values = new Float32Array([1, 2, 3]);
    const x = make([3], values);
    values.fill(9);
    expectExact(readNow(x), [1, 2, 3]);
    const read = (await readLater(x)) as Float32Array;
    read.fill(9);
    expectExact(readNow(square(x)), [1, 4, 9]);
    expectExact(readNow(x), [1, 2, 3]);
  });

  it('reads what was there when it was asked, though it is freed and its texture used again', async () => {
    const x = square(make([5], [1, 2, 3, 4, 5]));
    const pending = readLater(x);
    release(x);
    const other = square(make([5], [9, 9, 9, 9, 9]));
    expectExact(await pending, [1, 4, 9, 16, 25]);
    expectExact(readNow(other), [81, 81, 81, 81, 81]);
  });

  it('gives bool as bytes and int32 exactly', async () => {
    const extremes = [2147483647, -2147483648, 16777217, 0, -1];
    const x = make([5], extremes, 'int32');
    const copy = make([5], undefined, 'int32');
    backend.run('transpose', [x], [copy], { permutation: [0] });
    expect(await readLater(copy)).toEqual(Int32Array.from(extremes));
    const truth = make([5], undefined, 'bool');
    backend.run('cast', [x], [truth], {});
    expect(await readLater(truth)).toEqual(Uint8Array.from([1, 1, 1, 0, 1]));
  });

  it('reads as zeros what was never written', () => {
    expectExact(readNow(make([2])), [0, 0]);
  });

  it('uses a freed texture again, and tells what waits', () => {
    const x = make([1000], new Float32Array(1000));
    release(square(x));
    const { reservedBytes, pooledBytes } = backend.memory();
    expect(pooledBytes).toBeGreaterThanOrEqual(4000);
    for (let i = 0; i < 10; i++) release(square(x));
    expect(backend.memory()).toEqual({ reservedBytes, pooledBytes });
    release(x);
    expect(backend.memory().reservedBytes).toBe(reservedBytes);
    expect(backend.memory().pooledBytes).toBe(reservedBytes);
  });

  it('does not pool without bound', () => {
    const megabytes = (bytes: number): number => bytes / 2 ** 20;
    for (const rows of [10, 20, 30, 40]) {
      const x = make([rows * 1024, 256]);
      backend.run('fill', [], [x], { value: rows });
      release(x);
    }
    // 100 MB have been filled; never more than 40 at once.
    expect(megabytes(backend.memory().reservedBytes)).toBeLessThan(70);
  });

  it('keeps to the bound of the pool that it is given', () => {
    backend.dispose();
    open({ poolBytes: 100_000 });
    for (const size of [1000, 2000, 30_000]) release(square(make([size], new Float32Array(size))));
    freeOperands(backend, made.splice(0));
    const { reservedBytes, pooledBytes } = backend.memory();
    expect(reservedBytes).toBe(pooledBytes);
    // The large ones are gone; the small ones stay.
    expect(pooledBytes).toBeGreaterThan(10_000);
    expect(pooledBytes).toBeLessThanOrEqual(100_000);
  });

  it('frees the pool when the page is hidden, until it is disposed', () => {
    const x = make([1000], new Float32Array(1000));
    release(square(x));
    const { reservedBytes, pooledBytes } = backend.memory();
    expect(pooledBytes).toBeGreaterThan(0);
    const hidden = spyOnProperty(document, 'hidden').and.returnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(backend.memory()).toEqual({ reservedBytes, pooledBytes });
    hidden.and.returnValue(true);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(backend.memory()).toEqual({ reservedBytes: reservedBytes - pooledBytes, pooledBytes: 0 });
    expectExact(readNow(square(make([2], [2, 3]))), [4, 9]);
    const other = createWebGLBackend() as WebGLBackend;
    const remove = spyOn(document, 'removeEventListener').and.callThrough();
    other.dispose();
    expect(remove).toHaveBeenCalledOnceWith('visibilitychange', jasmine.any(Function));
  });

  it('empties the pool where memory runs out, and tries once more', () => {
    const { gl } = backend;
    const waiting = make([1000], new Float32Array(1000));
    release(square(waiting));
    const large = [1024, 4096];
    const errors = [gl.NO_ERROR, gl.OUT_OF_MEMORY];
    const getError = spyOn(gl, 'getError').and.callFake(() => errors.shift() ?? gl.NO_ERROR);
    const x = make(large);
    backend.run('fill', [], [x], { value: 3 });
    expect(getError).toHaveBeenCalledTimes(4);
    expect(backend.memory().pooledBytes).toBe(0);
    expect(readNow(x).subarray(0, 2)).toEqual(Float32Array.of(3, 3));

    // No pool is left to be emptied.
    getError.and.returnValues(gl.NO_ERROR, gl.OUT_OF_MEMORY);
    const before = backend.memory();
    const y = make(large);
    expect(() => backend.run('fill', [], [y], { value: 3 })).toThrowError(
      /^webgl: out of memory for a texture of \d+ × \d+ × 1 texels \(16777216 bytes\) beside \d+ bytes in use; dispose tensors/,
    );
    expect(backend.memory()).toEqual(before);
    // The cures.
    expectExact(readNow(square(make([2], [2, 3]))), [4, 9]);
    getError.and.returnValue(gl.NO_ERROR);
    release(x);
    backend.run('fill', [], [y], { value: 4 });
    expect(readNow(y)[5]).toBe(4);
  });

  it('counts what it submits and tells when it is done', async () => {
    const before = backend.submissions;
    const y = square(make([100], new Float32Array(100)));
    expect(backend.submissions).toBe(before + 1);
    await backend.mark();
    await Promise.all([backend.mark(), backend.mark()]);
    expect(readNow(y).length).toBe(100);
  });

  it('times work, and runs it where it cannot', async () => {
    let ran = 0;
    const { kernelMs } = await backend.time(() => {
      square(make([100], new Float32Array(100)));
      void backend.time(() => ran++);
      ran++;
    });
    expect(ran).toBe(2);
    expect(Number.isNaN(kernelMs) || kernelMs >= 0).toBeTrue();
    await expectAsync(
      backend.time(() => {
        throw new Error('from work');
      }),
    ).toBeRejectedWithError('from work');
    expect(Number.isNaN((await backend.time(() => ran++)).kernelMs) || ran === 3).toBeTrue();
  });

  it('lays values out over several rows and layers, and finds them', async () => {
    const values = Float32Array.from({ length: 997 }, (_, i) => i);
    const x = make([997], values);
    for (const [width, layers] of [
      [1, 1],
      [7, 1],
      [5, 4],
      [13, 8],
    ] as const) {
      const height = Math.ceil(250 / (width * layers));
      const copy = make([997]);
      backend.allocateTexture(copy, { width, height, layers });
      draw(backend, {
        program: 'copy of a spec',
        inputs: { x },
        outputs: [copy],
        form: 'texel',
        source: () => 'unit result(int i) { return x_texel(i); }',
      });
      expect(readNow(copy)).toEqual(values);
      expect(await readLater(copy)).toEqual(values);
      // Reads in another layout, in the same layout, and of single values.
      expectExact(
        readNow(square(copy)),
        Array.from(values, (v) => v * v),
      );
      const reversed = make([997]);
      backend.run('slice', [copy], [reversed], { begin: [996], strides: [-1] });
      expect(readNow(reversed)).toEqual(values.slice().reverse());
    }
  });

  it('divides exactly beyond the sizes for which the fast quotient is proven', () => {
    const rows = 700_001;
    const columns = 7;
    const x = make([rows * columns]);
    backend.run('ramp', [], [x], { start: 0, step: 1 });
    const turned = make([columns, rows]);
    backend.run('transpose', [{ ...x, shape: [rows, columns] }], [turned], { permutation: [1, 0] });
    const found = readNow(turned);
    let wrong = 0;
    for (let i = 0; i < found.length; i++)
      wrong += Number(found[i] !== (i % rows) * columns + Math.floor(i / rows));
    expect(wrong).toBe(0);
  });

  it('keeps to a texture size that it is given', () => {
    backend.dispose();
    open({ maxTextureSize: 256 });
    const values = Float32Array.from({ length: 100_000 }, (_, i) => i);
    const y = square(make([100_000], values));
    expect(backend.textureOf(y).layout.width).toBeLessThanOrEqual(256);
    expect(backend.textureOf(y).layout.height).toBeLessThanOrEqual(256);
    expect(readNow(y)).toEqual(values.map((v) => v * v));
    expect(() => make([600, 600])).toThrowError(
      /360000 elements needs 90000 texels; .* 256 × 256 = 65536 texels \(262144 elements\), by the device's MAX_TEXTURE_SIZE/,
    );
  });

  it('names the kernel whose program is refused', () => {
    const broken = make([4]);
    expect(() =>
      draw(backend, {
        program: 'broken',
        inputs: {},
        outputs: [broken],
        form: 'texel',
        source: () => 'unit result(int i) { return nothing; }',
      }),
    ).toThrowError(/kernel broken.*nothing/s);
    expectExact(readNow(square(make([2], [1, 2]))), [1, 4]);
  });

  it('says so when the context is lost', async () => {
    const x = square(make([2], [1, 2]));
    const pending = readLater(x);
    const mark = backend.mark();
    backend.gl.getExtension('WEBGL_lose_context')!.loseContext();
    const lost = /the WebGL context is lost/;
    expect(() => square(x)).toThrowError(lost);
    expect(() => readNow(x)).toThrowError(lost);
    await expectAsync(pending).toBeRejectedWithError(lost);
    await expectAsync(readLater(x)).toBeRejectedWithError(lost);
    await mark;
    await backend.mark();
  });
});

describeOwnWebGL('createWebGLBackend', () => {
  const globals = globalThis as { OffscreenCanvas?: unknown };
  const original = globals.OffscreenCanvas;
  let backend: Backend | null = null;

  afterEach(() => {
    globals.OffscreenCanvas = original;
    backend?.dispose();
  });

  it('falls back to a canvas of the document', () => {
    globals.OffscreenCanvas = undefined;
    backend = createWebGLBackend() as Backend;
    expect(backend.name).toBe('webgl');
  });

  it('says which limit a tensor exceeds, and how to go on', () => {
    const before = dl.getBackend();
    dl.registerBackend('small', () => createWebGLBackend({ maxTextureSize: 64 }), 0);
    dl.setBackend('small');
    const sum = (rows: number): number => dl.tidy(() => dl.ones([rows, 128]).mul(2).sum().dataSync()[0]!);
    expect(() => sum(129)).toThrowError(
      /16512 elements needs 4128 texels; .* at most 64 × 64 = 4096 texels \(16384 elements\), by .* or the switch WEBGL_MAX_TEXTURE_SIZE; split it, or setBackend\('cpu'\)$/,
    );
    expect(sum(64) + sum(65)).toBe(129 * 128 * 2);
    dl.setBackend('cpu');
    expect(sum(129)).toBe(129 * 128 * 2);
    dl.setBackend(before);
    dl.removeBackend('small');
  });

  it('is null where there is no context, and says what is missing where it cannot compute', () => {
    const getContext = spyOn(OffscreenCanvas.prototype, 'getContext').and.returnValue(null);
    spyOn(HTMLCanvasElement.prototype, 'getContext').and.throwError('not implemented');
    expect(createWebGLBackend()).toBeNull();
    getContext.and.callThrough();
    spyOn(WebGL2RenderingContext.prototype, 'getExtension').and.returnValue(null);
    expect(createWebGLBackend()).toMatch(/neither to floats nor to half floats/);
  });
});
