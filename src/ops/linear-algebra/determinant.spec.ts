import * as dl from 'rxtensor/tensor';
import { determinant } from 'rxtensor/ops';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { expectSameWhenRecorded } from '../../../test/support/same-when-recorded';
import known from '../../../test/support/numpy/linear-algebra.json';

const { squares } = known;
const singular = [
  [1, 2, 3],
  [4, 5, 6],
  [5, 7, 9],
];

describe('determinant', () => {
  let tensors: number;
  beforeEach(() => (tensors = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(tensors));

  it('gives what NumPy gives', () => {
    dl.tidy(() => {
      for (const { a, determinant: wanted } of squares)
        expectClose(determinant(a), { shape: [], values: [wanted] }, 1e-6);
    });
  });

  it('takes batches, integers, and matrices without rows', () => {
    dl.tidy(() => {
      expectExact(determinant(dl.tensor([1, 2, 3, 4, 0, 1, 1, 0], [2, 1, 2, 2])), [[-2], [-1]]);
      expectExact(determinant(dl.tensor2d([2, 0, 0, 4], [2, 2], 'int32')), { shape: [], values: [8] });
      expectExact(determinant(dl.zeros([2, 0, 0])), [1, 1]);
      expect(determinant(dl.zeros([0, 2, 2])).shape).toEqual([0]);
      expectExact(determinant([[-3]]), { shape: [], values: [-3] });
    });
  });

  it('is 0 for singular matrices, NaN for those that are not finite, and infinite beyond float32', () => {
    dl.tidy(() => {
      const values = [1, 2, 2, 4, 0, 0, 0, 0, 0, 1, 0, NaN, 1, 0, 0, Infinity, 1e20, 0, 0, -1e20];
      expectExact(determinant(dl.tensor(values, [5, 2, 2])), [0, 0, NaN, NaN, -Infinity]);
      // The pivots alone would leave float64 on the way.
      const pivots = [...new Array<number>(20).fill(2 ** -120), ...new Array<number>(20).fill(2 ** 120)];
      const far = dl.eye(40).mul(pivots);
      expectExact(determinant(far), { shape: [], values: [1] });
      expectExact(determinant(dl.reverse(far)), { shape: [], values: [1] });
      expectExact(determinant(dl.stack([dl.mul(dl.eye(40), -1e30), dl.mul(dl.eye(40), 1e-30)])), [
        Infinity,
        0,
      ]);
      // Of rank 2 but for rounding.
      expectClose(determinant(singular), { shape: [], values: [0] });
    });
  });

  it('has the gradients that differences find, also at singular matrices', () => {
    for (const { a } of squares.slice(0, 4)) expectGradients(determinant, [a]);
    const options = { tolerance: 4e-3 };
    expectGradients(determinant, [singular], options);
    expectGradients(determinant, [[singular, squares[2]!.a]], options);
    // Of rank 1: all cofactors are 0.
    dl.tidy(() => {
      const gradient = dl.grad((x) => determinant(x));
      const row = [1, 2, 3];
      expectExact(gradient([row, row, row]), dl.zeros([3, 3]).arraySync());
      expectExact(gradient([[0]]), [[1]]);
      expectExact(
        gradient([
          [0, 0],
          [0, 3],
        ]),
        [
          [3, 0],
          [0, 0],
        ],
      );
      expectClose(gradient(singular), [
        [3, -6, 3],
        [3, -6, 3],
        [-3, 6, -3],
      ]);
    });
  });

  it('has second gradients at matrices that are invertible', () => {
    expectSecondGradients(determinant, [squares[2]!.well], { tolerance: 4e-3 });
  });

  it('is recorded', () => {
    expectSameWhenRecorded(determinant, [squares[3]!.a]);
    expectSameWhenRecorded((x) => dl.grad((y: dl.Tensor) => determinant(y))(x), [singular]);
  });

  it('checks its argument', () => {
    expect(() => determinant(3)).toThrowError(
      "determinant: argument 'x' has shape []; wanted matrices over the last two axes",
    );
    expect(() => determinant([[1, 2]])).toThrowError(
      /^determinant: argument 'x' has shape \[1,2\]; wanted square/,
    );
  });
});
