import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../test/support/close';
import { openFrame, scopeDepth } from './extent';

const count = (): number => dl.memory().numTensors;

describe('grad', () => {
  it('gives the gradient function', () => {
    dl.tidy(() => {
      const slope = dl.grad((x) => x.square());
      expectExact(slope(dl.tensor1d([1, -2, 3])), [2, -4, 6]);
      expectExact(slope(3), 6);
      expectExact(slope([[1], [2]]), [[2], [4]]);
    });
  });

  it('weighs the outputs by dy', () => {
    dl.tidy(() => {
      const slope = dl.grad((x) => x.square());
      expectExact(slope([1, 2, 3], [1, 0, -2]), [2, 0, -12]);
      expectExact(dl.grad((x) => x.sum())([1, 2], 5), [5, 5]);
      expect(() => slope([1, 2], [1])).toThrowError(
        /grad: argument 'dy' has shape \[1\]; wanted \[2\], as the function's result/,
      );
    });
  });

  it('leaves one tensor behind, the gradient', () => {
    const x = dl.tensor1d([1, 2]);
    const before = dl.memory();
    const dx = dl.grad((each) => each.exp().square().sum())(x);
    expect(dl.memory().numTensors).toBe(before.numTensors + 1);
    expect(dl.memory().numDataBuffers).toBe(before.numDataBuffers + 1);
    dl.dispose([x, dx]);
  });

  it('sees a tensor that is used in several places', () => {
    dl.tidy(() => {
      expectExact(dl.grad((x) => x.mul(x).add(x).add(x.mul(3)))([2]), [8]);
      expectExact(dl.grad((x) => dl.concat([x, x, x]))([1]), [3]);
    });
  });

  it('sees its argument also where the function has captured it', () => {
    dl.tidy(() => {
      const x = dl.scalar(3);
      expectExact(dl.grad((each) => each.mul(x))(x), 6);
    });
  });

  it('takes other tensors for constants, whatever they come from', () => {
    dl.tidy(() => {
      const c = dl.tensor1d([5]);
      expectExact(dl.grad((x) => x.mul(c.square()))([2]), [25]);
      const x = dl.tensor1d([2]);
      const before = x.square();
      expectExact(dl.grad((each) => each.mul(before))(x), [4]);
    });
  });

  it('gives the identity’s gradient for the argument itself', () => {
    dl.tidy(() => {
      expectExact(dl.grad((x) => x)([1, 2]), [1, 1]);
      expectExact(dl.grad((x) => x.clone())([1, 2], [3, 4]), [3, 4]);
    });
  });

  it('goes through tidy in the function', () => {
    dl.tidy(() => {
      expectExact(dl.grad((x) => dl.tidy(() => dl.tidy(() => x.square()).mul(x)))([2]), [12]);
    });
  });

  it('goes through intermediates that the function disposes', () => {
    dl.tidy(() => {
      const f = (x: dl.Tensor): dl.Tensor => {
        const square = x.square();
        const cube = square.mul(x);
        square.dispose();
        return cube;
      };
      expectExact(dl.grad(f)([2]), [12]);
    });
  });

  it('does not go through int32 and bool', () => {
    dl.tidy(() => {
      expectExact(dl.grad((x) => x.cast('int32').cast('float32').mul(x))([2.5]), [2]);
      expect(() => dl.grad((x) => x.cast('int32').cast('float32'))([2.5])).toThrowError(
        "grad: the result of 'f' does not depend on its argument 0 (by differentiable ops); wanted a function of all arguments",
      );
      expect(() => dl.grad((x) => x)(dl.tensor1d([1], 'int32'))).toThrowError(
        /grad: argument 'x' is int32; wanted float32/,
      );
    });
  });

  it('says what is wrong with the function', () => {
    dl.tidy(() => {
      expect(() => dl.grad(3 as never)).toThrowError(/grad: argument 'f' is 3; wanted a function/);
      expect(() => dl.grad((() => undefined) as never)([1])).toThrowError(
        /grad: the function 'f' returned nothing; wanted a tensor/,
      );
      expect(() => dl.grad((() => 3) as never)([1])).toThrowError(/grad: the function 'f' returned number/);
      expect(() => dl.grad((() => Promise.resolve()) as never)([1])).toThrowError(
        /grad: the function 'f' returned a promise/,
      );
      expect(() => dl.grad(() => dl.scalar(1))([1])).toThrowError(/does not depend on its argument 0/);
      expect(() => dl.grad((x) => x)('a' as never)).toThrowError(/grad: argument 'x' is a string/);
      expect(() => dl.grad((x) => x)([1], 'b' as never)).toThrowError(/grad: argument 'dy' is a string/);
    });
  });

  it('stays balanced when the function throws', () => {
    const x = dl.tensor1d([1, 2]);
    const before = dl.memory();
    for (const f of [
      (y: dl.Tensor) => {
        y.square().exp();
        throw new Error('mine');
      },
      (y: dl.Tensor) => dl.grad(() => y.square().add([1, 2, 3]))(y),
      (y: dl.Tensor) => y.square().matMul([[1]]),
    ]) {
      expect(() => dl.grad(f)(x)).toThrow();
      expect(dl.memory()).toEqual({ ...before, backend: dl.memory().backend });
      expect(openFrame()).toBeNull();
      expect(scopeDepth()).toBe(0);
    }
    // The watched tensor is a constant again.
    dl.tidy(() => expectExact(dl.grad((y) => y.mul(x))(x), [2, 4]));
    x.dispose();
  });
});

