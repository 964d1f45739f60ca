import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';
import { expectSums, sums, type Sums } from '../../../test/support/sums';
import { broadcastShape } from '../shape';

function matMul(a: Reference, b: Reference, transposeA: boolean, transposeB: boolean): Sums {
  const [rows, inner] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const columns = transposeB ? b.shape.at(-2)! : b.shape.at(-1)!;
  const batch = broadcastShape('spec', a.shape.slice(0, -2), b.shape.slice(0, -2));
  return sums([...batch, rows, columns], (index, add) => {
    const lead = index.slice(0, -2);
    const [i, j] = index.slice(-2) as [number, number];
    for (let k = 0; k < inner; k++) {
      add(
        at(a, [...lead, ...(transposeA ? [k, i] : [i, k])]) *
          at(b, [...lead, ...(transposeB ? [j, k] : [k, j])]),
      );
    }
  });
}

describe('matMul', () => {
  const sizes: [number, number, number][] = [
    [1, 1, 1],
    [2, 3, 4],
    [3, 4, 2],
    [4, 8, 8],
    [5, 7, 9],
    [16, 16, 16],
    [17, 33, 19],
    [1, 64, 10],
    [10, 1, 12],
    [64, 5, 1],
    [40, 70, 36],
  ];
  for (const [rows, inner, columns] of sizes) {
    it(`[${rows},${inner}] · [${inner},${columns}], in all four transpositions`, () => {
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const a = sample(transposeA ? [inner, rows] : [rows, inner], 1);
          const b = sample(transposeB ? [columns, inner] : [inner, columns], 2);
          dl.tidy(() =>
            expectSums(
              dl.matMul(toTensor(a), toTensor(b), transposeA, transposeB),
              matMul(a, b, transposeA, transposeB),
              { context: `transposeA ${transposeA}, transposeB ${transposeB}` },
            ),
          );
        }
      }
    });
  }

  const batches: [number[], number[]][] = [
    [
      [3, 2, 4],
      [3, 4, 5],
    ],
    [
      [3, 2, 4],
      [1, 4, 5],
    ],
    [
      [1, 2, 4],
      [3, 4, 5],
    ],
    [
      [2, 4],
      [3, 4, 5],
    ],
    [
      [3, 2, 4],
      [4, 5],
    ],
    [
      [2, 3, 2, 4],
      [2, 3, 4, 5],
    ],
    [
      [2, 1, 2, 4],
      [3, 4, 5],
    ],
    [
      [2, 1, 2, 4],
      [1, 3, 4, 2],
    ],
    [
      [1, 2, 1, 2, 4],
      [2, 1, 4, 3],
    ],
    [
      [1, 2, 1, 2, 3, 4],
      [2, 1, 1, 1, 4, 3],
    ],
  ];
  for (const [shapeA, shapeB] of batches) {
    it(`[${shapeA}] · [${shapeB}]: batches broadcast`, () => {
      const a = sample(shapeA, 1);
      const b = sample(shapeB, 2);
      dl.tidy(() => expectSums(dl.matMul(toTensor(a), toTensor(b)), matMul(a, b, false, false)));
      const turn = (x: Reference): Reference => {
        const shape = [...x.shape.slice(0, -2), x.shape.at(-1)!, x.shape.at(-2)!];
        return build(shape, (index) => at(x, [...index.slice(0, -2), index.at(-1), index.at(-2)]));
      };
      dl.tidy(() =>
        expectSums(dl.matMul(toTensor(turn(a)), toTensor(turn(b)), true, true), matMul(a, b, false, false)),
      );
    });
  }

  it('of no elements is empty, and over none is 0', () => {
    dl.tidy(() => {
      expect(dl.matMul(dl.zeros([0, 3]), dl.zeros([3, 2])).shape).toEqual([0, 2] as never);
      expectExact(
        dl.matMul(dl.zeros([2, 0]), dl.zeros([0, 3])),
        build([2, 3], () => 0),
      );
      expect(dl.matMul(dl.zeros([0, 2, 3]), dl.zeros([3, 2])).shape).toEqual([0, 2, 2] as never);
    });
  });

  it('carries NaN and infinities', () => {
    dl.tidy(() => {
      expectExact(
        dl.matMul(
          [
            [NaN, 1],
            [1, 1],
            [Infinity, 1],
          ],
          [[1], [1]],
        ),
        [[NaN], [2], [Infinity]],
      );
      expectExact(dl.matMul([[Infinity, 1]], [[0], [1]]), [[NaN]]);
    });
  });

  it('of int32 and bool is int32, and exact', () => {
    dl.tidy(() => {
      const y = dl.matMul(dl.tensor2d([[1, 2]], [1, 2], 'int32'), dl.tensor2d([[true], [true]]));
      expect(y.dtype).toBe('int32');
      expectExact(y, [[3]]);
      const large = dl.tensor2d([16777217, 1, 3, -2], [2, 2], 'int32');
      const turned = dl.tensor3d([1, 1, 0, 1, 2, 0, -1, 1], [2, 2, 2], 'int32');
      for (const [transposeA, transposeB] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const a = transposeA ? large.transpose() : large;
        const b = transposeB ? turned.transpose([0, 2, 1]) : turned;
        expectExact(dl.matMul(a, b, transposeA, transposeB), [
          [
            [16777217, 16777218],
            [3, 1],
          ],
          [
            [33554433, 1],
            [8, -2],
          ],
        ]);
      }
      expect(dl.matMul(large, dl.tensor2d([0.5, 0.5], [2, 1])).dtype).toBe('float32');
      expect(dl.outerProduct(dl.tensor1d([1], 'int32'), dl.tensor1d([2], 'int32')).dtype).toBe('int32');
      expect(dl.dot(dl.tensor1d([1], 'int32'), dl.tensor1d([2], 'int32')).dtype).toBe('int32');
    });
  });

  it('names shapes and extents that do not fit', () => {
    dl.tidy(() => {
      expect(() => dl.matMul(dl.ones([2, 3]), dl.ones([2, 3]))).toThrowError(
        "matMul: the inner extents of arguments 'a', [2,3], and 'b', [2,3], are 3 and 2; wanted them equal",
      );
      expect(() => dl.matMul(dl.ones([2, 3]), dl.ones([2, 3]), true, true)).toThrowError(
        /'a', \[2,3\] transposed, and 'b', \[2,3\] transposed, are 2 and 3/,
      );
      expect(() => dl.matMul(dl.ones([3]), dl.ones([3, 1]))).toThrowError(/matMul: argument 'a' has rank 1/);
      expect(() => dl.matMul(dl.ones([2, 2, 2]), dl.ones([3, 2, 2]))).toThrowError(
        /matMul: arguments 'a' and 'b' have shapes \[2\] and \[3\], which cannot be broadcast/,
      );
      expect(() => dl.matMul('a' as never, dl.ones([1, 1]))).toThrowError(/matMul: argument 'a' is a string/);
    });
  });
});

