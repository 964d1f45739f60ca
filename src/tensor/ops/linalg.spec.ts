import * as dl from 'rxtensor/tensor';
import { at, build, sample, toTensor } from '../../../test/support/reference';
import { expectClose, expectExact } from '../../../test/support/close';

describe('linalg.bandPart', () => {
  const x = sample([2, 3, 4], 5);

  it('keeps a band of every matrix', () => {
    dl.tidy(() => {
      for (const [lower, upper] of [
        [0, 0],
        [1, 0],
        [0, 2],
        [-1, 0],
        [0, -1],
        [-1, -1],
        [3, 4],
        [1, 1],
      ] as const) {
        const wanted = build(x.shape, (index) => {
          const below = index[1]! - index[2]!;
          return (lower < 0 || below <= lower) && (upper < 0 || -below <= upper) ? at(x, index) : 0;
        });
        expectExact(dl.linalg.bandPart(toTensor(x), lower, upper), wanted, `${lower}, ${upper}`);
      }
      expectExact(
        dl.linalg.bandPart(
          [
            [1, 2],
            [3, 4],
          ],
          dl.scalar(1, 'int32'),
          dl.scalar(0, 'int32'),
        ),
        [
          [1, 0],
          [3, 4],
        ],
      );
    });
  });

  it('keeps the dtype, takes empty matrices, and drops NaN', () => {
    dl.tidy(() => {
      const whole = dl.linalg.bandPart(dl.ones([2, 2], 'int32'), 0, 0);
      expect(whole.dtype).toBe('int32');
      expectExact(whole, [
        [1, 0],
        [0, 1],
      ]);
      expect(dl.linalg.bandPart(dl.zeros([0, 2]), 0, 0).shape as number[]).toEqual([0, 2]);
      expectExact(
        dl.linalg.bandPart(
          [
            [1, NaN],
            [NaN, 2],
          ],
          0,
          0,
        ),
        [
          [1, 0],
          [0, 2],
        ],
      );
    });
  });

  it('names what is wrong', () => {
    expect(() => dl.linalg.bandPart([1], 0, 0)).toThrowError(/bandPart: argument 'x' has rank 1/);
    expect(() => dl.linalg.bandPart([[1, 2]], 2, 0)).toThrowError(
      /bandPart: argument 'numLower' is 2; wanted an integer of at most 1, for the shape \[1,2\]/,
    );
    expect(() => dl.linalg.bandPart([[1, 2]], 0, 3)).toThrowError(
      /argument 'numUpper' is 3; wanted .* at most 2/,
    );
    expect(() => dl.linalg.bandPart([[1, 2]], 0.5, 0)).toThrowError(/argument 'numLower' is 0.5/);
  });
});

describe('linalg.gramSchmidt', () => {
  it('gives orthonormal rows that span the same', () => {
    dl.tidy(() => {
      const x = toTensor(sample([3, 5], 2)) as dl.Tensor2D;
      const units = dl.linalg.gramSchmidt(x);
      expectClose(
        dl.matMul(units, units, false, true),
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
        { cpu: 1e-5, webgl: 1e-4 },
      );
      // Row k of x lies in the span of the first k units, and along the k-th.
      const along = dl.matMul(x, units, false, true);
      expectClose(
        along.sub(dl.linalg.bandPart(along, -1, 0)),
        build([3, 3], () => 0),
        { cpu: 1e-5, webgl: 1e-4 },
      );
      expectClose(dl.matMul(along, units), sample([3, 5], 2), { cpu: 1e-5, webgl: 1e-4 });
      expect([...along.dataSync()].filter((_, i) => i % 4 === 0).every((v) => v > 0)).toBeTrue();
    });
  });

  it('gives a list for a list', () => {
    dl.tidy(() => {
      const units = dl.linalg.gramSchmidt([dl.tensor1d([3, 4]), dl.tensor1d([1, 0])]);
      expectClose(units[0]!, [0.6, 0.8]);
      expectClose(units[1]!, [0.8, -0.6]);
    });
  });

  it('names what is wrong', () => {
    expect(() => dl.linalg.gramSchmidt([])).toThrowError(/gramSchmidt: argument 'xs' has 0 vectors/);
    expect(() => dl.linalg.gramSchmidt([[1, 2], [1]])).toThrowError(
      /gramSchmidt: argument 'xs\[1\]' has shape \[1\]; wanted \[2\], the shape of the first/,
    );
    expect(() => dl.linalg.gramSchmidt([[1], [2]])).toThrowError(
      /2 vectors of length 1; wanted .* at most 1/,
    );
  });
});

describe('linalg.qr', () => {
  const tolerance = { cpu: 2e-5, webgl: 2e-4 };

  it('gives factors of every shape', () => {
    for (const shape of [
      [3, 3],
      [5, 3],
      [3, 5],
      [1, 4],
      [4, 1],
      [1, 1],
      [2, 4, 3],
      [2, 1, 3, 3],
      [12, 12],
    ]) {
      for (const full of [false, true]) {
        dl.tidy(() => {
          const x = sample(shape, 7);
          const [rows, columns] = shape.slice(-2) as [number, number];
          const inner = full ? rows : Math.min(rows, columns);
          const [q, r] = dl.linalg.qr(toTensor(x), full);
          expect(q.shape as number[]).toEqual([...shape.slice(0, -2), rows, inner]);
          expect(r.shape as number[]).toEqual([...shape.slice(0, -2), inner, columns]);
          expectClose(dl.matMul(q, r), x, tolerance, `${String(shape)} ${full}`);
          const unit = build([...shape.slice(0, -2), inner, inner], (i) => (i.at(-1) === i.at(-2) ? 1 : 0));
          expectClose(dl.matMul(q, q, true), unit, tolerance, `${String(shape)} ${full}`);
          const below = r.sub(dl.linalg.bandPart(r, 0, -1));
          expectClose(
            below,
            build(r.shape as number[], () => 0),
            tolerance,
          );
        });
      }
    }
  });

  it('takes matrices of lower rank and of zeros', () => {
    dl.tidy(() => {
      const [q, r] = dl.linalg.qr([
        [0, 1, 2],
        [0, 2, 4],
        [0, 3, 6],
      ]);
      expectClose(
        dl.matMul(q, r),
        [
          [0, 1, 2],
          [0, 2, 4],
          [0, 3, 6],
        ],
        tolerance,
      );
      const [unit, nothing] = dl.linalg.qr(dl.zeros([2, 2]));
      expectExact(unit, [
        [1, 0],
        [0, 1],
      ]);
      expectExact(nothing, [
        [0, 0],
        [0, 0],
      ]);
      expect(dl.linalg.qr(dl.zeros([3, 0]))[0].shape as number[]).toEqual([3, 0]);
    });
  });

  it('names what is wrong', () => {
    expect(() => dl.linalg.qr([1, 2])).toThrowError(/qr: argument 'x' has rank 1/);
  });
});
