import * as dl from 'rxtensor';
import { from, type OperatorFunction } from 'rxjs';

function emitted(numbers: readonly number[], mean: OperatorFunction<number, number>): number[] {
  const seen: number[] = [];
  from(numbers)
    .pipe(mean)
    .subscribe((each) => seen.push(each));
  return seen;
}

describe('runningMean', () => {
  it('is the mean of all numbers so far', () => {
    expect(emitted([1, 2, 6, -1], dl.runningMean())).toEqual([1, 1.5, 3, 2]);
  });

  it('is that of the last ones, and forgets what came before', () => {
    expect(emitted([1, 2, 6, 10], dl.runningMean(2))).toEqual([1, 1.5, 4, 8]);
    expect(emitted([NaN, 2, 4], dl.runningMean(2))).toEqual([NaN, NaN, 3]);
    expect(emitted([1e30, 1, 3], dl.runningMean(2)).at(-1)).toBe(2);
  });

  it('stays infinite, and is NaN of opposite infinities', () => {
    expect(emitted([1, Infinity, 1], dl.runningMean())).toEqual([1, Infinity, Infinity]);
    expect(emitted([-Infinity, 1, 2], dl.runningMean())).toEqual([-Infinity, -Infinity, -Infinity]);
    expect(emitted([Infinity, 1, -Infinity, 1], dl.runningMean())).toEqual([Infinity, Infinity, NaN, NaN]);
    expect(emitted([NaN, 1, Infinity], dl.runningMean())).toEqual([NaN, NaN, NaN]);
    expect(emitted([1, Infinity, 1, 3], dl.runningMean(2))).toEqual([1, Infinity, Infinity, 2]);
  });

  it('does not overflow', () => {
    const most = Number.MAX_VALUE;
    expect(emitted([most, -most], dl.runningMean())).toEqual([most, 0]);
    expect(emitted([most, most, most], dl.runningMean())).toEqual([most, most, most]);
    expect(emitted([most, most], dl.runningMean(2))).toEqual([most, most]);
  });

  it('begins anew for each subscription', () => {
    const mean = dl.runningMean();
    expect(emitted([4], mean)).toEqual([4]);
    expect(emitted([2], mean)).toEqual([2]);
  });

  it('wants numbers', async () => {
    expect(() => dl.runningMean(0)).toThrowError(
      "runningMean: argument 'window' is 0; wanted a positive integer",
    );
    const tensors = from([dl.scalar(1)] as unknown as number[]);
    const kept: dl.Tensor[] = [];
    await tensors.forEach((each) => kept.push(each as unknown as dl.Tensor));
    await expectAsync(tensors.pipe(dl.runningMean()).forEach(() => undefined)).toBeRejectedWithError(
      'runningMean: the value is object; wanted a number, as download() gives of a scalar',
    );
    dl.dispose(kept);
  });
});

describe('exponentialMean', () => {
  it('weighs the recent numbers more, and is not biased at its beginning', () => {
    expect(emitted([4, 1, 1], dl.exponentialMean(0.5))).toEqual([4, 2, 10 / 7]);
    expect(emitted([3, 5], dl.exponentialMean(0))).toEqual([3, 5]);
    for (const mean of emitted([7, 7, 7, 7], dl.exponentialMean(0.94))) expect(mean).toBeCloseTo(7, 12);
  });

  it('stays infinite, but without inertia', () => {
    expect(emitted([1, Infinity, 1], dl.exponentialMean(0.5))).toEqual([1, Infinity, Infinity]);
    expect(emitted([Infinity, 1], dl.exponentialMean(0))).toEqual([Infinity, 1]);
    expect(emitted([NaN, 1], dl.exponentialMean(0))).toEqual([NaN, 1]);
  });

  it('wants an inertia', () => {
    expect(() => dl.exponentialMean(1)).toThrowError(
      "exponentialMean: argument 'inertia' is 1; wanted a number from 0 to below 1",
    );
  });
});
