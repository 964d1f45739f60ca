import * as dl from 'rxtensor/tensor';
import { threefry } from '../../kernels';
import { expectClose, expectExact } from '../../testing/close';
import { seedWords } from '../random-state';

/** The words of element i of a tensor drawn with this seed. */
function words(seed: number, element: number, attempt = 0): [number, number] {
  const out = new Uint32Array(2);
  threefry(...seedWords('spec', seed), element, attempt, out);
  return [out[0]!, out[1]!];
}

const unit = (word: number): number => (word >>> 8) / 2 ** 24;

/** Box & Muller 1958, in float64. */
function normal([first, second]: [number, number]): number {
  return Math.sqrt(-2 * Math.log(1 - unit(first))) * Math.cos(2 * Math.PI * unit(second));
}

function truncated(seed: number, element: number): number {
  for (let attempt = 0; ; attempt++) {
    const z = normal(words(seed, element, attempt));
    if (Math.abs(z) <= 2) return z;
  }
}

/** The greatest distance between the values' distribution and a given one: Kolmogorov 1933. */
function distance(values: readonly number[], cumulative: (x: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.max(
    ...sorted.map((x, i) =>
      Math.max((i + 1) / sorted.length - cumulative(x), cumulative(x) - i / sorted.length),
    ),
  );
}

/** The distance that one sample in a thousand exceeds. */
const CRITICAL = 1.95;

/** The normal distribution, by Simpson's rule from −8. */
function phi(x: number): number {
  const n = 400;
  const low = -8;
  const width = (Math.max(x, low) - low) / n;
  let sum = 0;
  for (let i = 0; i <= n; i++)
    sum += Math.exp(-((low + i * width) ** 2) / 2) * (i === 0 || i === n ? 1 : i % 2 ? 4 : 2);
  return ((width / 3) * sum) / Math.sqrt(2 * Math.PI);
}

const moments = (values: readonly number[]): { mean: number; deviation: number } => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) };
};

const read = (make: () => dl.Tensor): number[] => dl.tidy(() => [...make().dataSync()]);
const COUNT = 3000;
const element = Array.from({ length: COUNT }, (_, i) => i);

