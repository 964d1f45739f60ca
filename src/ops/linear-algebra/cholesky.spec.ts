import * as dl from 'rxtensor/tensor';
import { cholesky } from 'rxtensor/ops';
import { onAsynchronousBackend } from '../../../test/support/asynchronous-backend';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { expectSameWhenRecorded } from '../../../test/support/same-when-recorded';
import known from '../../../test/support/numpy/linear-algebra.json';
import { symmetrized, transposed } from './matrices';

const definite = known.squares.map(({ positive }) => positive);

describe('cholesky', () => {
  let tensors: number;
  beforeEach(() => (tensors = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(tensors));

  it('gives what NumPy gives', () => {
    dl.tidy(() => {
      for (const { positive, cholesky: wanted } of known.squares)
        expectClose(cholesky(positive), wanted, 1e-6);
    });
  });

  it('takes batches, integers and matrices without rows, and reads lower triangles only', () => {
    dl.tidy(() => {
      const batch = dl.tensor([4, 9, 2, 5, 9, NaN, 3, 2], [1, 2, 2, 2]);
      expectExact(cholesky(batch), { shape: [1, 2, 2, 2], values: [2, 0, 1, 2, 3, 0, 1, 1] });
      expectExact(cholesky(dl.tensor2d([4, 2, 2, 5], [2, 2], 'int32')), [
        [2, 0],
        [1, 2],
      ]);
      expect(cholesky(dl.zeros([0, 0])).shape).toEqual([0, 0]);
      expect(cholesky(dl.zeros([3, 0, 0])).shape).toEqual([3, 0, 0]);
      expect(cholesky(dl.zeros([0, 2, 2])).shape).toEqual([0, 2, 2]);
    });
  });

  it('gives NaN for a matrix that is not positive definite, and for no other', () => {
    dl.tidy(() => {
      const wrong = [
        [1, 2, 2, 1],
        [0, 0, 0, 0],
        [NaN, 0, 0, 1],
        [1, 0, NaN, 1],
        [Infinity, 0, 0, 1],
        [1, 0, 0, Infinity],
        [1, 0, Infinity, 1],
      ];
      const batch = [...wrong, [1, 0, 0, 1]].flat();
      expectExact(cholesky(dl.tensor(batch, [8, 2, 2])), {
        shape: [8, 2, 2],
        values: [...new Array<number>(28).fill(NaN), 1, 0, 0, 1],
      });
    });
  });

  it('has the gradients that differences find, symmetric ones', () => {
    const ofSymmetric = (x: dl.Tensor): dl.Tensor => cholesky(symmetrized(x));
    for (const x of definite.slice(0, 4)) expectGradients(ofSymmetric, [x], { step: 1 / 128 });
    expectGradients(ofSymmetric, [definite.slice(1, 2).concat(definite.slice(1, 2))], { step: 1 / 128 });
    dl.tidy(() => {
      const gradient = dl.grad((x) => cholesky(x).sum())(definite[3]!);
      expectClose(gradient, transposed(gradient).arraySync());
    });
  });

  it('has second gradients', () => {
    expectSecondGradients((x) => cholesky(symmetrized(x)), [definite[2]!], {
      step: 1 / 128,
      tolerance: 4e-3,
    });
  });

  it('is recorded, and runs on a backend that is read asynchronously', async () => {
    expectSameWhenRecorded(cholesky, [definite[3]!]);
    await onAsynchronousBackend({ lacks: ['custom'] }, async () => {
      const y = cholesky([[4]]);
      expect([...(await y.data())]).toEqual([2]);
      y.dispose();
    });
  });

  it('checks its argument', () => {
    expect(() => cholesky([1, 2])).toThrowError(
      "cholesky: argument 'x' has shape [2]; wanted matrices over the last two axes",
    );
    expect(() => cholesky([[1, 2]])).toThrowError(
      "cholesky: argument 'x' has shape [1,2]; wanted square matrices over the last two axes",
    );
  });
});
