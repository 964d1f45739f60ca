import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';
import { broadcastShape } from '../shape';

describe('where', () => {
  it('chooses element by element; all three broadcast', () => {
    const cases: [number[], number[], number[]][] = [
      [[], [], []],
      [[3], [3], [3]],
      [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      [[2, 1], [2, 3], [3]],
      [[3], [2, 1], [1, 3]],
      [[], [2, 2], []],
      [
        [2, 1, 2],
        [3, 1],
        [2, 3, 2],
      ],
      [[1, 2, 1, 2, 1, 2], [2, 1, 1, 1, 1, 1], [2]],
      [[0], [1], [0]],
    ];
    dl.tidy(() => {
      for (const [c, a, b] of cases) {
        const condition: Reference = {
          ...sample(c, 3),
          values: sample(c, 3).values.map((v) => Number(v > 0)),
        };
        const [first, second] = [sample(a, 1), sample(b, 2)];
        const shape = broadcastShape('spec', broadcastShape('spec', c, a), b);
        const wanted = build(shape, (index) => (at(condition, index) ? at(first, index) : at(second, index)));
        expectExact(
          dl.where(toTensor(condition, 'bool'), toTensor(first), toTensor(second)),
          wanted,
          `[${c}] [${a}] [${b}]`,
        );
      }
    });
  });

  it('promotes dtypes, and lets no NaN of the other side through', () => {
    dl.tidy(() => {
      const y = dl.where([true, false], dl.tensor1d([16777217, 1], 'int32'), dl.tensor1d([true, true]));
      expect(y.dtype).toBe('int32');
      expectExact(y, [16777217, 1]);
      expectExact(dl.where([true, false], [1, NaN], [Infinity, 2]), [1, 2]);
    });
  });

  it('wants a bool condition and shapes that fit', () => {
    dl.tidy(() => {
      expect(() => dl.where(dl.tensor1d([1]), 1, 2)).toThrowError(
        /where: argument 'condition' is float32; wanted bool/,
      );
      expect(() => dl.where([true, false], [1, 2, 3], 1)).toThrowError(
        /where: arguments 'condition' and 'a' have shapes \[2\] and \[3\], which cannot be broadcast/,
      );
      expect(() => dl.where([true], 'a' as never, 1)).toThrowError(/where: argument 'a' is a string/);
    });
  });
});
