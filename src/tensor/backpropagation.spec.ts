import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../test/support/close';

const deep = (x: dl.Tensor, depth: number): dl.Tensor => {
  let y = x;
  for (let i = 0; i < depth; i++) y = dl.tidy(() => y.mul(1.0001));
  return y;
};

describe('backpropagation', () => {
  it('goes through thousands of operations without recursion', () => {
    dl.tidy(() => expectClose(dl.grad((x) => deep(x, 2000))(dl.scalar(1)), 1.0001 ** 2000, 1e-3));
  });

  it('visits a shared operation once, so that a diamond of depth n costs n', () => {
    dl.tidy(() => {
      let calls = 0;
      const double = dl.customGrad((x) => ({
        value: (x as dl.Tensor).mul(1),
        gradFunc: (dy) => {
          calls++;
          return dy;
        },
      }));
      const f = (x: dl.Tensor): dl.Tensor => {
        let y = x;
        for (let i = 0; i < 20; i++) {
          const next = double(y);
          y = next.add(next);
        }
        return y;
      };
      expectExact(dl.grad(f)(dl.scalar(1)), 2 ** 20);
      expect(calls).toBe(20);
    });
  });

  it('does not compute gradients that nobody asked for', () => {
    dl.tidy(() => {
      const gradient = jasmine.createSpy('gradient').and.callFake((dy: dl.Tensor) => dy);
      const side = dl.customGrad((x) => ({ value: (x as dl.Tensor).clone(), gradFunc: gradient }));
      dl.grad((x) => {
        // On the tape, but not on a path from the result to x.
        side(x);
        return x.square();
      })([1, 2]);
      expect(gradient).not.toHaveBeenCalled();
    });
  });

  it('walks ops with several outputs, some of them unused', () => {
    dl.tidy(() => {
      expectExact(dl.grad((x) => dl.split(x, 3)[1]!.square())([1, 2, 3]), [0, 4, 0]);
      const [a, b] = dl.grads((x, y) => dl.unstack(dl.stack([x, y]))[1]!)([[1], [2]]);
      expectExact(a!, [0]);
      expectExact(b!, [1]);
    });
  });

  it('adds up the gradients that meet in one place', () => {
    dl.tidy(() => {
      const f = (x: dl.Tensor): dl.Tensor =>
        dl.losses.meanSquaredError(x.square(), x).add(x.sum()).add(x.max());
      // (x² − x)² / 2 + Σx + max: (x² − x)(2x − 1) + 1 + [x is the greatest]
      expectClose(dl.grad(f)([1, 2]), [1, 2 * 3 + 2]);
    });
  });
});