describe('threefry', () => {
  it('gives the known answers of its authors', () => {
    // Random123's kat_vectors, threefry2x32 with 20 rounds.
    const answers: [number, number, number, number, number, number][] = [
      [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
      [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
    ];
    const out = new Uint32Array(2);
    for (const [key0, key1, counter0, counter1, first, second] of answers) {
      threefry(key0, key1, counter0, counter1, out);
      expect([...out]).toEqual([first, second]);
    }
  });
});

describe('randomUniform', () => {
  it('is equal to the reference to the last bit, on every backend', () => {
    const found = read(() => dl.randomUniform([COUNT], 0, 1, 'float32', 42));
    expect(found).toEqual(element.map((i) => unit(words(42, i)[0])));
    const scaled = read(() => dl.randomUniform([COUNT], -3, 5, 'float32', 7));
    expect(scaled).toEqual(element.map((i) => Math.fround(-3 + Math.fround(8 * unit(words(7, i)[0])))));
  });

  it('lies in its range, and is uniform', () => {
    const values = read(() => dl.randomUniform([COUNT], -2, 3, 'float32', 1));
    expect(values.every((v) => v >= -2 && v < 3)).toBeTrue();
    expect(distance(values, (x) => (x + 2) / 5) * Math.sqrt(COUNT)).toBeLessThan(CRITICAL);
  });

  it('gives int32 and bool', () => {
    dl.tidy(() => {
      const n = dl.randomUniform([COUNT], 0, 4, 'int32', 3);
      expect(n.dtype).toBe('int32');
      expect(new Set(n.dataSync())).toEqual(new Set([0, 1, 2, 3]));
      expectExact(
        n,
        element.map((i) => Math.trunc(4 * unit(words(3, i)[0]))),
      );
      const b = dl.randomUniform([COUNT], 0, 1, 'bool', 3);
      expect(b.dtype).toBe('bool');
      const share = moments([...b.dataSync()]).mean;
      expect(Math.abs(share - 0.5)).toBeLessThan(0.05);
    });
  });
});

describe('randomUniformInt', () => {
  it('is equal to the reference, on every backend', () => {
    expect(read(() => dl.randomUniformInt([COUNT], -5, 12, 9))).toEqual(
      element.map((i) => -5 + (words(9, i)[0] % 17)),
    );
    expect(read(() => dl.randomUniformInt([64], -2147483648, 2147483647, 9))).toEqual(
      element.slice(0, 64).map((i) => -2147483648 + (words(9, i)[0] % 4294967295)),
    );
  });

  it('refuses a range that is none', () => {
    expect(() => dl.randomUniformInt([1], 3, 3)).toThrowError(
      /randomUniformInt: arguments 'minval' and 'maxval' are 3 and 3; wanted integers, min < max/,
    );
    expect(() => dl.randomUniformInt([1], 0, 1.5)).toThrowError(/wanted integers/);
  });
});

describe('randomNormal', () => {
  it('agrees with the reference to a tolerance', () => {
    dl.tidy(() => {
      expectClose(
        dl.randomNormal([COUNT], 0, 1, 'float32', 11),
        element.map((i) => normal(words(11, i))),
        { cpu: 1e-6, webgl: 2e-5 },
      );
      expectClose(
        dl.randomNormal([COUNT], 3, 0.5, 'float32', 11),
        element.map((i) => 3 + 0.5 * normal(words(11, i))),
        { cpu: 1e-6, webgl: 2e-5 },
      );
    });
  });

  it('is normal', () => {
    const values = read(() => dl.randomNormal([COUNT], 1, 2, 'float32', 5));
    const { mean, deviation } = moments(values);
    expect(Math.abs(mean - 1)).toBeLessThan((4 * 2) / Math.sqrt(COUNT));
    expect(Math.abs(deviation - 2)).toBeLessThan((4 * 2) / Math.sqrt(2 * COUNT));
    expect(distance(values, (x) => phi((x - 1) / 2)) * Math.sqrt(COUNT)).toBeLessThan(CRITICAL);
  });

  it('does not repeat itself along the tensor or in the next one', () => {
    dl.setSeed(1);
    const first = read(() => dl.randomNormal([COUNT]));
    const second = read(() => dl.randomNormal([COUNT]));
    const correlation = (a: number[], b: number[]): number =>
      a.reduce((s, v, i) => s + v * b[i]!, 0) / a.length;
    expect(Math.abs(correlation(first, second))).toBeLessThan(4 / Math.sqrt(COUNT));
    expect(Math.abs(correlation(first.slice(1), first.slice(0, -1)))).toBeLessThan(4 / Math.sqrt(COUNT));
  });
});

describe('truncatedNormal', () => {
  it('draws again what is too far, without shifting the rest', () => {
    dl.tidy(() =>
      expectClose(
        dl.truncatedNormal([COUNT], 0, 1, 'float32', 13),
        element.map((i) => truncated(13, i)),
        { cpu: 1e-6, webgl: 2e-5 },
      ),
    );
    const values = read(() => dl.truncatedNormal([COUNT], 1, 2, 'float32', 17));
    expect(values.every((v) => Math.abs(v - 1) <= 4 + 1e-5)).toBeTrue();
    const inside = phi(2) - phi(-2);
    expect(distance(values, (x) => (phi((x - 1) / 2) - phi(-2)) / inside) * Math.sqrt(COUNT)).toBeLessThan(
      CRITICAL,
    );
  });
});

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
      /randomGamma: argument 'alpha' is 0; wanted a number greater than 0/,
    );
    expect(() => dl.randomGamma([1], 1, -2)).toThrowError(/randomGamma: argument 'beta' is -2/);
    expect(() => dl.randomGamma([1], 1, 1, 'bool' as never)).toThrowError(/wanted float32 or int32/);
    expect(dl.tidy(() => dl.randomGamma([0], 1).size)).toBe(0);
  });
});

