import { loadSimdModule } from './load';

describe('loadSimdModule', () => {
  const memory = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 2 });

  it('gives no module for the level none', () => {
    expect(loadSimdModule(memory(), 'none')).toBeNull();
  });

  it('gives plain SIMD when asked for it', () => {
    expect(loadSimdModule(memory(), 'simd')?.level).toBe('simd');
  });

  it('takes relaxed SIMD where the engine has it, and plain SIMD elsewhere', () => {
    const relaxed = loadSimdModule(memory(), 'relaxed');
    expect(loadSimdModule(memory(), 'auto')?.level).toBe(relaxed ? 'relaxed' : 'simd');
  });

  it('works on the memory that it is given and leaves its first page alone', () => {
    const own = memory();
    const { exports } = loadSimdModule(own, 'auto')!;
    const x = new Float32Array(own.buffer, 65536, 8).fill(-1.5);
    exports.unary_abs(65536, 65536 + 32, 8, 0, 0);
    expect([...new Float32Array(own.buffer, 65536 + 32, 8)]).toEqual([...x].map(Math.abs));
    expect(new Uint8Array(own.buffer, 0, 65536).every((byte) => byte === 0)).toBeTrue();
  });

  it('sees memory that has grown since', () => {
    const own = memory();
    const { exports } = loadSimdModule(own, 'auto')!;
    own.grow(1);
    const offset = 2 * 65536;
    new Float32Array(own.buffer, offset, 4).set([1, 2, 3, 4]);
    exports.unary_square(offset, offset, 4, 0, 0);
    expect([...new Float32Array(own.buffer, offset, 4)]).toEqual([1, 4, 9, 16]);
  });

  it('falls back to the plain kernels where the engine compiles asynchronously alone', () => {
    const refuse = function (): never {
      throw new RangeError(
        'WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger than 4KB.',
      );
    };
    spyOn(WebAssembly, 'Module').and.callFake(refuse);
    expect(loadSimdModule(memory(), 'auto')).toBeNull();
  });
});
