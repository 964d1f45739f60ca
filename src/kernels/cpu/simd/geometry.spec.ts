import type { WindowGeometry } from '../../convolution';
import { createCpuBackend } from '../create';
import { PAGE } from '../growable-memory';
import { writeGeometry } from './geometry';
import { GEOMETRY } from './geometry-address';

describe('writeGeometry', () => {
  const geometry: WindowGeometry = {
    ...{ batch: 1, inHeight: 2, inWidth: 3, inChannels: 4, outHeight: 5, outWidth: 6, outChannels: 7 },
    ...{ filterHeight: 8, filterWidth: 9, strideHeight: 10, strideWidth: 11 },
    ...{ dilationHeight: 12, dilationWidth: 13, padTop: -14, padLeft: -15 },
  };

  it('writes every number of the geometry, as int32', () => {
    const backend = createCpuBackend()!;
    const address = writeGeometry(backend, geometry);
    const numbers = Object.values(geometry) as number[];
    const block = new Int32Array(backend.linear.buffer, address, numbers.length);
    expect([...block].sort((a, b) => a - b)).toEqual(numbers.sort((a, b) => a - b));
  });

  it('keeps to the end of the first page, where no buffer and no constant lies', () => {
    const backend = createCpuBackend()!;
    const first = backend.allocate(1);
    writeGeometry(backend, geometry);
    expect(first.offset).toBeGreaterThanOrEqual(PAGE);
    const page = new Uint8Array(backend.linear.buffer, 0, PAGE + 4);
    expect(page.subarray(0, GEOMETRY).every((byte) => byte === 0)).toBeTrue();
    expect(
      page.subarray(GEOMETRY + Object.keys(geometry).length * 4, PAGE).every((byte) => byte === 0),
    ).toBeTrue();
    backend.free(first);
  });
});
