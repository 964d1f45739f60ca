import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor } from '../../../test/support/reference';

describe('concat', () => {
  const cases: [number[][], number][] = [
    [[[2], [3]], 0],
    [[[1], [1], [1]], -1],
    [
      [
        [2, 3],
        [1, 3],
      ],
      0,
    ],
    [
      [
        [2, 3],
        [2, 1],
        [2, 4],
      ],
      1,
    ],
    [
      [
        [2, 3, 2],
        [2, 1, 2],
      ],
      1,
    ],
    [
      [
        [1, 2, 2, 3],
        [1, 2, 2, 5],
      ],
      -1,
    ],
    [
      [
        [1, 2, 1, 2, 1],
        [1, 2, 3, 2, 1],
      ],
      2,
    ],
    [
      [
        [1, 2, 1, 1, 2, 1],
        [1, 2, 1, 2, 2, 1],
      ],
      3,
    ],
    [
      [
        [0, 2],
        [3, 2],
      ],
      0,
    ],
    [
      [
        [2, 0],
        [2, 0],
      ],
      1,
    ],
    [Array.from({ length: 12 }, (_, i) => [1 + (i % 3), 2]), 0],
  ];
  for (const [shapes, axis] of cases) {
    it(`joins ${shapes.map((s) => `[${s}]`).join(' ')} along axis ${axis}`, () => {
      dl.tidy(() => {
        const parts = shapes.map((shape, i) => sample(shape, i));
        const along = axis < 0 ? axis + shapes[0]!.length : axis;
        const total = [...shapes[0]!];
        total[along] = shapes.reduce((sum, shape) => sum + shape[along]!, 0);
        const wanted = build(total, (index) => {
          const own = [...index];
          const part = parts.find((each) => {
            if (own[along]! < each.shape[along]!) return true;
            own[along]! -= each.shape[along]!;
            return false;
          });
          return at(part!, own);
        });
        expectExact(
          dl.concat(
            parts.map((each) => toTensor(each)),
            axis,
          ),
          wanted,
        );
      });
    });
  }

  it('joins more tensors than a shader can read at once', () => {
    dl.tidy(() => {
      const parts = Array.from({ length: 40 }, (_, i) => dl.tensor1d([i, -i]));
      expectExact(
        dl.concat(parts),
        build([80], ([i]) => (i! % 2 === 0 ? i! / 2 : -(i! - 1) / 2)),
      );
    });
  });

  it('promotes dtypes', () => {
    dl.tidy(() => {
      const int = dl.tensor1d([16777217], 'int32');
      const bool = dl.tensor1d([true]);
      expect(dl.concat([int, bool]).dtype).toBe('int32');
      expectExact(dl.concat([int, bool]), [16777217, 1]);
      expect(dl.concat([bool, dl.tensor1d([0.5])]).dtype).toBe('float32');
      expect(dl.concat([bool, bool]).dtype).toBe('bool');
    });
  });

  it('of one tensor is a view', () => {
    const x = dl.ones([2]);
    const before = dl.memory().numDataBuffers;
    const y = dl.concat([x]);
    expect(dl.memory().numDataBuffers).toBe(before);
    dl.dispose([x, y]);
  });

  it('takes plain values', () => {
    dl.tidy(() => expectExact(dl.concat([[1], [2, 3]]), [1, 2, 3]));
  });

  it('refuses what does not fit', () => {
    dl.tidy(() => {
      expect(() => dl.concat([])).toThrowError(/concat: argument 'tensors' is \[\]; wanted an array/);
      expect(() => dl.concat(dl.ones([1]) as never)).toThrowError(
        /concat: argument 'tensors' is a Tensor; wanted an array/,
      );
      expect(() => dl.concat([dl.ones([2, 3]), dl.ones([2, 2])])).toThrowError(
        /concat: argument 'tensors\[1\]' has shape \[2,2\]; wanted \[2,3\] but for axis 0/,
      );
      expect(() => dl.concat([dl.ones([2]), dl.ones([2, 1])])).toThrowError(/tensors\[1\]/);
      expect(() => dl.concat([dl.ones([2])], 1)).toThrowError(/concat: argument 'axis' is 1/);
      expect(() => dl.concat([dl.scalar(1), dl.scalar(2)])).toThrowError(
        /concat: argument 'axis' is 0; wanted none, the tensor is a scalar/,
      );
      expect(() => dl.concat([dl.ones([1]), null as never])).toThrowError(
        /concat: argument 'tensors\[1\]' is null/,
      );
    });
  });
});
