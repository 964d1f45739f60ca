import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';

describe('linspace', () => {
  it('includes both ends', () => {
    dl.tidy(() => {
      expectClose(dl.linspace(0, 9, 10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expectClose(dl.linspace(1, -1, 5), [1, 0.5, 0, -0.5, -1]);
      expectClose(dl.linspace(3, 7, 1), [3]);
    });
  });

  it('refuses no numbers', () => {
    expect(() => dl.linspace(0, 1, 0)).toThrowError(
      /linspace: argument 'num' is 0; wanted a positive integer/,
    );
  });
});

describe('range', () => {
  it('stops before stop', () => {
    dl.tidy(() => {
      expectExact(dl.range(0, 4), [0, 1, 2, 3]);
      expectExact(dl.range(4, 1), [4, 3, 2]);
      expectExact(dl.range(0, 5, 2), [0, 2, 4]);
      expectExact(dl.range(5, 0, -2), [5, 3, 1]);
      expectExact(dl.range(2, 2), []);
      expectExact(dl.range(0, 3, -1), []);
      expect(dl.range(-2, 2, 1, 'int32').dataSync()).toEqual(new Int32Array([-2, -1, 0, 1]));
      expectExact(dl.range(16777216, 16777220, 1, 'int32'), [16777216, 16777217, 16777218, 16777219]);
    });
  });

  it('refuses a step of 0', () => {
    expect(() => dl.range(0, 1, 0)).toThrowError(/range: argument 'step' is 0/);
    expect(() => dl.range(0, 1, NaN)).toThrowError(/range: argument 'step' is NaN/);
  });
});

/** Ends of many magnitudes and both directions, some of which float32 does not hold. */
const ends: [number, number][] = [
  ...[1, 0.1, 1 / 3, 1e-3, 7, 1e6, 16777217, 3e38].flatMap((end): [number, number][] => [
    [0, end],
    [end, 0],
    [-end, end],
    [end, 1.7 * Math.min(end, 1e38)],
  ]),
  [1000, 1001],
  [-0.3, 0.7],
  [1 / 3, 2 / 3],
  [5, 5],
];

describe('linspace, its ends', () => {
  it('ends where it is told and never goes beyond, in thousands of cases', () => {
    let cases = 0;
    const wrong: string[] = [];
    for (const [start, stop] of ends) {
      for (let num = 2; num < 74; num++) {
        const found = dl.tidy(() => dl.linspace(start, stop, num).dataSync());
        const [low, high] = [start, stop].map(Math.fround).sort((a, b) => a - b) as [number, number];
        const isRight =
          found.length === num &&
          found[0] === Math.fround(start) &&
          found[num - 1] === Math.fround(stop) &&
          found.every(
            (v, i) => v >= low && v <= high && (i === 0 || (v - found[i - 1]!) * (stop - start) >= 0),
          );
        cases++;
        if (!isRight) wrong.push(`linspace(${start}, ${stop}, ${num})`);
      }
    }
    expect(cases).toBeGreaterThan(2384);
    expect(wrong).toEqual([]);
  });

  it('has the nearest float32 of each number', () => {
    for (const [start, stop] of ends) {
      const found = dl.tidy(() => dl.linspace(start, stop, 42).dataSync());
      const wanted = Array.from({ length: 42 }, (_, i) => Math.fround(start + (i * (stop - start)) / 41));
      const unit = Math.max(Math.abs(start), Math.abs(stop)) * 2 ** -23;
      expect(found.every((v, i) => Math.abs(v - wanted[i]!) <= unit))
        .withContext(`${start}, ${stop}`)
        .toBeTrue();
    }
    expect([...dl.tidy(() => dl.linspace(0, 1, 42).dataSync())].at(-1)).toBe(1);
  });
});

describe('range, its numbers', () => {
  it('is the same bits on every backend: start + i·step, rounded once', () => {
    for (const [start, stop, step] of [
      [0, 3, 0.2],
      [-1, 1, 0.1],
      [1e6, 1e6 + 3, 0.3],
      [5, -5, -0.7],
    ] as const) {
      const found = dl.tidy(() => dl.range(start, stop, step).dataSync());
      expect([...found]).toEqual(Array.from(found, (_, i) => Math.fround(start + i * step)));
      const whole = dl.tidy(() => dl.range(start, stop, step, 'int32').dataSync());
      expect([...whole]).toEqual(Array.from(whole, (_, i) => Math.trunc(start + i * step) + 0));
    }
  });
});
