import * as dl from 'rxtensor';
import { smooth, type Track } from 'rxtensor/vision';
import { from, lastValueFrom, Subject, toArray } from 'rxjs';

const trackAt = (x: number, id = 1, z?: number): Track => ({
  id,
  score: 1,
  points: [{ x, y: 2 * x, ...(z === undefined ? {} : { z }) }],
  box: { x, y: 2 * x, width: 0, height: 0 },
});
interface Value {
  readonly tracks: readonly Track[];
  readonly time: number;
}
const smoothed = (values: readonly Value[], options = {}): Promise<Value[]> =>
  lastValueFrom(from(values).pipe(smooth(options), toArray()));
const xs = (values: readonly Value[]): number[] => values.map(({ tracks }) => tracks[0]!.points[0]!.x);

/** By the formulas of the paper, with its names. */
function oneEuro(values: readonly number[], rate: number, minCutoff: number, beta: number): number[] {
  const alpha = (cutoff: number): number => 1 / (1 + rate / (2 * Math.PI * cutoff));
  let [previous, derivative] = [values[0]!, 0];
  return values.map((value, i) => {
    if (i === 0) return value;
    const dx = (value - previous) * rate;
    derivative = alpha(1) * dx + (1 - alpha(1)) * derivative;
    const weight = alpha(minCutoff + beta * Math.abs(derivative));
    previous = weight * value + (1 - weight) * previous;
    return previous;
  });
}

describe('smooth', () => {
  const noisy = [10, 12, 9, 40, 80, 120, 121, 119];

  for (const [minCutoff, beta] of [
    [1, 0],
    [1, 0.02],
    [0.5, 1],
  ] as const)
    it(`is the filter of the paper (minCutoff ${minCutoff}, beta ${beta})`, async () => {
      const values = noisy.map((x, i) => ({ tracks: [trackAt(x)], time: 1e12 + 40 * i }));
      const found = await smoothed(values, { minCutoff, beta });
      xs(found).forEach((x, i) => expect(x).toBeCloseTo(oneEuro(noisy, 25, minCutoff, beta)[i]!, 9));
      // The box follows the points, and other properties stay.
      expect(found.at(-1).tracks[0]!.box.x).toBe(xs(found).at(-1));
      expect(found.map(({ time }) => time)).toEqual(values.map(({ time }) => time));
    });

  it('trembles less, and follows what is fast', async () => {
    const still = Array.from({ length: 60 }, (_, i) => ({ tracks: [trackAt(i % 2)], time: 33 * i }));
    const calm = xs(await smoothed(still)).slice(30);
    expect(Math.max(...calm) - Math.min(...calm)).toBeLessThan(0.3);
    const fast = Array.from({ length: 60 }, (_, i) => ({ tracks: [trackAt(20 * i)], time: 33 * i }));
    const lag = async (beta: number): Promise<number> => 20 * 59 - xs(await smoothed(fast, { beta })).at(-1);
    expect(await lag(0.1)).toBeLessThan((await lag(0)) / 10);
  });

  it('has a past for each track, and forgets lost ones', async () => {
    const found = await smoothed([
      { tracks: [trackAt(0, 1), trackAt(100, 2, 5)], time: 0 },
      { tracks: [trackAt(100, 2, 6)], time: 50 },
      { tracks: [trackAt(10, 1), trackAt(100, 2, 5)], time: 100 },
    ]);
    expect(found[2]!.tracks[0]!.points[0]).toEqual({ x: 10, y: 20 });
    expect(found[2]!.tracks[1]!.points[0]!.x).toBe(100);
    expect(found[1]!.tracks[0]!.points[0]!.z!).toBeGreaterThan(5);
    expect(found[1]!.tracks[0]!.points[0]!.z!).toBeLessThan(6);
  });

  it('begins anew where time goes back, and waits where it stands', async () => {
    const times = [1000, 1000, 500, 550];
    const found = await smoothed([0, 50, 50, 50].map((x, i) => ({ tracks: [trackAt(x)], time: times[i]! })));
    expect(xs(found)).toEqual([0, 0, 50, 50]);
  });

  it('passes tensors on, and leaves nothing behind when it is left', () => {
    const source = new Subject<dl.Tensor>();
    const seen: number[] = [];
    const subscription = source
      .pipe(
        dl.mapTensor((picture: dl.Tensor) => ({ picture: picture.mul(2), tracks: [trackAt(1)], time: 1 })),
        smooth(),
      )
      .subscribe(({ picture }) => seen.push(picture.size));
    dl.tidy(() => source.next(dl.ones([3])));
    subscription.unsubscribe();
    dl.tidy(() => source.next(dl.ones([3])));
    expect(seen).toEqual([3]);
    expect(source.observed).toBeFalse();
  });

  it('tells what it wants', async () => {
    expect(() => smooth({ minCutoff: 0 })).toThrowError(
      "smooth: option 'minCutoff' is 0; wanted a positive number of Hz",
    );
    expect(() => smooth({ beta: -1 })).toThrowError(
      /option 'beta' is -1; wanted a number that is not negative/,
    );
    await expectAsync(smoothed([3 as never])).toBeRejectedWithError(
      'smooth: the value is 3; wanted { tracks, time }, as track() gives',
    );
    await expectAsync(smoothed([{ tracks: [] } as never])).toBeRejectedWithError(/wanted \{ tracks, time \}/);
  });
});
