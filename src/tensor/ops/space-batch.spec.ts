import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor } from '../../../test/support/reference';

type Pairs = [number, number][];

const cases: [shape: number[], block: number[], paddings: Pairs][] = [
  [
    [1, 2, 2, 1],
    [2, 2],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    [2, 4, 6, 3],
    [2, 3],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    [1, 3, 4, 2],
    [2, 3],
    [
      [1, 0],
      [1, 1],
    ],
  ],
  [[3, 5], [3], [[0, 1]]],
  [[2, 4, 3], [2], [[1, 1]]],
  [
    [1, 2, 3, 2, 2],
    [2, 1, 2],
    [
      [0, 0],
      [2, 0],
      [0, 2],
    ],
  ],
];

describe('space and batch', () => {
  for (const [shape, block, paddings] of cases) {
    it(`blocks of [${block.join()}] of [${shape.join()}], padded by ${JSON.stringify(paddings)}, go to the batch and back`, () => {
      const x = sample(shape, 2);
      const count = block.reduce((product, each) => product * each, 1);
      const [batch, ...rest] = shape as [number, ...number[]];
      const blocked = [
        batch * count,
        ...rest.map((extent, i) =>
          i < block.length ? (extent + paddings[i]![0] + paddings[i]![1]) / block[i]! : extent,
        ),
      ];
      const wanted = build(blocked, ([b, ...place]) => {
        // The place within a block is the major part of the batch's index.
        let within = Math.floor(b! / batch);
        const source = [...place];
        for (let i = block.length - 1; i >= 0; i--) {
          source[i] = place[i]! * block[i]! + (within % block[i]!) - paddings[i]![0];
          within = Math.floor(within / block[i]!);
        }
        const inside = source.every((each, i) => each >= 0 && each < rest[i]!);
        return inside ? at(x, [b! % batch, ...source]) : 0;
      });
      dl.tidy(() => {
        const there = dl.spaceToBatchND(toTensor(x), block, paddings);
        expectExact(there, wanted);
        expectExact(there.batchToSpaceND(block, paddings), x);
      });
    });
  }

  it('keep dtypes and work on nothing', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([16777217, 2], [1, 2], 'int32').spaceToBatchND([2], [[0, 0]]);
      expect(x.dtype).toBe('int32');
      expectExact(x, [[16777217], [2]]);
      expect(dl.spaceToBatchND(dl.zeros([0, 4, 2]), [2], [[0, 0]]).shape).toEqual([0, 2, 2]);
    });
  });

  it('refuse blocks that do not fit', () => {
    dl.tidy(() => {
      const x = dl.zeros([2, 3, 1]);
      expect(() => dl.spaceToBatchND(x, [2], [[0, 0]])).toThrowError(
        /argument 'blockShape' is \[2\], for 'x' padded to the extents \[3\]/,
      );
      expect(() => dl.spaceToBatchND(x, [0], [[0, 0]])).toThrowError(/wanted positive integers/);
      expect(() => dl.spaceToBatchND(x, [1, 1, 1], [[0, 0]])).toThrowError(/fewer than the axes of 'x'/);
      expect(() => dl.spaceToBatchND(x, [3], [[0, -3]])).toThrowError(
        /argument 'paddings' is \[\[0,-3\]\]; wanted 1 pairs/,
      );
      expect(() => dl.batchToSpaceND(x, [4], [[0, 0]])).toThrowError(
        /wanted a batch that is a multiple of 4/,
      );
      expect(() => dl.batchToSpaceND(x, [2], [[4, 4]])).toThrowError(/argument 'crops' is \[\[4,4\]\]/);
    });
  });
});

describe('depthToSpace', () => {
  it('spreads the channels over squares', () => {
    const x = sample([2, 2, 3, 12], 5);
    const wanted = build([2, 4, 6, 3], ([n, row, column, c]) =>
      at(x, [n!, row! >> 1, column! >> 1, ((row! & 1) * 2 + (column! & 1)) * 3 + c!]),
    );
    dl.tidy(() => {
      const spread: dl.Tensor4D = dl.depthToSpace(toTensor(x), 2);
      expectExact(spread, wanted);
      const first = toTensor(x).transpose([0, 3, 1, 2]);
      expectExact(first.depthToSpace(2, 'NCHW').transpose([0, 2, 3, 1]), wanted);
      expectExact(toTensor(x).depthToSpace(1), x);
    });
  });

  it('refuses channels that a square does not divide', () => {
    dl.tidy(() => {
      expect(() => dl.depthToSpace(dl.zeros([1, 1, 1, 6]), 2)).toThrowError(
        /of 6 channels; wanted a multiple of 4/,
      );
      expect(() => dl.depthToSpace(dl.zeros([1, 1, 1, 4]), 0)).toThrowError(/argument 'blockSize' is 0/);
      expect(() => dl.depthToSpace(dl.zeros([1, 1, 1, 4]), 2, 'HWCN' as never)).toThrowError(
        /argument 'dataFormat' is 'HWCN'/,
      );
      expect(() => dl.depthToSpace([1], 1)).toThrowError(/argument 'x' has rank 1/);
    });
  });
});
