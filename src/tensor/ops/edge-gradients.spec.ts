// Gradients and second derivatives at the edges of domains, where a rule may come to 0 · ∞: a number, or NaN for a reason that stands
// with the case in test/support/ops.
import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';
import { nanGradients, type Extremity } from '../../../test/support/edge-gradients';
import { gradientRows } from '../../../test/support/ops';

/** The rules are the same on every backend: they are searched where a read does not wait for a device. */
const isSearched = dl.getBackend() === 'cpu';
const all: readonly Extremity[] = ['ordinary', 'tiny', 'huge', 'infinite'];

if (isSearched) {
  describe('gradients at the edges', () => {
    for (const [name, { f, at, nan: decisions = {} }] of Object.entries(gradientRows)) {
      it(`of ${name} are numbers, but for those that are decided`, () => {
        const faults = nanGradients(f, at, all);
        const undecided = faults.filter(({ order, extremity }) => !decisions[order]?.[extremity]);
        expect(undecided.map(({ order, by, at }) => `${order} by ${by} at ${at}`)).toEqual([]);
        // Those at ordinary and tiny numbers are not decided in vain.
        for (const order of ['gradient', 'second derivative'] as const) {
          for (const extremity of ['ordinary', 'tiny'] as const) {
            if (!decisions[order]?.[extremity]) continue;
            const found = faults.filter((each) => each.order === order && each.extremity === extremity);
            expect(found.length).withContext(`${order}, ${extremity}`).toBeGreaterThan(0);
          }
        }
      });
    }
  });
}

/** The derivatives of f by x, from the first on. */
function derivatives(f: (x: dl.Tensor) => dl.Tensor, orders: number, x: number[]): dl.Tensor[] {
  let g = f;
  return Array.from({ length: orders }, () => {
    g = dl.grad(g);
    return g(dl.tensor1d(x));
  });
}

describe('the gradient of pow at 0', () => {
  it('is 0 of x⁰, 1 of x¹, and 0 of higher powers', () => {
    dl.tidy(() => {
      expectExact(dl.grad((x) => dl.pow(x, 0))([0]), [0]);
      expectExact(dl.grad((x) => dl.pow(x, dl.range(0, 3)))([0, 0, 0]), [0, 1, 0]);
      expectExact(dl.grad((x) => x.pow(dl.tensor1d([0, 1, 2], 'int32')))([0, 0, 0]), [0, 1, 0]);
    });
  });

  it('has derivatives of every order', () => {
    dl.tidy(() => {
      const wanted = [
        [1, 0, 0, 0],
        [0, 2, 0, 0],
        [0, 0, 6, 0],
        [0, 0, 0, 24],
        [0, 0, 0, 0],
      ];
      const exponents = dl.tensor1d([1, 2, 3, 4]);
      derivatives((x) => x.pow(exponents), 5, [0, 0, 0, 0]).forEach((each, i) =>
        expectClose(each, wanted[i]!, undefined, `order ${i + 1}`),
      );
      derivatives((x) => x.pow(0), 3, [0, 1, -2]).forEach((each) => expectExact(each, [0, 0, 0]));
    });
  });

  it('is infinite where the derivative is', () => {
    dl.tidy(() => {
      expectExact(dl.grad((x) => x.pow(0.5))([0]), [Infinity]);
      expectExact(dl.grad((x) => x.pow(-1))([0]), [-Infinity]);
    });
  });

  it('to the exponent is 0 where the base is not positive', () => {
    dl.tidy(() => {
      expectExact(dl.grad((b) => dl.pow([0, 0, 0, -2, -2], b))([0, -1, 2, 2, 0.5]), [0, 0, 0, 0, 0]);
      // ∂²(aᵇ)/∂a∂b = aᵇ⁻¹(1 + b·log a): 1/a at b = 0.
      const byBase = (a: dl.Tensor, b: dl.Tensor): dl.Tensor => dl.grads((x, y) => dl.pow(x, y))([a, b])[0]!;
      expectClose(
        dl.grads(byBase)([
          [2, 0.5],
          [0, 0],
        ])[1]!,
        [0.5, 2],
      );
    });
  });
});

