import * as dl from 'rxtensor/tensor';
import { COUNT, CRITICAL, distance, moments, normal, read, unit, words } from '../../../test/support/draws';

const element = Array.from({ length: COUNT }, (_, i) => i);

/** log Γ for x > 0, by Stirling's series far from 0. */
function logGamma(x: number): number {
  if (x < 10) return logGamma(x + 1) - Math.log(x);
  return (
    (x - 0.5) * Math.log(x) -
    x +
    Math.log(2 * Math.PI) / 2 +
    1 / (12 * x) -
    1 / (360 * x ** 3) +
    1 / (1260 * x ** 5)
  );
}

/** The gamma distribution with rate 1, by its power series. */
function gammaDistribution(shape: number, x: number): number {
  let term = Math.exp(shape * Math.log(x) - x - logGamma(shape + 1));
  let sum = 0;
  for (let n = 1; term > 1e-12 * sum; n++) {
    sum += term;
    term *= x / (shape + n);
  }
  return Math.min(sum, 1);
}

/** Marsaglia & Tsang 2000, in float64. */
function gamma(seed: number, element: number, shape: number): number {
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  for (let attempt = 0; ; attempt++) {
    const z = normal(words(seed, element, 2 * attempt));
    const [first, second] = words(seed, element, 2 * attempt + 1);
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v <= 0 || Math.log(1 - unit(first)) >= (z * z) / 2 + d - d * v + d * Math.log(v)) continue;
    return d * v * (shape < 1 ? (1 - unit(second)) ** (1 / shape) : 1);
  }
}

describe('randomGamma', () => {
  it('agrees with the reference to a tolerance, but for a few borderline cases', () => {
    for (const [shape, rate] of [
      [0.3, 1],
      [1, 2],
      [4.5, 0.5],
    ] as const) {
      const found = read(() => dl.randomGamma([COUNT], shape, rate, 'float32', 21));
      const wanted = element.map((i) => gamma(21, i, shape) / rate);
      const off = found.filter((v, i) => Math.abs(v - wanted[i]!) > 1e-4 * Math.max(1, wanted[i]!));
      expect(off.length).withContext(`shape ${shape}`).toBeLessThan(3);
    }
  });

  it('has the mean, deviation and distribution of a gamma', () => {
    for (const [shape, rate] of [
      [0.5, 1],
      [1, 3],
      [7, 0.25],
    ] as const) {
      const values = read(() => dl.randomGamma([COUNT], shape, rate, 'float32', 8));
      const { mean, deviation } = moments(values);
      const wanted = Math.sqrt(shape) / rate;
      expect(Math.abs(mean - shape / rate)).toBeLessThan((4 * wanted) / Math.sqrt(COUNT));
      // The variance of a sample's variance grows with the fourth moment: its excess is 6 / shape.
      const spread = Math.sqrt((2 + 6 / shape) / COUNT) / 2;
      expect(Math.abs(deviation / wanted - 1)).toBeLessThan(4 * spread);
      expect(distance(values, (x) => gammaDistribution(shape, x * rate)) * Math.sqrt(COUNT)).toBeLessThan(
        CRITICAL,
      );
    }
  });

  it('rounds to int32, as normal numbers do', () => {
    dl.tidy(() => {
      for (const draw of [
        (dtype: 'float32' | 'int32') => dl.randomGamma([200], 3, 1, dtype, 4),
        (dtype: 'float32' | 'int32') => dl.randomNormal([200], 0, 3, dtype, 4),
        (dtype: 'float32' | 'int32') => dl.truncatedNormal([200], 0, 3, dtype, 4),
      ]) {
        const whole = draw('int32');
        expect(whole.dtype).toBe('int32');
        const real = draw('float32').dataSync();
        whole.dataSync().forEach((v, i) => expect(Math.abs(v - real[i]!)).toBeLessThanOrEqual(0.5));
      }
    });
  });

  it('names what is wrong', () => {
    expect(() => dl.randomGamma([1], 0)).toThrowError(
      /randomGamma: argument 'alpha' is 0; wanted a finite number greater than 0/,
    );
    expect(() => dl.randomGamma([1], 1, -2)).toThrowError(/randomGamma: argument 'beta' is -2/);
    expect(() => dl.randomGamma([1], 1, 1, 'bool' as never)).toThrowError(/wanted 'float32' or 'int32'/);
    expect(dl.tidy(() => dl.randomGamma([0], 1).size)).toBe(0);
  });
});
