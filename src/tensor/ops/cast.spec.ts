import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';

const dtypes = ['float32', 'int32', 'bool'] as const;

describe('cast', () => {
  it('truncates towards zero, and tells what is not 0', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([-2.7, -0.5, 0, 0.5, 2.7, 16777217]);
      expectExact(x.cast('int32'), [-2, 0, 0, 0, 2, 16777216]);
      expectExact(x.cast('bool'), [1, 1, 0, 1, 1, 1]);
      const n = dl.tensor1d([-3, 0, 16777217], 'int32');
      expectExact(n.cast('float32'), [-3, 0, 16777216]);
      expectExact(n.cast('bool'), [1, 0, 1]);
      const b = dl.tensor1d([true, false]);
      expectExact(b.cast('float32'), [1, 0]);
      expectExact(b.cast('int32'), [1, 0]);
      expectExact(dl.cast([NaN, Infinity], 'bool'), [1, 1]);
    });
  });

  it('gives the dtype asked for, whatever came in', () => {
    dl.tidy(() => {
      for (const from of dtypes) {
        for (const to of dtypes) {
          const y = dl.ones([2, 2], from).cast(to);
          expect(y.dtype).toBe(to);
          expect([...y.dataSync()]).toEqual([1, 1, 1, 1]);
        }
      }
    });
  });

  it('is a view where nothing changes', () => {
    const x = dl.ones([3]);
    const before = dl.memory().numDataBuffers;
    const y = x.cast('float32');
    expect(dl.memory().numDataBuffers).toBe(before);
    expect(y).not.toBe(x);
    x.dispose();
    expectExact(y, [1, 1, 1]);
    y.dispose();
  });

  it('refuses an unknown dtype', () => {
    expect(() => dl.cast([1], 'float16' as never)).toThrowError(
      /cast: argument 'dtype' is 'float16'; wanted 'float32', 'int32' or 'bool'/,
    );
  });
});

describe('clone', () => {
  it('gives another handle on the same values', () => {
    const x = dl.tensor1d([1, 2], 'int32');
    const y = x.clone();
    expect(y.dtype).toBe('int32');
    x.dispose();
    expectExact(y, [1, 2]);
    y.dispose();
    dl.tidy(() => expectExact(dl.clone([1, 2]), [1, 2]));
  });
});
