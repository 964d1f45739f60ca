import { RELAXED_ROWS_MODULE } from '../../programs/cpu/relaxed-rows.wasm';
import { ROWS_MODULE } from '../../programs/cpu/rows.wasm';
import { instantiate, unpackModule } from './packed-module';
import { RELAXED_MODULE } from './relaxed.wasm';
import { SIMD_MODULE } from './simd.wasm';

describe('A packed module', () => {
  it('has the bytes of WebAssembly, and as many as it says', () => {
    for (const module of [SIMD_MODULE, RELAXED_MODULE, ROWS_MODULE, RELAXED_ROWS_MODULE]) {
      const bytes = unpackModule(module);
      expect(bytes.length).toBe(module.size);
      // The magic number, and version 1: https://webassembly.github.io/spec/core/binary/modules.html
      expect([...bytes.subarray(0, 8)]).toEqual([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    }
    // Deflated: base64 of the bytes themselves would be longer than them.
    expect(SIMD_MODULE.deflated.length).toBeLessThan(SIMD_MODULE.size / 2);
    expect(WebAssembly.validate(unpackModule(SIMD_MODULE))).toBeTrue();
  });

  it('is refused when it does not unpack to as many bytes as it says', () => {
    const longer = { ...RELAXED_MODULE, size: RELAXED_MODULE.size + 1 };
    const wanted =
      `rxtensor: a part of its WebAssembly unpacks to ${RELAXED_MODULE.size} bytes; wanted ${longer.size}. ` +
      'The files of the library were changed after they were built: install it again';
    expect(() => unpackModule(longer)).toThrowError(wanted);
    // Not taken for an engine without SIMD.
    expect(() => instantiate(longer, new WebAssembly.Memory({ initial: 1 }))).toThrowError(wanted);
    // A block that is stored, of no bytes (RFC 1951, section 3.2.4): a form that is never written.
    const stored = { size: 1, deflated: btoa('\x01\x00\x00\xff\xff') };
    expect(() => unpackModule(stored)).toThrowError(/unpacks to 0 bytes; wanted 1/);
  });
});
