import { rates, type Rates } from 'rxtensor/vision';
import { Subject } from 'rxjs';

describe('rates', () => {
  let now: number;
  beforeEach(() => {
    now = 0;
    spyOn(performance, 'now').and.callFake(() => now);
  });

  /** What is measured of values that come at those milliseconds, with those ages. */
  function measured(arrivals: readonly number[], ages: readonly number[], options = {}): Rates<unknown>[] {
    const source = new Subject<unknown>();
    const seen: Rates<unknown>[] = [];
    const subscription = source.pipe(rates(options)).subscribe((each) => seen.push(each));
    arrivals.forEach((arrival, i) => {
      now = arrival;
      const time = performance.timeOrigin + arrival - ages[i]!;
      source.next(Number.isFinite(time) ? { time } : null);
    });
    subscription.unsubscribe();
    expect(source.observed).toBeFalse();
    return seen;
  }

  it('counts values a second over the window', () => {
    const found = measured([0, 100, 200, 250, 300], [0, 0, 0, 0, 0], { window: 2 });
    expect(found.map(({ framesPerSecond }) => Math.round(framesPerSecond))).toEqual([0, 10, 10, 13, 20]);
  });

  it('has the median and the 95th percentile of ages', () => {
    const ages = Array.from({ length: 100 }, (_, i) => (37 * i) % 100);
    const all = ages.map((_, i) => 10 * i);
    const last = measured(all, ages, { window: 100 }).at(-1);
    // The nearest ranks of 0, 1, …, 99.
    expect(last.latency!.p50).toBeCloseTo(49, 1);
    expect(last.latency!.p95).toBeCloseTo(94, 1);
  });

  it('has no latency without times, and hands on what was dropped', () => {
    let dropped = 0;
    const found = measured([0, 10], [NaN, NaN], { dropped: () => (dropped += 2) });
    expect(found.map(({ latency }) => latency)).toEqual([null, null]);
    expect(found.map((each) => each.dropped)).toEqual([2, 4]);
    const taken = measured([1000], [0], { time: () => performance.timeOrigin + 400 });
    expect(taken[0]!.latency!.p50).toBeCloseTo(600, 1);
  });

  it('tells what it wants', () => {
    expect(() => rates({ window: 0 })).toThrowError("rates: option 'window' is 0; wanted a positive integer");
    expect(() => rates({ time: 3 as never })).toThrowError(
      /option 'time' is 3; wanted a function of a value/,
    );
    expect(() => rates({ dropped: 3 as never })).toThrowError(/option 'dropped' is 3/);
  });
});
