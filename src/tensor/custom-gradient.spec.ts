import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../test/support/close';

const count = (): number => dl.memory().numTensors;

describe('customGrad', () => {
  it('has the gradient it is given', () => {
    dl.tidy(() => {
      const clipped = dl.customGrad((x) => ({
        value: (x as dl.Tensor).square(),
        gradFunc: (dy) => dy.mul(100),
      }));
      expectExact(clipped([2, 3]), [4, 9]);
      expectExact(dl.grad((x) => clipped(x).mul(2))([2, 3]), [200, 200]);
    });
  });

  it('takes several inputs', () => {
    dl.tidy(() => {
      const f = dl.customGrad((a, b) => ({
        value: (a as dl.Tensor).mul(b as dl.Tensor),
        gradFunc: (dy) => [dy.mul(2), dy.mul(3)],
      }));
      const [da, db] = dl.grads((a, b) => f(a, b))([5, 7]);
      expectExact(da!, 2);
      expectExact(db!, 3);
    });
  });

  it('saves tensors for its gradient, whatever becomes of them', () => {
    dl.tidy(() => {
      const exponential = dl.customGrad((x, save) => {
        const value = (x as dl.Tensor).exp();
        const half = value.mul(0.5);
        (save as dl.GradSaveFunc)([value, half]);
        return { value, gradFunc: (dy, [y, h]) => dy.mul(y!).add(h!.mul(0)) };
      });
      expectClose(dl.grad((x) => exponential(x))([0, 1]), [1, Math.E]);
    });
  });

  it('has a second derivative through what it saved', () => {
    dl.tidy(() => {
      const cube = dl.customGrad((x, save) => {
        (save as dl.GradSaveFunc)([x as dl.Tensor]);
        return { value: (x as dl.Tensor).pow(3), gradFunc: (dy, [saved]) => dy.mul(saved!.square().mul(3)) };
      });
      expectClose(dl.grad((x) => cube(x))([2]), [12]);
      expectClose(dl.grad(dl.grad((x) => cube(x)))([2]), [12]);
      const exponential = dl.customGrad((x, save) => {
        const value = (x as dl.Tensor).exp();
        (save as dl.GradSaveFunc)([value]);
        return { value, gradFunc: (dy, [y]) => dy.mul(y!) };
      });
      expectClose(dl.grad(dl.grad(dl.grad((x) => exponential(x))))([1]), [Math.E]);
    });
  });

  it('may return its input, and leaves nothing behind', () => {
    const before = count();
    const same = dl.customGrad((x) => ({ value: x as dl.Tensor, gradFunc: (dy) => dy }));
    const x = dl.tensor1d([1]);
    const y = same(x);
    expect(count()).toBe(before + 2);
    x.dispose();
    expectExact(y, [1]);
    y.dispose();
    dl.tidy(() => expectExact(dl.grad((each) => same(each).mul(3))([1]), [3]));
  });

  it('says what is wrong with its functions', () => {
    dl.tidy(() => {
      expect(() => dl.customGrad(3 as never)).toThrowError(/customGrad: argument 'f' is 3/);
      expect(() => dl.customGrad((() => undefined) as never)([1])).toThrowError(
        /customGrad: the function 'f' returned nothing/,
      );
      expect(() => dl.customGrad((() => ({ value: 1 })) as never)([1])).toThrowError(
        /customGrad: the function 'f' returned number/,
      );
      expect(() => dl.customGrad((x) => ({ value: x as dl.Tensor, gradFunc: 3 as never }))([1])).toThrowError(
        /customGrad: argument 'f' is 3; wanted a function|gradFunc/,
      );
      const wrongCount = dl.customGrad((a, b) => ({
        value: (a as dl.Tensor).mul(b as dl.Tensor),
        gradFunc: (dy) => [dy],
      }));
      expect(() => dl.grads((a, b) => wrongCount(a, b))([1, 2])).toThrowError(
        /customGrad: the function 'gradFunc' returned 1 gradients; wanted 2, one for each input/,
      );
      const wrongShape = dl.customGrad((x) => ({ value: x as dl.Tensor, gradFunc: () => dl.scalar(1) }));
      expect(() => dl.grad((x) => wrongShape(x))([1, 2])).toThrowError(
        /customGrad: the gradient of input 0 has shape \[\]; wanted shape \[2\]/,
      );
      const nothing = dl.customGrad((x) => ({ value: x as dl.Tensor, gradFunc: () => undefined as never }));
      expect(() => dl.grad((x) => nothing(x))([1, 2])).toThrowError(
        /customGrad: the gradient of input 0 has undefined/,
      );
    });
  });

  it('stays balanced when its gradient throws', () => {
    const before = dl.memory();
    const f = dl.customGrad((x) => ({
      value: (x as dl.Tensor).square(),
      gradFunc: () => {
        throw new Error('mine');
      },
    }));
    expect(() => dl.grad((x) => f(x.exp()).exp())([1, 2])).toThrowError('mine');
    expect(dl.memory()).toEqual({ ...before, backend: dl.memory().backend });
  });
});