describe('the gradient of a quotient', () => {
  it('is exact where the square of the divisor overflows or vanishes', () => {
    dl.tidy(() => {
      const byDivisor = (a: number, b: number): number =>
        dl
          .grads((x, y) => x.div(y))([a, b])[1]!
          .dataSync()[0]!;
      expect(byDivisor(0, 1e-30)).toBeCloseTo(0, 10);
      expect(byDivisor(1e-30, 1e-25) / -1e20).toBeCloseTo(1, 5);
      expect(byDivisor(1e30, 1e25) / -1e-20).toBeCloseTo(1, 5);
      expect(byDivisor(1, 0)).toBe(-Infinity);
      expectExact(dl.grads((x, y) => x.divNoNan(y))([[0, 3], 0])[1]!, 0);
      expectExact(dl.grad(dl.grad((y) => dl.divNoNan([0, 3], y)))([0, 0]), [0, 0]);
    });
  });
});

describe('the gradient of atan2', () => {
  it('is 0 at the origin, which has no angle', () => {
    dl.tidy(() => {
      const [byA, byB] = dl.grads((a, b) => dl.atan2(a, b))([
        [0, 0, 1, 0],
        [0, 2, 0, -4],
      ]);
      expectClose(byA!, [0, 0.5, 0, -0.25]);
      expectClose(byB!, [0, 0, -1, 0]);
    });
  });

  it('neither overflows nor vanishes with the squares', () => {
    dl.tidy(() => {
      const [byA, byB] = dl.grads((a, b) => dl.atan2(a, b))([
        [1e25, 3e-25],
        [1e25, 4e-25],
      ]);
      expectClose(byA!.mul([1e25, 1e-25]), [0.5, 4 / 25], 1e-5);
      expectClose(byB!.mul([1e25, 1e-25]), [-0.5, -3 / 25], 1e-5);
    });
  });
});

describe('the gradient of a norm', () => {
  it('of zeros is 0', () => {
    dl.tidy(() => {
      expectExact(dl.grad((x) => dl.norm(x))([0, 0]), [0, 0]);
      expectExact(dl.grad((x) => dl.euclideanNorm(x))([0, 0]), [0, 0]);
      expectExact(dl.grad(dl.grad((x) => dl.norm(x)))([0, 0]), [0, 0]);
      expectClose(dl.grad((x) => dl.norm(x, 'fro', [1, 2]))([[[0, 0]], [[3, 4]]]), [[[0, 0]], [[0.6, 0.8]]]);
      for (const ord of [1, Infinity, -Infinity]) {
        const slope = dl
          .grad((x) => dl.norm(x, ord))([0, 0])
          .dataSync();
        expect([...slope].every(Number.isFinite))
          .withContext(`norm ${ord}`)
          .toBeTrue();
      }
    });
  });
});

describe('the gradient of products with zeros', () => {
  it('is that of the other factors', () => {
    dl.tidy(() => {
      expectExact(dl.grad((x) => x.prod())([0, 2, 3]), [6, 0, 0]);
      expectExact(dl.grad((x) => x.prod())([0, 0, 3]), [0, 0, 0]);
      expectExact(dl.grad((x) => x.cumprod())([0, 2, 3]), [9, 0, 0]);
    });
  });
});

describe('the gradient of prelu', () => {
  it('to the slope is 0 where it is not used, whatever x is', () => {
    dl.tidy(() => {
      expectExact(
        dl.grads((x, a) => dl.prelu(x, a))([
          [Infinity, -3],
          [0.5, 0.5],
        ])[1]!,
        [0, -3],
      );
    });
  });
});

describe('where of an infinite derivative', () => {
  it('leaves NaN of an infinite derivative that is not chosen, and not of one chosen before', () => {
    dl.tidy(() => {
      const x = [0, 4];
      expectExact(dl.grad((each) => dl.where(each.greater(0), each.sqrt(), 0))(x), [NaN, 0.25]);
      expectExact(
        dl.grad((each) => dl.where(each.greater(0), dl.where(each.greater(0), each, 1).sqrt(), 0))(x),
        [0, 0.25],
      );
    });
  });
});
