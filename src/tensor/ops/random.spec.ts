import * as dl from 'rxtensor/tensor';
import { threefry } from '../../kernels';
import { expectClose, expectExact } from '../../../test/support/close';
import { COUNT, CRITICAL, distance, moments, normal, read, unit, words } from '../../../test/support/draws';

function truncated(seed: number, element: number): number {
  for (let attempt = 0; ; attempt++) {
    const z = normal(words(seed, element, attempt));
    if (Math.abs(z) <= 2) return z;
  }
}

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
      /randomUniformInt: arguments 'minval' and 'maxval' are 3 and 3; wanted integers with minval < maxval/,
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

describe('the moments of random numbers', () => {
  // The deviation of a normal number that is drawn again beyond two deviations.
  const cut = Math.sqrt(1 - (4 * Math.exp(-2)) / (Math.sqrt(2 * Math.PI) * (phi(2) - phi(-2))));
  for (const [name, make, mean, deviation] of [
    ['uniform', () => dl.randomUniform([COUNT], -2, 3, 'float32', 31), 0.5, 5 / Math.sqrt(12)],
    ['integer', () => dl.randomUniformInt([COUNT], -5, 12, 31), 3, Math.sqrt((17 ** 2 - 1) / 12)],
    ['normal', () => dl.randomNormal([COUNT], 1, 2, 'float32', 31), 1, 2],
    ['truncated normal', () => dl.truncatedNormal([COUNT], 1, 2, 'float32', 31), 1, 2 * cut],
  ] as [string, () => dl.Tensor, number, number][]) {
    it(`are those of ${name} ones`, () => {
      const found = moments(read(make));
      expect(Math.abs(found.mean - mean)).toBeLessThan((4 * deviation) / Math.sqrt(COUNT));
      expect(Math.abs(found.deviation - deviation)).toBeLessThan((4 * deviation) / Math.sqrt(2 * COUNT));
    });
  }
});

describe('the counts of random numbers', () => {
  /** Pearson 1900: the sum of squared deviations from what is expected, over that. */
  const chiSquared = (values: readonly number[], shares: readonly number[]): number =>
    shares.reduce((sum, share, outcome) => {
      const wanted = share * values.length;
      return sum + (values.filter((v) => v === outcome).length - wanted) ** 2 / wanted;
    }, 0);

  // One sample in a thousand exceeds 39.3 with 16 degrees of freedom, 10.8 with one.
  it('are those of integers and of bool', () => {
    const integers = read(() => dl.randomUniformInt([COUNT], 0, 17, 77));
    expect(chiSquared(integers, new Array<number>(17).fill(1 / 17))).toBeLessThan(39.3);
    const bits = read(() => dl.randomUniform([COUNT], 0, 1, 'bool', 77));
    expect(chiSquared(bits, [0.5, 0.5])).toBeLessThan(10.8);
  });
});

describe('random tensors', () => {
  it('are drawn on the device: one kernel makes them, of no input', async () => {
    for (const [name, make] of Object.entries({
      randomUniform: () => dl.randomUniform([8], 0, 1, 'float32', 1),
      randomUniformInt: () => dl.randomUniformInt([8], 0, 9, 1),
      randomNormal: () => dl.randomNormal([8], 0, 1, 'float32', 1),
      truncatedNormal: () => dl.truncatedNormal([8], 0, 1, 'float32', 1),
      randomGamma: () => dl.randomGamma([8], 2, 1, 'float32', 1),
    })) {
      const { kernels, result } = await dl.profile(make);
      expect(kernels.map((each) => [each.name, each.kernel, each.inputShapes])).toEqual([
        [name, 'random', []],
      ]);
      result.dispose();
    }
  });

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
      /randomNormal: argument 'dtype' is 'bool'; wanted 'float32' or 'int32'/,
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