describe('products of vectors', () => {
  const v = sample([4], 1);
  const w = sample([4], 2);
  const m = sample([3, 4], 3);

  it('dot takes vectors and matrices', () => {
    dl.tidy(() => {
      const vw = sums([], (_, add) => v.values.forEach((value, k) => add(value * w.values[k]!)));
      expectSums(dl.dot(toTensor(v), toTensor(w)), vw);
      const mv = sums([3], ([i], add) => v.values.forEach((value, k) => add(value * at(m, [i!, k]))));
      expectSums(dl.dot(toTensor(m), toTensor(v)), mv);
      expectSums(dl.dot(toTensor(v), toTensor(m).transpose()), mv);
      expectSums(dl.dot(toTensor(m), toTensor(m).transpose()), matMul(m, m, false, true));
      expectSums(dl.matrixTimesVector(toTensor(m), toTensor(v)), mv);
      expectSums(dl.vectorTimesMatrix(toTensor(v), toTensor(m).transpose()), mv);
      expectExact(
        toTensor(v).outerProduct(toTensor(w)),
        build([4, 4], ([i, j]) => Math.fround(v.values[i!]! * w.values[j!]!)),
      );
    });
  });

  it('refuse other ranks', () => {
    dl.tidy(() => {
      expect(() => dl.dot(dl.ones([1, 1, 1]), [1])).toThrowError(
        /dot: argument 'a' has rank 3.*wanted rank 1 or 2/,
      );
      expect(() => dl.dot([1, 2], [1, 2, 3])).toThrowError(/inner extents/);
      expect(() => dl.outerProduct([[1]], [1])).toThrowError(
        /outerProduct: argument 'a' has rank 2.*wanted rank 1/,
      );
      expect(() => dl.matrixTimesVector([1], [1])).toThrowError(
        /matrixTimesVector: argument 'matrix' has rank 1/,
      );
      expect(() => dl.vectorTimesMatrix([1], [1])).toThrowError(
        /vectorTimesMatrix: argument 'matrix' has rank 1/,
      );
    });
  });
});
