// Taping across emissions, on which streams rely. The specs of streams test the rest.
import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../test/support/close';
import { openFrame, outsideOfExtents, popFrame, pushFrame, tapingFrame, withoutTaping } from './extent';
import { lossGradients } from './gradients';
import { isTaped, watch } from './tape';

const options = { differentiable: false, consume: false };

/** Runs work with a variable and inside of an emission's frame. */
function inEmission<T>(label: string, work: () => T): T {
  const frame = pushFrame('emission', label, true);
  try {
    return work();
  } finally {
    popFrame(frame);
  }
}

function withVariable(work: (v: dl.Variable) => void): void {
  const v = dl.tidy(() => dl.variable(dl.tensor1d([1, 2]), true, 'v'));
  try {
    dl.tidy(() => work(v));
  } finally {
    v.dispose();
  }
}

describe('an emission’s frame', () => {
  it('tapes operations on trainable variables', () => {
    withVariable((v) => {
      inEmission('mapTensor', () => {
        const y = v.square();
        expect(isTaped(y)).toBeTrue();
        expect(isTaped(dl.ones([2]).square())).toBeFalse();
        expect(isTaped(v)).toBeFalse();
        v.trainable = false;
        expect(isTaped(v.square())).toBeFalse();
        expectExact(
          lossGradients('step', y.sum(), [Object.assign(v, { trainable: true })], options).v!,
          [2, 4],
        );
      });
    });
  });

  it('gives a loss gradients through the emissions around it', () => {
    withVariable((v) => {
      inEmission('outer', () => {
        const y = v.square();
        inEmission('inner', () => {
          const loss = y.mul(3).sum();
          expectExact(lossGradients('step', loss, undefined, options).v!, [6, 12]);
        });
        expectExact(lossGradients('step', y.sum(), undefined, options).v!, [2, 4]);
      });
    });
  });

  it('drops what was taped in it when it closes', () => {
    withVariable((v) => {
      const before = dl.memory().numDataBuffers;
      let y: dl.Tensor | undefined;
      inEmission('mapTensor', () => {
        y = dl.tidy(() => v.exp().square());
        expect(dl.memory().numDataBuffers).toBeGreaterThan(before + 1);
      });
      expect(dl.memory().numDataBuffers).toBe(before + 1);
      expect(isTaped(y!)).toBeFalse();
    });
  });

  it('makes a loss that depends on a closed emission an error that names the operator', () => {
    withVariable((v) => {
      const y = inEmission('slidingWindow', () => v.square());
      inEmission('trainStep', () => {
        const loss = y.sum();
        expect(() => lossGradients('trainStep', loss, undefined, options)).toThrowError(
          /trainStep: the loss depends on 'square', computed in an emission of slidingWindow that has ended; gradients do not cross emissions/,
        );
        // Also if another path to the variable is open.
        expect(() => lossGradients('trainStep', y.add(v).sum(), undefined, options)).toThrowError(
          /emission of slidingWindow that has ended/,
        );
      });
    });
  });

  it('lets a gradient function inside of it differentiate again', () => {
    withVariable((v) => {
      inEmission('mapTensor', () => {
        const slope = dl.grad((x) => x.square().mul(v))(dl.tensor1d([3, 4]));
        expectExact(slope, [6, 16]);
        expectExact(lossGradients('step', slope.sum(), undefined, options).v!, [6, 8]);
      });
    });
  });
});

describe('a tape that was consumed', () => {
  it('is an error naming the cure', () => {
    withVariable((v) => {
      inEmission('mapTensor', () => {
        const loss = v.square().sum();
        lossGradients('trainStep', loss, undefined, { ...options, consume: true });
        expect(() => lossGradients('trainStep', loss, undefined, options)).toThrowError(
          /trainStep: the tape of this loss was used up by an earlier step \(at 'sum'\); wanted a fresh loss\..*retainTape/,
        );
      });
    });
  });

  it('has given back what it remembered', () => {
    withVariable((v) => {
      inEmission('mapTensor', () => {
        const before = dl.memory().numDataBuffers;
        const loss = dl.tidy(() => v.exp().square().sum());
        expect(dl.memory().numDataBuffers).toBeGreaterThan(before + 1);
        dl.tidy(() => void lossGradients('trainStep', loss, undefined, { ...options, consume: true }));
        expect(dl.memory().numDataBuffers).toBe(before + 1);
      });
    });
  });
});

describe('frames', () => {
  it('are closed in order', () => {
    const outer = pushFrame('emission', 'outer', true);
    const inner = pushFrame('gradient', 'inner', false);
    expect(() => popFrame(outer)).toThrowError(/'outer' was closed out of order/);
    expect([outer.depth, inner.depth]).toEqual([0, 1]);
    popFrame(inner);
    popFrame(outer);
  });

  it('can be paused', () => {
    withVariable((v) => {
      inEmission('mapTensor', () => {
        withoutTaping(() => {
          expect(tapingFrame()).toBeNull();
          expect(openFrame()).not.toBeNull();
          expect(isTaped(v.square())).toBeFalse();
        });
        expect(() =>
          withoutTaping(() => {
            throw new Error('mine');
          }),
        ).toThrowError('mine');
        expect(isTaped(v.square())).toBeTrue();
      });
    });
  });

  it('can be set aside, pauses too, and come back after an error', () => {
    inEmission('mapTensor', () => {
      withoutTaping(() => {
        outsideOfExtents(() => {
          expect(openFrame()).toBeNull();
          inEmission('inner', () => expect(tapingFrame()?.label).toBe('inner'));
        });
        expect(tapingFrame()).toBeNull();
      });
      expect(() =>
        outsideOfExtents(() => {
          throw new Error('mine');
        }),
      ).toThrowError('mine');
      expect(openFrame()?.label).toBe('mapTensor');
    });
  });

  it('do not tape variables inside of a gradient function that watches its arguments only', () => {
    withVariable((v) => {
      dl.grad((x) => {
        expect(isTaped(v.square())).toBeFalse();
        expect(isTaped(x.mul(v))).toBeTrue();
        return x;
      })([1, 2]);
    });
  });
});

describe('watch', () => {
  it('wants a frame', () => {
    dl.tidy(() => expect(() => watch(dl.ones([1]))).toThrowError('watch: no gradient function is open'));
  });
});
