import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../test/support/close';

describe('higher derivatives', () => {
  it('of any order', () => {
    dl.tidy(() => {
      let f = (x: dl.Tensor): dl.Tensor => x.pow(5);
      for (const wanted of [80, 160, 240, 240, 120, 0]) {
        f = dl.grad(f);
        expectClose(f(dl.scalar(2)), wanted);
      }
    });
  });

  it('of functions of several arguments', () => {
    dl.tidy(() => {
      // f = a²b³: ∂²f/∂a∂b = 6ab²
      const byA = (a: dl.Tensor, b: dl.Tensor): dl.Tensor =>
        dl.grads((x, y) => x.square().mul(y.square().mul(y)))([a, b])[0]!;
      const [aa, ab] = dl.grads((a, b) => byA(a, b))([2, 3]);
      expectClose(aa!, 54);
      expectClose(ab!, 108);
    });
  });

  it('of functions that take a gradient inside', () => {
    dl.tidy(() => {
      // f(x) = x · d/dy (y²·x) at y = x: 2x³, so f′ = 6x².
      const f = (x: dl.Tensor): dl.Tensor => x.mul(dl.grad((y) => y.square().mul(x))(x.clone()));
      expectClose(f(dl.scalar(2)), 16);
      // The clone is differentiated, too.
      expectClose(dl.grad(f)(dl.scalar(2)), 24);
    });
  });

  it('do not confuse the argument of the inner function with the outer one', () => {
    dl.tidy(() => {
      // d/dx [x · d/dy (x + y)] = 1: "perturbation confusion" would give 2.
      expectExact(dl.grad((x) => x.mul(dl.grad((y) => x.add(y))(dl.scalar(1))))(dl.scalar(1)), 1);
    });
  });

  it('treat the value of an inner gradient function as depending on the outer argument', () => {
    dl.tidy(() => {
      const f = (x: dl.Tensor): dl.Tensor => {
        const { value, grad } = dl.valueAndGrad((y) => y.mul(y).mul(y))(x);
        return value.add(grad);
      };
      // x³ + 3x²: 3x² + 6x
      expectClose(dl.grad(f)(dl.scalar(2)), 24);
    });
  });

  it('of dy', () => {
    dl.tidy(() => {
      const x = dl.scalar(3);
      expectExact(dl.grad((dy) => dl.grad((each) => each.square())(x, dy))(dl.scalar(7)), 6);
    });
  });

  it('leave nothing behind', () => {
    const before = dl.memory();
    const d2 = dl.grad(dl.grad((x) => x.sin().mul(x.exp())))(1);
    expect(dl.memory().numTensors).toBe(before.numTensors + 1);
    expect(dl.memory().numDataBuffers).toBe(before.numDataBuffers + 1);
    // (sin·exp)″ = 2·cos·exp
    expectClose(d2, 2 * Math.cos(1) * Math.E);
    d2.dispose();
  });
});
