import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor } from '../../../test/support/reference';

describe('reshape', () => {
  it('gives another shape at no cost', () => {
    const x = toTensor(sample([2, 6]));
    const before = dl.memory().numDataBuffers;
    dl.tidy(() => {
      for (const shape of [[12], [3, 4], [2, 1, 6], [1, 1, 1, 1, 3, 4], [2, -1], [-1]]) {
        const y = x.reshape(shape);
        expect(y.size).toBe(12);
        expect([...y.dataSync()]).toEqual([...x.dataSync()]);
      }
      expect(x.reshape([2, -1, 3]).shape).toEqual([2, 2, 3] as never);
      expect(dl.reshape(7, []).shape).toEqual([] as never);
      expect(dl.reshape([7], []).shape).toEqual([] as never);
      expect(dl.memory().numDataBuffers).toBe(before + 2);
    });
    x.dispose();
  });

  it('refuses another size', () => {
    expect(() => dl.reshape([1, 2, 3], [2, 2])).toThrowError(
      /reshape: argument 'shape' is \[2,2\], of 4 elements; wanted 3 elements/,
    );
    expect(() => dl.reshape([1], 1 as never)).toThrowError(/reshape: argument 'shape' is 1/);
    expect(() => dl.reshape(null as never, [1])).toThrowError(/reshape: argument 'x' is null/);
  });
});

describe('expandDims and squeeze', () => {
  it('put in and take out axes of extent 1', () => {
    dl.tidy(() => {
      const x = dl.ones([2, 3]);
      expect(x.expandDims().shape).toEqual([1, 2, 3] as never);
      expect(x.expandDims(1).shape).toEqual([2, 1, 3] as never);
      expect(x.expandDims(-1).shape).toEqual([2, 3, 1] as never);
      expect(dl.expandDims(5).shape).toEqual([1] as never);
      const y = dl.ones([1, 2, 1, 3, 1]);
      expect(y.squeeze().shape).toEqual([2, 3] as never);
      expect(y.squeeze(0).shape).toEqual([2, 1, 3, 1] as never);
      expect(y.squeeze([-1, 0]).shape).toEqual([2, 1, 3] as never);
      expect(dl.squeeze([[1]]).shape).toEqual([] as never);
    });
  });

  it('refuse other axes', () => {
    expect(() => dl.squeeze([[1, 2]], 1)).toThrowError(
      /squeeze: argument 'axis' names axis 1, of extent 2; wanted extent 1/,
    );
    expect(() => dl.expandDims([1], 3)).toThrowError(/expandDims: argument 'axis' is 3/);
  });
});

describe('broadcastTo', () => {
  const cases: [number[], number[]][] = [
    [[], [2]],
    [[], []],
    [[1], [3]],
    [[3], [2, 3]],
    [
      [2, 1],
      [2, 3],
    ],
    [
      [2, 1, 3],
      [4, 2, 5, 3],
    ],
    [
      [1, 2, 1],
      [2, 2, 2],
    ],
    [
      [2, 3],
      [2, 3],
    ],
    [[1], [0]],
    [
      [1, 2, 1, 1, 2, 1],
      [2, 2, 1, 2, 2, 2],
    ],
  ];
  it('repeats', () => {
    dl.tidy(() => {
      for (const [from, to] of cases) {
        const x = sample(from);
        expectExact(
          dl.broadcastTo(toTensor(x), to),
          build(to, (index) => at(x, index)),
          `[${from}] to [${to}]`,
        );
      }
    });
  });

  it('refuses a shape that does not fit', () => {
    expect(() => dl.broadcastTo([1, 2], [3])).toThrowError(
      /broadcastTo: argument 'shape' is \[3\]; wanted one that 'x', of shape \[2\], can be broadcast to/,
    );
    expect(() => dl.broadcastTo([[1]], [1])).toThrowError(/broadcastTo/);
  });
});

describe('tile', () => {
  it('repeats along each axis', () => {
    dl.tidy(() => {
      const cases: [number[], number[]][] = [
        [[3], [2]],
        [
          [2, 3],
          [2, 1],
        ],
        [
          [2, 3],
          [1, 3],
        ],
        [
          [2, 1, 2],
          [2, 3, 2],
        ],
        [
          [1, 2, 1, 2],
          [2, 1, 2, 2],
        ],
        [[2], [0]],
        [
          [2, 1, 1, 2, 1, 2],
          [1, 2, 1, 1, 2, 2],
        ],
      ];
      for (const [shape, reps] of cases) {
        const x = sample(shape);
        const result = shape.map((extent, i) => extent * reps[i]!);
        expectExact(
          dl.tile(toTensor(x), reps),
          build(result, (index) =>
            at(
              x,
              index.map((each, i) => each % shape[i]!),
            ),
          ),
          `[${shape}] × [${reps}]`,
        );
      }
      expect(dl.tile(dl.tensor1d([1], 'int32'), [2]).dtype).toBe('int32');
    });
  });

  it('refuses other repeats', () => {
    expect(() => dl.tile([1, 2], [1, 2])).toThrowError(
      /tile: argument 'reps' is \[1,2\]; wanted 1 non-negative integers/,
    );
    expect(() => dl.tile([1, 2], [-1])).toThrowError(/tile: argument 'reps'/);
    expect(() => dl.tile([1, 2], 2 as never)).toThrowError(/tile: argument 'reps'/);
  });
});