describe('multinomial', () => {
  const shares = (values: readonly number[], outcomes: number): number[] =>
    Array.from({ length: outcomes }, (_, k) => values.filter((v) => v === k).length / values.length);

  it('draws the outcomes by their probabilities', () => {
    const probabilities = [0.1, 0, 0.6, 0.3, 0];
    for (const [logits, normalized] of [
      [probabilities, true],
      [probabilities.map((p) => Math.log(p) + 5), false],
    ] as const) {
      const values = read(() => dl.multinomial([...logits], COUNT, 3, normalized));
      const found = shares(values, 5);
      probabilities.forEach((p, k) =>
        expect(Math.abs(found[k]! - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / COUNT)),
      );
    }
  });

  it('draws each row of a batch by itself', () => {
    dl.tidy(() => {
      const drawn = dl.multinomial(
        [
          [1, 0, 0],
          [0, 0, 1],
          [0, 0.5, 0.5],
        ],
        1000,
        3,
        true,
      );
      expect(drawn.dtype).toBe('int32');
      expect(drawn.shape as number[]).toEqual([3, 1000]);
      const values = [...drawn.dataSync()];
      expect(shares(values.slice(0, 1000), 3)).toEqual([1, 0, 0]);
      expect(shares(values.slice(1000, 2000), 3)).toEqual([0, 0, 1]);
      const [none, first] = shares(values.slice(2000), 3);
      expect(none).toBe(0);
      expect(Math.abs(first! - 0.5)).toBeLessThan(0.07);
    });
  });

  it('repeats itself with a seed, and the global one', () => {
    const logits = [0.5, 1, 0.25, 2];
    expect(read(() => dl.multinomial(logits, 50, 9))).toEqual(read(() => dl.multinomial(logits, 50, 9)));
    dl.setSeed(4);
    const first = read(() => dl.multinomial(logits, 50));
    expect(read(() => dl.multinomial(logits, 50))).not.toEqual(first);
    dl.setSeed(4);
    expect(read(() => dl.multinomial(logits, 50))).toEqual(first);
  });

  it('names what is wrong', () => {
    expect(() => dl.multinomial([1], 2)).toThrowError(
      /multinomial: argument 'logits' has 1 outcomes \(shape \[1\]\)/,
    );
    expect(() => dl.multinomial([1, 2], -1)).toThrowError(/multinomial: argument 'numSamples' is -1/);
    expect(() => dl.multinomial([[[1, 2]]], 1)).toThrowError(/multinomial: argument 'logits' has rank 3/);
    expect(dl.tidy(() => dl.multinomial([1, 2], 0).shape as number[])).toEqual([0]);
  });
});

describe('random tensors', () => {
  it('have any shape, and need none of the elements before', () => {
    dl.tidy(() => {
      const line = dl.randomUniform([24], 0, 1, 'float32', 2).dataSync();
      for (const shape of [
        [2, 12],
        [2, 3, 4],
        [1, 2, 3, 4],
        [2, 1, 3, 1, 4],
        [2, 1, 3, 2, 1, 2],
      ]) {
        expect(dl.randomUniform(shape, 0, 1, 'float32', 2).dataSync()).toEqual(line);
      }
      expect(dl.randomUniform([5], 0, 1, 'float32', 2).dataSync()).toEqual(line.slice(0, 5));
      expect(dl.randomNormal([0]).size).toBe(0);
      expect(dl.randomNormal([]).shape).toEqual([] as never);
    });
  });

  it('follow the global seed', () => {
    dl.tidy(() => {
      dl.setSeed(5);
      const first = dl.randomNormal([3]).dataSync();
      dl.setSeed(5);
      expect(dl.randomNormal([3]).dataSync()).toEqual(first);
    });
  });

  it('name what is wrong', () => {
    expect(() => dl.randomNormal([-1])).toThrowError(/randomNormal: argument 'shape'/);
    expect(() => dl.randomNormal([1], 0, 1, 'bool' as never)).toThrowError(
      /randomNormal: argument 'dtype' is 'bool'; wanted float32 or int32/,
    );
    expect(() => dl.truncatedNormal([1], 0, 1, 'x' as never)).toThrowError(
      /truncatedNormal: argument 'dtype'/,
    );
    expect(() => dl.randomUniform([1], 0, 1, 'x' as never)).toThrowError(/randomUniform: argument 'dtype'/);
    expect(() => dl.randomUniform([1], 0, 1, 'float32', NaN)).toThrowError(
      /randomUniform: argument 'seed' is NaN/,
    );
  });

  it('rand calls a function for each element, in order', () => {
    dl.tidy(() => {
      let next = 0;
      expectExact(
        dl.rand([2, 3], () => next++),
        [
          [0, 1, 2],
          [3, 4, 5],
        ],
      );
      expect(dl.rand([1], () => 2.5, 'int32').dataSync()).toEqual(new Int32Array([2]));
    });
  });
});
