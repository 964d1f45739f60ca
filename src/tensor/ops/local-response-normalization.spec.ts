import * as dl from 'rxtensor/tensor';
import { expectClose } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';

function normalized(x: Reference, radius: number, bias: number, alpha: number, beta: number): Reference {
  const channels = x.shape.at(-1)!;
  return build(x.shape, (index) => {
    const c = index.at(-1);
    let sum = 0;
    for (let k = Math.max(0, c - radius); k <= Math.min(channels - 1, c + radius); k++) {
      sum += at(x, [...index.slice(0, -1), k]) ** 2;
    }
    return at(x, index) / (bias + alpha * sum) ** beta;
  });
}

const cases: [number[], number, number, number, number][] = [
  [[1, 1, 3], 1, 1, 1, 1],
  [[2, 3, 2, 8], 2, 1, 0.5, 0.75],
  [[1, 2, 2, 7], 5, 2, 0.25, 0.5],
  [[2, 2, 2, 4], 0, 1, 1, 2],
  [[2, 2, 1], 3, 1.5, 1, 0.5],
];

describe('localResponseNormalization', () => {
  for (const [shape, ...attributes] of cases) {
    it(`[${shape}], radius, bias, alpha, beta ${attributes}`, () => {
      const x = sample(shape, 1);
      const f = (a?: dl.Tensor): dl.Tensor => dl.localResponseNormalization(a as dl.Tensor4D, ...attributes);
      dl.tidy(() => {
        expectClose(f(toTensor(x)), normalized(x, ...attributes));
      });
      expectGradients(f, [x]);
      expectSecondGradients(f, [x]);
    });
  }

  it('has the defaults 5, 1, 1, 0.5, and a chained form', () => {
    const x = sample([2, 2, 13], 1);
    dl.tidy(() => {
      const wanted = normalized(x, 5, 1, 1, 0.5);
      expectClose(dl.localResponseNormalization(toTensor(x)), wanted);
      expectClose(toTensor(x).localResponseNormalization(), wanted);
      expect(dl.localResponseNormalization(dl.zeros([0, 2, 3])).shape).toEqual([0, 2, 3]);
    });
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      expect(() => dl.localResponseNormalization([1, 2])).toThrowError(
        /localResponseNormalization: argument 'x' has rank 1 .*wanted rank 3 or 4/,
      );
      for (const radius of [-1, 1.5]) {
        expect(() => dl.localResponseNormalization(dl.zeros([1, 1, 2]), radius)).toThrowError(
          new RegExp(`argument 'depthRadius' is ${radius}; wanted a non-negative integer`),
        );
      }
    });
  });
});
