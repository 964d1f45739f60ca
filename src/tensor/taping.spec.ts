import * as dl from 'rxtensor/tensor';

/** Runs work and frees the variables given to it. */
function withVariable(value: dl.TensorLike, work: (v: dl.Variable) => void, name = 'v'): void {
  const v = dl.tidy(() => dl.variable(dl.tensor(value), true, name));
  try {
    dl.tidy(() => work(v));
  } finally {
    v.dispose();
  }
}

describe('taping', () => {
  it('happens in gradient functions only', () => {
    withVariable([1, 2], (v) => {
      const before = dl.memory().numDataBuffers;
      // The exponential would be saved for its gradient.
      const y = dl.tidy(() => v.exp().square());
      expect(dl.memory().numDataBuffers).toBe(before + 1);
      expect(y.edge).toBeNull();
    });
  });

  it('leaves out what depends on nothing that is watched', () => {
    dl.tidy(() => {
      dl.grad((x) => {
        expect(dl.ones([2]).exp().edge).toBeNull();
        expect(x.exp().edge).not.toBeNull();
        expect(x.exp().greater(0).edge).toBeNull();
        return x;
      })([1, 2]);
    });
  });

  it('remembers no more than the gradients need', () => {
    dl.tidy(() => {
      dl.grad((x) => {
        const before = dl.memory().numDataBuffers;
        const y = dl.tidy(() => x.add(1).mul(2).reshape([2, 1]).neg());
        // Of the ops before the last, only mul reads its inputs for its gradient.
        expect(dl.memory().numDataBuffers - before).toBeLessThanOrEqual(3);
        return y;
      })([1, 2]);
    });
  });

  it('frees gradients and intermediates while it walks back', () => {
    dl.tidy(() => {
      const depth = 30;
      let peak = 0;
      const layer = dl.customGrad((x) => ({
        value: (x as dl.Tensor).mul(1.01),
        gradFunc: (dy) => {
          peak = Math.max(peak, dl.memory().numBytes);
          return dy.mul(1.01);
        },
      }));
      const x = dl.zeros([1000]);
      const before = dl.memory().numBytes;
      dl.grad((each) => {
        let y = each;
        for (let i = 0; i < depth; i++) y = dl.tidy(() => layer(y));
        return y;
      })(x);
      // Saved values stay until back-propagation has passed them; gradients must not accumulate as well.
      expect(peak - before).toBeLessThan((depth + 8) * 4000);
    });
  });
});
