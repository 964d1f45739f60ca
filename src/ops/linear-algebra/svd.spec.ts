import * as dl from 'rxtensor/tensor';
import { svd } from 'rxtensor/ops';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { expectSameWhenRecorded } from '../../../test/support/same-when-recorded';
import known from '../../../test/support/numpy/linear-algebra.json';

const { rectangles } = known;
const large = rectangles.slice(3);
const nested = (x: dl.Tensor): number[][] => x.arraySync() as number[][];

/** U·diag(f(s))·Vᵀ of the first columns: does not depend on the choice of signs. */
function again(x: dl.Tensor, fullMatrices = false, f = (s: dl.Tensor): dl.Tensor => s): dl.Tensor {
  const { u, s, v } = svd(x, { fullMatrices });
  const k = s.shape.at(-1)!;
  const first = (y: dl.Tensor): dl.Tensor => {
    const shape = y.shape as number[];
    return dl.slice(
      y,
      shape.map(() => 0),
      [...shape.slice(0, -1), k],
    );
  };
  return dl.matMul(dl.mul(first(u), f(s).expandDims(-2)), first(v), false, true);
}

describe('svd', () => {
  let tensors: number;
  beforeEach(() => (tensors = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(tensors));

  it('gives what NumPy gives, up to signs', () => {
    dl.tidy(() => {
      for (const { x, ...wanted } of rectangles) {
        const { u, s, v } = svd(x);
        expectClose(s, wanted.s, 1e-6);
        const signs = dl.sign(dl.sum(dl.mul(u, wanted.u), 0));
        expectClose(dl.mul(u, signs), wanted.u, 1e-6);
        expectClose(dl.mul(v, signs), wanted.v, 1e-6);
      }
    });
  });

  it('completes bases, and composes matrices again', () => {
    dl.tidy(() => {
      const zeros = dl.zeros([4, 3]);
      const others = [zeros, dl.ones([3, 5]), dl.mul(dl.ones([4, 4]), 1e-30), dl.eye(4)];
      for (const x of [...rectangles.map(({ x }) => dl.tensor(x)), ...others]) {
        const [m, n] = x.shape;
        for (const fullMatrices of [true, false]) {
          const { u, s, v } = svd(x, { fullMatrices });
          const k = Math.min(m, n);
          expect(u.shape).toEqual([m, fullMatrices ? m : k]);
          expect(v.shape).toEqual([n, fullMatrices ? n : k]);
          expect(s.shape).toEqual([k]);
          expectClose(dl.matMul(u, u, true), nested(dl.eye(u.shape[1]!)), 1e-6);
          expectClose(dl.matMul(v, v, true), nested(dl.eye(v.shape[1]!)), 1e-6);
          expectClose(again(x, fullMatrices), nested(x), 1e-6);
        }
      }
    });
  });

  it('takes batches, integers and empty tensors, and gives NaN where a matrix is not finite', () => {
    dl.tidy(() => {
      const batch = dl.tensor([3, 0, 0, 4, 1, NaN, 0, 1, 1, 0, 0, Infinity], [3, 1, 2, 2]);
      const found = svd(batch);
      expectExact(found.s, [[[4, 3]], [[NaN, NaN]], [[NaN, NaN]]]);
      expect(found.u.shape).toEqual([3, 1, 2, 2]);
      expectExact(svd(dl.tensor2d([0, 2, 3, 0], [2, 2], 'int32')).s, [3, 2]);
      expect(svd(dl.zeros([2, 0, 3])).v.shape).toEqual([2, 3, 0]);
      expectClose(svd(dl.zeros([2, 0, 3]), { fullMatrices: true }).v, {
        shape: [2, 3, 3],
        values: [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1],
      });
      expect(svd(dl.zeros([0, 2, 3])).s.shape).toEqual([0, 2]);
    });
  });

  it('has the gradients that differences find', () => {
    const options = { step: 1 / 256, tolerance: 4e-3 };
    for (const { x } of large) {
      expectGradients((v) => svd(v).s, [x], options);
      expectGradients((v) => svd(v).u.square(), [x], options);
      expectGradients((v) => svd(v).v.square(), [x], options);
      const f = (s: dl.Tensor): dl.Tensor => s.square().add(1).log();
      expectGradients((v) => again(v, false, f), [[x, x]], options);
      expectGradients((v) => again(v, true, f), [x], options);
      // What the further columns span.
      for (const side of ['u', 'v'] as const) {
        const outside = (given: dl.Tensor): dl.Tensor => {
          const all = svd(given, { fullMatrices: true })[side];
          const k = Math.min(x.length, x[0]!.length);
          const further = dl.slice(all, [0, k], [-1, -1]);
          return dl.matMul(further, further, false, true);
        };
        expectGradients(outside, [x], options);
      }
    }
  });

  it('has second gradients', () => {
    const f = (s: dl.Tensor): dl.Tensor => s.square().add(1).log();
    expectSecondGradients((v) => again(v, false, f), [large[0]!.x], { step: 1 / 128, tolerance: 8e-3 });
  });

  it('is recorded', () => {
    for (const side of ['u', 's', 'v'] as const) {
      expectSameWhenRecorded((x) => svd(x)[side], [large[1]!.x]);
    }
  });

  it('checks its arguments', () => {
    expect(() => svd([1, 2])).toThrowError(
      "svd: argument 'x' has shape [2]; wanted matrices over the last two axes",
    );
    expect(() => svd([[1]], { fullMatrices: 1 as never })).toThrowError(
      "svd: option 'fullMatrices' is 1; wanted one of true, false",
    );
    expect(() => svd([[1]], { full: true } as never)).toThrowError(/^svd: there is no option 'full'/);
  });
});
