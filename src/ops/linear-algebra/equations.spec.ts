import * as dl from 'rxtensor/tensor';
import { inverse, solve, triangularSolve } from 'rxtensor/ops';
import { onAsynchronousBackend } from '../../../test/support/asynchronous-backend';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { expectSameWhenRecorded } from '../../../test/support/same-when-recorded';
import known from '../../../test/support/numpy/linear-algebra.json';

const { squares } = known;
const [, two, three, five] = squares;
const directions = [true, false].flatMap((lower) => [true, false].map((adjoint) => ({ lower, adjoint })));

describe('systems of equations', () => {
  let tensors: number;
  beforeEach(() => (tensors = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(tensors));

  it('are solved as by NumPy and SciPy', () => {
    dl.tidy(() => {
      for (const square of squares) {
        const { a, rhs, well } = square;
        expectClose(inverse(a), square.inverse, 1e-6);
        expectClose(solve(a, rhs), square.solution, 1e-6);
        expectClose(solve(a, rhs, { adjoint: true }), square.adjointSolution, 1e-6);
        for (const { solution, ...options } of square.triangular)
          expectClose(triangularSolve(well, rhs, options), solution, 1e-6);
      }
    });
  });

  it('take batches that are broadcast, integers, and empty tensors', () => {
    dl.tidy(() => {
      const a = dl.tensor([2, 0, 1, 4, 1, 0, 0, 1], [2, 2, 2]);
      const b = dl.tensor([2, 9], [2, 1]);
      const wanted = { shape: [2, 2, 1], values: [1, 2, 2, 9] };
      expectExact(triangularSolve(a, b), wanted);
      expectExact(solve(a, b), wanted);
      const column = { shape: [2, 1, 2, 1], values: [1, 2, 2, 4] };
      const both = dl.tensor([2, 9, 4, 18], [2, 1, 2, 1]);
      const one = dl.tensor([2, 0, 1, 4], [1, 2, 2]);
      expectExact(triangularSolve(one, both), column);
      expectExact(solve(dl.tensor2d([2, 0, 1, 4], [2, 2], 'int32'), both), column);
      expectExact(inverse(dl.tensor2d([2, 0, 0, 4], [2, 2], 'int32')), [
        [0.5, 0],
        [0, 0.25],
      ]);
      for (const f of [solve, triangularSolve]) {
        expect(f(dl.zeros([0, 0]), dl.zeros([0, 3])).shape).toEqual([0, 3]);
        expect(f(dl.ones([2, 2]), dl.zeros([2, 0])).shape).toEqual([2, 0]);
        expect(f(dl.ones([0, 2, 2]), dl.zeros([2, 1])).shape).toEqual([0, 2, 1]);
      }
      expect(inverse(dl.zeros([2, 0, 0])).shape).toEqual([2, 0, 0]);
      expectExact(inverse([[8]]), [[0.125]]);
    });
  });

  it('have NaN where they have no solution, and nowhere else', () => {
    dl.tidy(() => {
      const a = dl.tensor([1, 2, 2, 4, 1, 0, 0, 1, 1, NaN, 1, 1, Infinity, 0, 0, 1], [4, 2, 2]);
      const n = new Array<number>(4).fill(NaN);
      expectExact(inverse(a), { shape: [4, 2, 2], values: [...n, 1, 0, 0, 1, ...n, ...n] });
      expectExact(solve(a, dl.tensor2d([[1], [2]])), {
        shape: [4, 2, 1],
        values: [NaN, NaN, 1, 2, NaN, NaN, NaN, NaN],
      });
      const lower = dl.tensor([1, 0, 1, 0, 1, NaN, 0, 1], [2, 2, 2]);
      expectExact(triangularSolve(lower, dl.tensor2d([[1], [2]])), {
        shape: [2, 2, 1],
        values: [NaN, NaN, 1, 2],
      });
      // An element that is not finite counts where it is read.
      for (const odd of [NaN, Infinity, -Infinity]) {
        const matrices = dl.tensor([odd, 0, 0, 1, 1, 0, odd, 1, 1, odd, 0, 1], [3, 2, 2]);
        expectExact(triangularSolve(matrices, dl.tensor2d([[1], [2]])), {
          shape: [3, 2, 1],
          values: [NaN, NaN, NaN, NaN, 1, 2],
        });
      }
    });
  });

  it('have the gradients that differences find', () => {
    for (const { rhs, well } of [two!, three!, five!]) {
      expectGradients(inverse, [well], { step: 1 / 128 });
      for (const adjoint of [true, false])
        expectGradients((x, y) => solve(x, y, { adjoint }), [well, rhs], { step: 1 / 128 });
      for (const options of directions)
        expectGradients((x, y) => triangularSolve(x, y, options), [well, rhs], { step: 1 / 128 });
      // Of each right-hand side, and of a matrix for several.
      expectGradients((x, y) => solve(x, y), [well, [rhs, rhs]], { step: 1 / 128 });
      expectGradients((x, y) => triangularSolve(x, y), [[well, well], rhs], { step: 1 / 128 });
    }
  });

  it('have second gradients', () => {
    const options = { step: 1 / 64, tolerance: 4e-3 };
    expectSecondGradients(inverse, [two!.well], options);
    expectSecondGradients((x, y) => solve(x, y, { adjoint: true }), [two!.well, two!.rhs], options);
    expectSecondGradients((x, y) => triangularSolve(x, y, { lower: false }), [two!.well, two!.rhs], options);
  });

  it('are recorded, and solved on a backend that is read asynchronously', async () => {
    expectSameWhenRecorded(inverse, [five!.a]);
    expectSameWhenRecorded((x, y) => solve(x, y), [five!.a, five!.rhs]);
    expectSameWhenRecorded((x, y) => triangularSolve(x, y, { adjoint: true }), [five!.well, five!.rhs]);
    await onAsynchronousBackend({ lacks: ['custom'] }, async () => {
      const y = solve([[4]], [[2]]);
      expect([...(await y.data())]).toEqual([0.5]);
      y.dispose();
    });
  });

  it('check their arguments', () => {
    dl.tidy(() => {
      for (const [name, f] of Object.entries({ solve, triangularSolve })) {
        expect(() => f([[1, 2]], [[1]])).toThrowError(
          `${name}: argument 'matrix' has shape [1,2]; wanted square matrices over the last two axes`,
        );
        expect(() => f([[1]], [1])).toThrowError(
          `${name}: argument 'rhs' has shape [1]; wanted matrices over the last two axes`,
        );
        expect(() => f([[1]], [[1], [2]])).toThrowError(
          `${name}: argument 'rhs' has shape [2,1]; wanted 1 rows, as 'matrix', whose shape is [1,1]`,
        );
        expect(() => f(dl.ones([2, 1, 1]), dl.ones([3, 1, 1]))).toThrowError(
          new RegExp(`^${name}: arguments 'matrix' and 'rhs' have shapes \\[2\\] and \\[3\\]`),
        );
        expect(() => f([[1]], [[1]], { adjoint: 1 as never })).toThrowError(
          `${name}: option 'adjoint' is 1; wanted one of true, false`,
        );
        expect(() => f([[1]], [[1]], { transpose: true } as never)).toThrowError(
          new RegExp(`^${name}: there is no option 'transpose'`),
        );
      }
      expect(() => inverse([[1, 2]])).toThrowError(/^inverse: argument 'x' has shape \[1,2\]; wanted square/);
    });
  });
});
