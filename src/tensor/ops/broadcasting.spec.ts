import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';

describe('ensureShape', () => {
  it('gives x where its shape is right', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([[1, 2, 3]]);
      const same = dl.ensureShape<dl.Rank.R2>(x, [1, 3]);
      expect(same).not.toBe(x as never);
      same.dispose();
      expectExact(x.ensureShape([null, 3]), [[1, 2, 3]]);
      expectExact(dl.ensureShape(5, []), { shape: [], values: [5] });
    });
  });

  it('throws where it is not', () => {
    expect(() => dl.ensureShape([[1, 2]], [null, 3])).toThrowError(
      "ensureShape: argument 'x' has shape [1,2]; wanted [any,3]",
    );
    expect(() => dl.ensureShape([1], [1, 1])).toThrowError(/has shape \[1\]; wanted \[1,1\]/);
  });
});

describe('meshgrid', () => {
  it('repeats each for the other', () => {
    dl.tidy(() => {
      const [columns, rows] = dl.meshgrid([1, 2, 3], dl.tensor1d([4, 16777217], 'int32'));
      expectExact(columns!, [
        [1, 2, 3],
        [1, 2, 3],
      ]);
      expectExact(rows!, [
        [4, 4, 4],
        [16777217, 16777217, 16777217],
      ]);
      for (const options of ['ij', { indexing: 'ij' }] as const) {
        const [first, second] = dl.meshgrid([1, 2, 3], [4, 5], options);
        expectExact(first!, [
          [1, 1],
          [2, 2],
          [3, 3],
        ]);
        expectExact(second!, [
          [4, 5],
          [4, 5],
          [4, 5],
        ]);
      }
      expect(dl.meshgrid()).toEqual([]);
      expectExact(dl.meshgrid([1, 2])[0]!, [1, 2]);
      expect(dl.meshgrid([], [1, 2]).map((each) => each.shape)).toEqual([
        [2, 0],
        [2, 0],
      ]);
    });
  });

  it('refuses orders that there are not', () => {
    expect(() => dl.meshgrid([1], [2], 'yx' as never)).toThrowError(/argument 'options' is 'yx'/);
  });
});

describe('broadcastArgs', () => {
  it('gives the shape that two shapes are broadcast to', () => {
    dl.tidy(() => {
      expectExact(dl.broadcastArgs([2, 1, 3], [4, 1]), [2, 4, 3]);
      expectExact(dl.broadcastArgs(dl.zeros([0], 'int32'), dl.tensor1d([5], 'int32')), [5]);
      expect(dl.broadcastArgs([1], [1]).dtype).toBe('int32');
    });
  });

  it('throws where they do not go together', () => {
    expect(() => dl.broadcastArgs([2], [3])).toThrowError(
      /broadcastArgs: arguments 's0' and 's1' have shapes \[2\] and \[3\], which cannot be broadcast together/,
    );
    expect(() => dl.broadcastArgs([[2]], [3])).toThrowError(/argument 's0' has rank 2/);
  });
});
