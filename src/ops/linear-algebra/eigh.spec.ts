import * as dl from 'rxtensor/tensor';
import { eigh } from 'rxtensor/ops';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { expectSameWhenRecorded } from '../../../test/support/same-when-recorded';
import known from '../../../test/support/numpy/linear-algebra.json';
import { diagonals } from './eigh';
import { symmetrized, transposed } from './matrices';

const { squares } = known;
const [, two, three, five] = squares;

/** log(1 + v²) of the eigenvalues v: does not depend on the choice of vectors. */
function ofMatrix(x: dl.Tensor): dl.Tensor {
  const { values, vectors } = eigh(symmetrized(x));
  return dl.matMul(dl.mul(vectors, values.square().add(1).log().expandDims(-2)), vectors, false, true);
}

describe('eigh', () => {
  let tensors: number;
  beforeEach(() => (tensors = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(tensors));

  it('gives what NumPy gives, up to signs', () => {
    dl.tidy(() => {
      for (const { symmetric, eigenvalues, eigenvectors } of squares) {
        const { values, vectors } = eigh(symmetric);
        expectClose(values, eigenvalues, 1e-6);
        const signs = dl.sign(dl.sum(dl.mul(vectors, eigenvectors), 0));
        expectClose(dl.mul(vectors, signs), eigenvectors, 1e-6);
      }
    });
  });

  it('composes matrices again, also where values are equal', () => {
    dl.tidy(() => {
      const matrices = [
        [2, 0, 0, 0, 2, 0, 0, 0, 2],
        [1, 1, 1, 1, 1, 1, 1, 1, 1],
        [0, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 5, 0, 1, 0, 5, 0, 0],
        [1e30, 0, 1e29, 0, 1, 0, 1e29, 0, 1e30],
        [1e-38, 0, 0, 0, 0, 1e-38, 0, 1e-38, 0],
      ];
      const x = dl.tensor(matrices.flat(), [2, 3, 3, 3]);
      const { values, vectors } = eigh(x);
      expect(values.shape).toEqual([2, 3, 3]);
      const again = dl.matMul(dl.matMul(vectors, diagonals(values)), vectors, false, true);
      const scale = dl.tensor([1, 1, 1, 1, 1e-30, 1e37], [2, 3, 1, 1]);
      expectClose(dl.mul(again, scale), dl.mul(x, scale).arraySync(), 1e-6);
      const products = dl.matMul(vectors, vectors, true);
      expectClose(products, dl.eye(3, 3, [2, 3]).arraySync(), 1e-6);
    });
  });

  it('reads lower triangles only, and takes integers and empty tensors', () => {
    dl.tidy(() => {
      expectClose(
        eigh([
          [2, NaN],
          [1, 2],
        ]).values,
        [1, 3],
      );
      expectClose(eigh(dl.tensor2d([2, 1, 1, 2], [2, 2], 'int32')).values, [1, 3]);
      expectExact(eigh([[-4]]).vectors, [[1]]);
      expect(eigh(dl.zeros([2, 0, 0])).values.shape).toEqual([2, 0]);
      expect(eigh(dl.zeros([0, 2, 2])).vectors.shape).toEqual([0, 2, 2]);
      const some = eigh(dl.tensor([1, 0, 0, 2, 1, 0, NaN, 2, Infinity, 0, 0, 1], [3, 2, 2])).values;
      expectExact(some, [
        [1, 2],
        [NaN, NaN],
        [NaN, NaN],
      ]);
    });
  });

  it('has the gradients that differences find', () => {
    for (const { symmetric } of [two!, three!, five!]) {
      expectGradients((x) => eigh(symmetrized(x)).values, [symmetric], { step: 1 / 128 });
      expectGradients((x) => eigh(symmetrized(x)).vectors.square(), [symmetric], {
        step: 1 / 256,
        tolerance: 4e-3,
      });
      expectGradients(ofMatrix, [[symmetric, symmetric]], { step: 1 / 128 });
    }
    dl.tidy(() => {
      // The sum of all values is the trace, also where they are equal.
      expectClose(
        dl.grad((x: dl.Tensor) => eigh(x).values.sum())([
          [2, 0],
          [0, 2],
        ]),
        [
          [1, 0],
          [0, 1],
        ],
      );
      const gradient = dl.grad((x: dl.Tensor) => eigh(x).vectors.pow(3).sum())(five!.symmetric);
      expectClose(gradient, transposed(gradient).arraySync());
    });
  });

  it('has second gradients', () => {
    expectSecondGradients(ofMatrix, [three!.symmetric], { step: 1 / 64, tolerance: 4e-3 });
  });

  it('is recorded', () => {
    expectSameWhenRecorded((x) => eigh(x).values, [five!.symmetric]);
    expectSameWhenRecorded((x) => eigh(x).vectors, [five!.symmetric]);
  });

  it('checks its argument', () => {
    expect(() => eigh([[1, 2]])).toThrowError(
      "eigh: argument 'x' has shape [1,2]; wanted square matrices over the last two axes",
    );
  });
});
