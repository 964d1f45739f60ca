import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { build, sample } from '../../../test/support/reference';

describe('oneHot', () => {
  it('adds an axis', () => {
    dl.tidy(() => {
      const x = dl.oneHot(dl.tensor1d([0, 2, 1], 'int32'), 3);
      expect(x.dtype).toBe('int32');
      expectExact(x, [
        [1, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
      ]);
      expectExact(dl.oneHot([[1], [0]], 2, 5, -1, 'float32'), [[[-1, 5]], [[5, -1]]]);
      expectExact(dl.oneHot(1, 3), [0, 1, 0]);
      expectExact(dl.oneHot([-1, 3], 2), [
        [0, 0],
        [0, 0],
      ]);
    });
  });

  it('refuses other indices and depths', () => {
    dl.tidy(() => {
      expect(() => dl.oneHot(dl.tensor1d([0.5]), 3)).toThrowError(
        /oneHot: argument 'indices' is float32; wanted int32/,
      );
      expect(() => dl.oneHot([0], 0)).toThrowError(/oneHot: argument 'depth' is 0/);
    });
  });
});

describe('eye and diag', () => {
  it('eye is the identity, of any shape and batch', () => {
    dl.tidy(() => {
      const identity = (index: number[]): number => (index.at(-1) === index.at(-2) ? 1 : 0);
      expectExact(dl.eye(3), build([3, 3], identity));
      expectExact(dl.eye(2, 4), build([2, 4], identity));
      expectExact(dl.eye(3, 2, [2]), build([2, 3, 2], identity));
      expect(dl.eye(2, 2, [], 'int32').dtype).toBe('int32');
      expect(dl.eye(0).shape).toEqual([0, 0] as never);
    });
  });

  it('diag puts x on a diagonal', () => {
    dl.tidy(() => {
      expectExact(dl.diag([1, 2]), [
        [1, 0],
        [0, 2],
      ]);
      const x = sample([2, 2]);
      expectExact(
        dl.diag(dl.tensor([...x.values], [2, 2])),
        build([2, 2, 2, 2], ([i, j, k, l]) => (i === k && j === l ? x.values[2 * i! + j!]! : 0)),
      );
    });
  });

  it('diag refuses a scalar', () => {
    expect(() => dl.diag(3)).toThrowError(/diag: argument 'x' has rank 0.*wanted rank 1 or 2 or 3/);
  });
});

describe('diag', () => {
  it('of bool is bool', () => {
    dl.tidy(() => expect(dl.diag(dl.tensor1d([true, false])).dtype).toBe('bool'));
  });
});
