import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor } from '../../../test/support/reference';

describe('slice', () => {
  const cases: [number[], number[], number[]][] = [
    [[5], [1], [3]],
    [[5], [2], [-1]],
    [
      [4, 5],
      [1, 2],
      [2, 3],
    ],
    [
      [4, 5],
      [0, 4],
      [-1, 1],
    ],
    [
      [3, 4, 5],
      [1, 0, 2],
      [1, 4, 2],
    ],
    [
      [2, 3, 4, 5],
      [1, 1, 1, 1],
      [1, 2, 2, 3],
    ],
    [
      [2, 1, 3, 2, 4],
      [0, 0, 1, 1, 2],
      [2, 1, 2, 1, 2],
    ],
    [
      [2, 1, 3, 2, 2, 3],
      [1, 0, 1, 0, 1, 0],
      [1, 1, 2, 2, 1, 2],
    ],
    [[3], [3], [0]],
    [
      [8, 8],
      [3, 4],
      [4, 4],
    ],
  ];
  for (const [shape, begin, size] of cases) {
    it(`takes [${size}] from [${begin}] of [${shape}]`, () => {
      dl.tidy(() => {
        const x = sample(shape);
        const result = size.map((each, i) => (each === -1 ? shape[i]! - begin[i]! : each));
        expectExact(
          dl.slice(toTensor(x), begin, size),
          build(result, (index) =>
            at(
              x,
              index.map((each, i) => each + begin[i]!),
            ),
          ),
        );
      });
    });
  }

  it('takes numbers, and the rest where sizes are left out', () => {
    dl.tidy(() => {
      expectExact(dl.slice([1, 2, 3, 4], 1, 2), [2, 3]);
      expectExact(dl.slice([1, 2, 3, 4], 2), [3, 4]);
      expectExact(
        dl.slice(
          [
            [1, 2],
            [3, 4],
          ],
          1,
        ),
        [[3, 4]],
      );
      expectExact(
        dl.slice(
          [
            [1, 2],
            [3, 4],
          ],
          [0, 1],
        ),
        [[2], [4]],
      );
      expectExact(dl.tensor1d([16777217, 3], 'int32').slice(0, 1), [16777217]);
    });
  });

  it('refuses what lies outside, naming the axis', () => {
    expect(() => dl.slice([1, 2, 3], 1, 3)).toThrowError(
      /slice: arguments 'begin' and 'size' ask for \[1, 4\) of axis 0; wanted a range inside \[0, 3\)/,
    );
    expect(() => dl.slice([1, 2, 3], -1)).toThrowError(/slice/);
    expect(() => dl.slice([1, 2, 3], 0.5)).toThrowError(/slice/);
    expect(() => dl.slice(3, 0)).toThrowError(/slice: argument 'x' is a scalar; wanted at least one axis/);
    expect(() => dl.slice([1, 2, 3], [0, 1])).toThrowError(
      /slice: argument 'begin' is \[0,1\]; wanted at most 1/,
    );
    expect(() => dl.slice([1, 2, 3], 0, [1, 1])).toThrowError(
      /slice: argument 'size' is \[1,1\]; wanted at most 1/,
    );
  });
});

describe('reverse', () => {
  it('turns some axes around, or all', () => {
    dl.tidy(() => {
      const cases: [number[], number | number[] | undefined][] = [
        [[5], 0],
        [[2, 3], undefined],
        [[2, 3], 1],
        [
          [2, 3, 4],
          [0, -1],
        ],
        [
          [2, 1, 2, 3],
          [2, 3],
        ],
        [[2, 0], 1],
        [[3, 2], []],
      ];
      for (const [shape, axis] of cases) {
        const x = sample(shape);
        const axes = (axis === undefined ? shape.map((_, i) => i) : [axis].flat()).map((each) =>
          each < 0 ? each + shape.length : each,
        );
        const wanted = build(shape, (index) =>
          at(
            x,
            index.map((each, i) => (axes.includes(i) ? shape[i]! - 1 - each : each)),
          ),
        );
        expectExact(dl.reverse(toTensor(x), axis), wanted, `[${shape}] along ${String(axis)}`);
      }
    });
  });

  it('refuses other axes', () => {
    expect(() => dl.reverse([1], 1)).toThrowError(/reverse: argument 'axis' is 1/);
  });
});

describe('split', () => {
  it('cuts into equal or given parts', () => {
    dl.tidy(() => {
      const x = sample([4, 6]);
      const [first, second, third] = dl.split(toTensor(x), 3, 1);
      expectExact(
        first!,
        build([4, 2], (index) => at(x, index)),
      );
      expectExact(
        second!,
        build([4, 2], ([i, j]) => at(x, [i!, j! + 2])),
      );
      expectExact(
        third!,
        build([4, 2], ([i, j]) => at(x, [i!, j! + 4])),
      );
      const parts = dl.split(toTensor(x), [1, -1, 2], -1);
      expect(parts.map((part) => part.shape[1])).toEqual([1, 3, 2] as never);
      expectExact(
        parts[2]!,
        build([4, 2], ([i, j]) => at(x, [i!, j! + 4])),
      );
      expect(dl.split([1, 2], [0, 2]).map((part) => part.size)).toEqual([0, 2]);
    });
  });

  it('refuses parts that do not add up', () => {
    for (const parts of [3, 0, -1, 1.5, [1, 2], [3, -1], [-1, -1], [5, -1], []]) {
      expect(() => dl.split([1, 2], parts))
        .withContext(String(parts))
        .toThrowError(
          /split: argument 'numOrSizeSplits' is .*; wanted parts that add up to 2, the extent of axis 0/,
        );
    }
  });
});

describe('stack and unstack', () => {
  it('join along a new axis and take it apart again', () => {
    dl.tidy(() => {
      for (const [shape, axis] of [
        [[], 0],
        [[3], 0],
        [[3], 1],
        [[2, 3], -1],
        [[2, 3], 1],
        [[2, 1, 2, 1, 2], 3],
      ] as [number[], number][]) {
        const parts = [1, 2, 3].map((seed) => sample(shape, seed));
        const along = axis < 0 ? axis + shape.length + 1 : axis;
        const result = [...shape.slice(0, along), 3, ...shape.slice(along)];
        const stacked = dl.stack(
          parts.map((each) => toTensor(each)),
          axis,
        );
        expectExact(
          stacked,
          build(result, (index) =>
            at(
              parts[index[along]!]!,
              index.filter((_, i) => i !== along),
            ),
          ),
        );
        dl.unstack(stacked, along).forEach((part, i) => expectExact(part, parts[i]!));
      }
      expect(dl.unstack(dl.zeros([0, 2]))).toEqual([]);
    });
  });

  it('refuse what does not fit', () => {
    expect(() => dl.stack([])).toThrowError(/stack: argument 'tensors' is \[\]; wanted an array/);
    expect(() => dl.stack([[1, 2], [1]])).toThrowError(
      /stack: argument 'tensors\[1\]' has shape \[1\]; wanted \[2\], as the first/,
    );
    expect(() => dl.stack([[1]], 3)).toThrowError(/stack: argument 'axis' is 3/);
    expect(() => dl.unstack(1)).toThrowError(/unstack: argument 'axis' is 0; wanted none/);
  });
});