describe('what comes out of a gradient function', () => {
  it('is a constant from then on', () => {
    dl.tidy(() => {
      const x = dl.scalar(3);
      const { value, grad } = dl.valueAndGrad((each) => each.square())(x);
      expect(() => dl.grad((each) => value.mul(grad).add(each.mul(0)).sub(each.mul(0)))(x)).not.toThrow();
      expectExact(dl.grad((each) => each.mul(value).mul(grad))(x), 54);
      expect(() => dl.grad(() => value)(x)).toThrowError(/does not depend/);
    });
  });

  it('frees what the tape remembered', () => {
    const x = dl.tensor1d([1, 2, 3]);
    const before = dl.memory();
    const { value, grad } = dl.valueAndGrad((each) => each.sin().exp().sum())(x);
    expect(dl.memory().numTensors).toBe(before.numTensors + 2);
    expect(dl.memory().numDataBuffers).toBe(before.numDataBuffers + 2);
    dl.dispose([x, value, grad]);
  });

  it('leaks nothing where the function keeps an intermediate', () => {
    const before = count();
    let kept: dl.Tensor | undefined;
    dl.tidy(() => void dl.grad((x) => (kept = dl.keep(x.square())).mul(2))([3]));
    expectExact(kept!, [9]);
    kept!.dispose();
    expect(count()).toBe(before);
  });
});

describe('grads', () => {
  it('gives a gradient for each argument', () => {
    dl.tidy(() => {
      const [da, db] = dl.grads((a, b) => a.mul(b.square()))([dl.scalar(2), dl.scalar(3)]);
      expectExact(da!, 9);
      expectExact(db!, 12);
      const [dx, dy] = dl.grads((x, y) => x.mul(y))(
        [
          [1, 2],
          [3, 4],
        ],
        [10, 1],
      );
      expectExact(dx!, [30, 4]);
      expectExact(dy!, [10, 2]);
    });
  });

  it('takes one tensor as two arguments', () => {
    dl.tidy(() => {
      const x = dl.scalar(3);
      const [da, db] = dl.grads((a, b) => a.square().mul(b))([x, x]);
      expectExact(da!, 18);
      expectExact(db!, 9);
    });
  });

  it('names the argument that has no influence', () => {
    dl.tidy(() => {
      expect(() => dl.grads((a) => a.square())([1, 2])).toThrowError(
        /grads: the result of 'f' does not depend on its argument 1/,
      );
      expect(() => dl.grads((a) => a)(3 as never)).toThrowError(
        /grads: argument 'args' is 3; wanted an array of tensors/,
      );
      expect(() => dl.grads((a) => a)([null as never])).toThrowError(/grads: argument 'args\[0\]' is null/);
    });
  });
});

describe('valueAndGrad and valueAndGrads', () => {
  it('give the value too', () => {
    dl.tidy(() => {
      const one = dl.valueAndGrad((x) => x.square())(dl.scalar(3));
      expectExact(one.value, 9);
      expectExact(one.grad, 6);
      const two = dl.valueAndGrads((a, b) => a.mul(b))([dl.scalar(2), dl.scalar(3)], 10);
      expectExact(two.value, 6);
      expectExact(two.grads[0]!, 30);
      expectExact(two.grads[1]!, 20);
    });
  });

  it('leave value and gradients behind and nothing else', () => {
    const before = count();
    const { value, grads } = dl.valueAndGrads((a, b) => a.mul(b).sin().sum())([
      [1, 2],
      [3, 4],
    ]);
    expect(count()).toBe(before + 3);
    dl.dispose([value, grads]);
  });
});
