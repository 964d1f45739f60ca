import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../test/support/close';

/** Runs work and frees the variables given to it. */
function withVariable(value: dl.TensorLike, work: (v: dl.Variable) => void, name = 'v'): void {
  const v = dl.tidy(() => dl.variable(dl.tensor(value), true, name));
  try {
    dl.tidy(() => work(v));
  } finally {
    v.dispose();
  }
}

describe('variableGrads', () => {
  it('gives the value and the gradient of each variable', () => {
    withVariable([1, 2], (v) =>
      withVariable(
        3,
        (w) => {
          const { value, grads } = dl.variableGrads(() => v.square().sum().mul(w).asScalar());
          expectExact(value, 15);
          expect(Object.keys(grads).sort()).toEqual(['v', 'w']);
          expectExact(grads.v!, [6, 12]);
          expectExact(grads.w!, 5);
        },
        'w',
      ),
    );
  });

  it('leaves out variables that have no influence, are not trainable, or not in the list', () => {
    withVariable(2, (v) =>
      withVariable(
        3,
        (w) => {
          expect(Object.keys(dl.variableGrads(() => v.square().asScalar()).grads)).toEqual(['v']);
          expect(Object.keys(dl.variableGrads(() => v.mul(w).asScalar(), [w]).grads)).toEqual(['w']);
          w.trainable = false;
          expect(Object.keys(dl.variableGrads(() => v.mul(w).asScalar()).grads)).toEqual(['v']);
          expect(Object.keys(dl.variableGrads(() => v.mul(w).asScalar(), [v, w]).grads)).toEqual(['v']);
          expect(() => dl.variableGrads(() => v.mul(w).asScalar(), [w])).toThrowError(
            /'varList' holds 1 variables; wanted at least one that is trainable/,
          );
        },
        'w',
      ),
    );
  });

  it('says why there is no gradient', () => {
    withVariable(2, (v) => {
      expect(() => dl.variableGrads(() => dl.scalar(1))).toThrowError(
        /variableGrads: the loss depends on none of the 1 trainable variables; wanted a loss computed from at least one/,
      );
      expect(() => dl.variableGrads(() => v.cast('int32').cast('float32').asScalar())).toThrowError(
        /depends on none/,
      );
      const outside = v.square();
      expect(() => dl.variableGrads(() => outside.asScalar())).toThrowError(/depends on none/);
      expect(() => dl.variableGrads(() => v.square().reshape<dl.Scalar>([1]))).toThrowError(
        /variableGrads: the loss has shape \[1\]; wanted a scalar \(take its mean or sum\)/,
      );
      expect(() => dl.variableGrads((() => 3) as never)).toThrowError(
        /variableGrads: the function 'f' returned number/,
      );
      expect(() => dl.variableGrads(3 as never)).toThrowError(/variableGrads: argument 'f' is 3/);
      expect(() => dl.variableGrads(() => v.asScalar(), [dl.scalar(1) as never])).toThrowError(
        /variableGrads: argument 'varList' holds a Tensor; wanted variables/,
      );
    });
  });

  it('takes the second derivative inside of grad, and grad inside of itself', () => {
    withVariable(3, (v) => {
      // v is captured: d/dx of the gradient by v of x·v² is 2v.
      const mixed = dl.grad((x) => dl.variableGrads(() => x.mul(v.square()).asScalar()).grads.v!)(
        dl.scalar(5),
      );
      expectExact(mixed, 6);
      // A penalty on the slope along x: d/dv (d/dx (v·x²))² = 8vx².
      const { grads } = dl.variableGrads(() =>
        dl
          .grad((x) => v.mul(x.square()))(dl.scalar(2))
          .square()
          .asScalar(),
      );
      expectExact(grads.v!, 96);
    });
  });

  it('differentiates a captured variable in grad of grad', () => {
    withVariable(2, (v) => {
      expectClose(dl.grad(dl.grad((x) => x.pow(3).mul(v)))(dl.scalar(2)), 24);
      // A variable as the argument itself.
      expectClose(dl.grad(dl.grad((x) => x.pow(3)))(v), 12);
      expectExact(dl.grad((x) => x.mul(v))(v), 4);
    });
  });

  it('watches a variable again after it was the argument of a gradient function', () => {
    withVariable(2, (v) => {
      dl.grad((x) => x.square())(v);
      expectExact(dl.variableGrads(() => v.square().asScalar()).grads.v!, 4);
    });
  });

  it('sees the value that the variable had when it was used', () => {
    withVariable(2, (v) => {
      const { grads } = dl.variableGrads(() => {
        const loss = v.square();
        v.assign(dl.scalar(100));
        return loss.asScalar();
      });
      expectExact(grads.v!, 4);
      expectExact(v, 100);
    });
  });
});
