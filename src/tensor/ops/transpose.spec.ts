import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor } from '../../../test/support/reference';

describe('transpose', () => {
  const cases: [number[], number[] | undefined][] = [
    [[3], undefined],
    [[2, 3], undefined],
    [[4, 4], undefined],
    [[33, 17], undefined],
    [[2, 3, 4], undefined],
    [
      [2, 3, 4],
      [0, 2, 1],
    ],
    [
      [2, 3, 4],
      [1, 0, 2],
    ],
    [
      [2, 3, 4],
      [2, 0, 1],
    ],
    [
      [2, 3, 4, 5],
      [0, 2, 3, 1],
    ],
    [
      [2, 3, 4, 5],
      [0, 3, 1, 2],
    ],
    [
      [2, 3, 4, 5],
      [3, 2, 1, 0],
    ],
    [
      [2, 1, 3, 2, 2],
      [4, 2, 0, 1, 3],
    ],
    [
      [2, 3, 1, 2, 2, 3],
      [5, 0, 3, 2, 4, 1],
    ],
    [
      [2, 3],
      [-1, 0],
    ],
    [[0, 3], undefined],
    [[], undefined],
  ];
  for (const [shape, perm] of cases) {
    it(`[${shape}] by ${perm ? `[${perm}]` : 'reversal'}`, () => {
      dl.tidy(() => {
        const x = sample(shape);
        const axes = (perm ?? shape.map((_, i) => shape.length - 1 - i)).map((axis) =>
          axis < 0 ? axis + shape.length : axis,
        );
        const wanted = build(
          axes.map((axis) => shape[axis]!),
          (index) => {
            const own: number[] = [];
            axes.forEach((axis, i) => (own[axis] = index[i]!));
            return at(x, own);
          },
        );
        expectExact(dl.transpose(toTensor(x), perm), wanted);
      });
    });
  }

  it('is a view where nothing moves, and keeps the dtype', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([[16777217, 1]], [1, 2], 'int32');
      const before = dl.memory().numDataBuffers;
      expectExact(x.transpose([0, 1]), [[16777217, 1]]);
      expect(dl.memory().numDataBuffers).toBe(before);
      expectExact(x.transpose(), [[16777217], [1]]);
      expect(x.transpose().dtype).toBe('int32');
    });
  });

  it('refuses what is no permutation', () => {
    for (const [perm, message] of [
      [[0], /transpose: argument 'perm' is \[0\]; wanted 2 axes/],
      [[0, 0], /transpose: argument 'perm' is \[0,0\]; wanted every axis once/],
      [[0, 2], /transpose: argument 'perm' is 2; wanted an integer in \[-2, 1\]/],
      [1, /transpose: argument 'perm'/],
    ] as [number[], RegExp][]) {
      expect(() => dl.transpose([[1, 2]], perm)).toThrowError(message);
    }
  });
});
