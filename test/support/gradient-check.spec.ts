import * as dl from 'rxtensor/tensor';
import { gradientErrors } from './gradient-check';

/** x² with a gradient that is wrong by a factor, or that ignores dy. */
function wrongSquare(factor: number): (x: dl.Tensor) => dl.Tensor {
  return dl.customGrad((x) => ({
    value: (x as dl.Tensor).square(),
    gradFunc: (dy) => dy.mul((x as dl.Tensor).mul(2 * factor)),
  }));
}

describe('gradientErrors', () => {
  it('finds nothing wrong with a right gradient', () => {
    expect(gradientErrors((x) => x.square(), [[1, 2, -3]])).toEqual([]);
  });

  it('finds a gradient that is wrong by two percent', () => {
    expect(gradientErrors(wrongSquare(1), [[1, 2, -3]])).toEqual([]);
    expect(gradientErrors(wrongSquare(1.02), [[1, 2, -3]]).length).toBeGreaterThan(0);
  });

  it('finds one that is missing', () => {
    expect(gradientErrors((x) => x.square().round(), [[1.1, 2.2]]).length).toBe(0);
    expect(
      gradientErrors((x) => x.cast('int32').cast('float32').add(x).round().mul(x), [[1.25, 2.25]]),
    ).toEqual([]);
    expect(
      gradientErrors(
        dl.customGrad((x) => ({ value: (x as dl.Tensor).exp(), gradFunc: (dy) => dy.mul(0) })),
        [[1]],
      ),
    ).not.toEqual([]);
  });

  it('says which input', () => {
    const errors = gradientErrors((a, b) => wrongSquare(2)(b).add(a), [[1], [2]]);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.every((each) => each.startsWith('input 1'))).toBeTrue();
  });
});
