import { RELAXED_ROWS_MODULE } from '../../programs/cpu/relaxed-rows.wasm';
import { ROWS_MODULE } from '../../programs/cpu/rows.wasm';
import { unpackModule } from './packed-module';
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
});
