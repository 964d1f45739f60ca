import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../test/support/close';

describe('buffer', () => {
  it('is written one by one and made into a tensor', () => {
    const b = dl.buffer<dl.Rank.R2>([2, 3]);
    b.set(5, 1, 2);
    b.set(-1, 0, 1);
    expect(b.get(1, 2)).toBe(5);
    expect(b.get(0, 0)).toBe(0);
    expect([b.size, b.rank, b.dtype]).toEqual([6, 2, 'float32']);
    expect(b.strides).toEqual([3, 1]);
    dl.tidy(() => {
      const x: dl.Tensor2D = b.toTensor();
      b.set(9, 0, 0);
      expectExact(x, [
        [0, -1, 0],
        [0, 0, 5],
      ]);
    });
  });

  it('takes values of each dtype, and scalars', () => {
    dl.tidy(() => {
      const exact = dl.buffer([1], 'int32', new Int32Array([16777217])).toTensor();
      expect(exact.dtype).toBe('int32');
      expectExact(exact, [16777217]);
      const truth = dl.buffer([2], 'bool');
      truth.set(true, 1);
      expect([...truth.toTensor().dataSync()]).toEqual([0, 1]);
      const one = dl.buffer([]);
      one.set(3);
      expect(one.get()).toBe(3);
      expectExact(one.toTensor(), { shape: [], values: [3] });
    });
  });

  it('counts places', () => {
    const b = dl.buffer([2, 3, 4]);
    expect(b.locToIndex([1, 2, 3])).toBe(23);
    expect(b.indexToLoc(23)).toEqual([1, 2, 3]);
    expect(b.indexToLoc(0)).toEqual([0, 0, 0]);
  });

  it('refuses places outside, and values that do not fit', () => {
    const b = dl.buffer([2, 3]);
    expect(() => b.get(2, 0)).toThrowError(
      "TensorBuffer.get: argument 'index' is [2,0]; wanted 2 integers that lie in the shape [2,3]",
    );
    expect(() => b.set(1, 0)).toThrowError(/TensorBuffer\.set: argument 'index' is \[0\]; wanted 2 integers/);
    expect(() => b.set('1' as never, 0, 0)).toThrowError(
      "TensorBuffer.set: argument 'value' is '1'; wanted a number or a boolean",
    );
    expect(() => b.get(0, -1)).toThrowError(/is \[0,-1\]; wanted/);
    expect(() => b.indexToLoc(6)).toThrowError(/argument 'position' is 6; wanted an integer from 0 to 5/);
    expect(() => dl.buffer([2], 'float32', new Float32Array(3))).toThrowError(/has 3 elements; wanted 2/);
    expect(() => dl.buffer([2], 'string' as never)).toThrowError(/argument 'dtype' is 'string'/);
    expect(() => dl.buffer([-2])).toThrowError(/argument 'shape' is \[-2\]/);
  });

  it('comes from a tensor, whose values it does not change', async () => {
    const x = dl.tensor2d([[1, 2]]);
    const copy: dl.TensorBuffer<dl.Rank.R2> = await x.buffer();
    copy.set(7, 0, 0);
    expect(copy.get(0, 0)).toBe(7);
    expect(x.bufferSync().get(0, 1)).toBe(2);
    expectExact(x, [[1, 2]]);
    x.dispose();
    await expectAsync(x.buffer()).toBeRejectedWithError(/was disposed/);
  });
});
