import * as dl from 'rxtensor/tensor';
import { unit, words } from '../../../test/support/draws';

const COUNT = 20_000;
const read = (make: () => dl.Tensor): number[] => [...dl.tidy(() => make().dataSync())];

describe('the bounds of randomUniform', () => {
  it('never gives maxval, however few numbers lie below it', () => {
    for (const [low, high] of [
      [1000, 1001],
      [1, 1 + 2 ** -23],
      [16777214, 16777216],
      [-1001, -1000],
      [-1, 0],
      [0, 1e-30],
      [1e30, 1.0000001e30],
      [-3, 5],
    ] as const) {
      const values = read(() => dl.randomUniform([COUNT], low, high, 'float32', 5));
      expect(values.every((v) => v >= Math.fround(low) && v < Math.fround(high)))
        .withContext(`${low}, ${high}`)
        .toBeTrue();
    }
  });

  it('has the other end left out where minval is the greater, and is minval where both are one', () => {
    const values = read(() => dl.randomUniform([COUNT], 1001, 1000, 'float32', 5));
    expect(values.every((v) => v > 1000 && v <= 1001)).toBeTrue();
    expect(new Set(read(() => dl.randomUniform([9], 2.5, 2.5)))).toEqual(new Set([2.5]));
  });

  it('is finite over a range that float32 does not hold, and reaches both halves', () => {
    const values = read(() => dl.randomUniform([COUNT], -3e38, 3e38, 'float32', 5));
    const half = Math.fround(3e38);
    expect(values).toEqual(
      Array.from(
        { length: COUNT },
        (_, i) => 2 * Math.fround(Math.fround(half * unit(words(5, i)[0])) - half / 2),
      ),
    );
    expect(values.every((v) => v >= -half && v < half)).toBeTrue();
    expect(Math.abs(values.filter((v) => v < 0).length / COUNT - 0.5)).toBeLessThan(0.02);
  });

  it('rounds down as int32, on either side of 0', () => {
    const values = read(() => dl.randomUniform([COUNT], -3, 3, 'int32', 5));
    expect(values).toEqual(
      Array.from({ length: COUNT }, (_, i) =>
        Math.floor(Math.fround(-3 + Math.fround(6 * unit(words(5, i)[0])))),
      ),
    );
    expect(new Set(values)).toEqual(new Set([-3, -2, -1, 0, 1, 2]));
    const widest = read(() => dl.randomUniform([COUNT], -2147483648, 2147483648, 'int32', 5));
    expect(widest.some((v) => v > 2e9) && widest.some((v) => v < -2e9)).toBeTrue();
  });

  it('refuses bounds that are no numbers of the dtype', () => {
    expect(() => dl.randomUniform([1], 0, 1e39)).toThrowError(
      /randomUniform: argument 'maxval' is 1e\+39; wanted a number that float32 holds/,
    );
    expect(() => dl.randomUniform([1], NaN, 1)).toThrowError(/randomUniform: argument 'minval' is NaN/);
    expect(() => dl.randomUniform([1], 0, 1e10, 'int32')).toThrowError(
      /randomUniform: argument 'maxval' is 10000000000; wanted a number from -2147483648 to 2147483648/,
    );
    expect(() => dl.randomUniformInt([1], 0, 1e10)).toThrowError(/randomUniformInt: argument 'maxval'/);
  });
});

describe('the bounds of randomUniformInt', () => {
  it('draws from all of int32', () => {
    expect(read(() => dl.randomUniformInt([64], -2147483648, 2147483648, 9))).toEqual(
      Array.from({ length: 64 }, (_, i) => -2147483648 + words(9, i)[0]),
    );
  });

  it('never gives maxval', () => {
    for (const [low, high] of [
      [0, 1],
      [-3, -2],
      [2147483646, 2147483647],
    ] as const) {
      expect(new Set(read(() => dl.randomUniformInt([1000], low, high)))).toEqual(new Set([low]));
    }
  });
});

describe('what is drawn from uniform numbers', () => {
  it('stays within its bounds', () => {
    const normal = read(() => dl.truncatedNormal([COUNT], 1000, 1, 'float32', 3));
    expect(normal.every((v) => v >= 998 && v <= 1002)).toBeTrue();
    for (const shape of [1e-3, 0.5, 1, 1e6]) {
      const gamma = read(() => dl.randomGamma([COUNT], shape, 1, 'float32', 3));
      expect(gamma.every((v) => v >= 0 && Number.isFinite(v)))
        .withContext(`gamma ${shape}`)
        .toBeTrue();
    }
    // The greatest uniform number is 1 − 2⁻²⁴.
    const dropped = read(() => dl.dropout(dl.ones([COUNT]), 1 - 2 ** -24, null, 3));
    expect(dropped.every((v) => v === 0 || v === 2 ** 24)).toBeTrue();
    // No outcome of probability 0, be it the first, the last or in the middle; running sums that do not end at 1.
    const outcomes = read(() => dl.multinomial([0, 0.1, 0, 0.1, 0.1, 0], COUNT, 3, true));
    expect(new Set(outcomes)).toEqual(new Set([1, 3, 4]));
  });
});
