import * as dl from 'rxtensor/tensor';
import { difference, expectClose, expectExact } from './close';
import { at, build, reference, sample } from './reference';

describe('difference', () => {
  const diff = (found: number[], wanted: number[], tolerance = 1e-3): string | null =>
    difference(reference(found), reference(wanted), tolerance);

  it('allows the tolerance, relative above 1', () => {
    expect(diff([1.0009, 1000.9], [1, 1000])).toBeNull();
    expect(diff([1.0011], [1])).toMatch(/1 of 1 values differ by more than 0\.001: \[0\] 1\.0011 for 1/);
    expect(diff([0.002], [0])).not.toBeNull();
  });

  it('takes NaN and infinities for what they are', () => {
    expect(diff([NaN, Infinity, -Infinity], [NaN, Infinity, -Infinity])).toBeNull();
    for (const found of [0, Infinity]) expect(diff([found], [NaN])).not.toBeNull();
    for (const found of [NaN, 3e38, -Infinity]) expect(diff([found], [Infinity])).not.toBeNull();
    expect(diff([NaN], [1])).not.toBeNull();
  });

  it('compares shapes', () => {
    expect(difference(reference([[1, 2]]), reference([1, 2]), 0)).toBe('found shape [1,2]; wanted [2]');
  });
});

describe('expectClose', () => {
  it('reads tensors, arrays and numbers', () => {
    dl.tidy(() => expectClose(dl.tensor2d([[1, 2]]), [[1, 2]]));
    expectExact(new Float32Array([1, 2]), [1, 2]);
    expectExact(3, 3);
  });
});

describe('reference', () => {
  it('is read at an index it is broadcast to', () => {
    const x = reference([[1], [2]]);
    expect(build([2, 2, 3], (index) => at(x, index)).values).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]);
  });

  it('samples exact values', () => {
    const { values } = sample([100], 3, -1, 1);
    expect(values.every((v) => v >= -1 && v < 1 && Math.fround(v) === v)).toBeTrue();
    expect(new Set(values).size).toBeGreaterThan(80);
  });
});
