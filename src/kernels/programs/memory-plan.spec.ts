import { numbers } from '../../../test/support/reference';
import { ALIGNMENT, leastBytes, planMemory, type Lifetime } from './memory-plan';

/** Random lifetimes, some of which may take the place of values that die as they begin. */
function randomLifetimes(seed: number): Lifetime[] {
  const next = numbers(seed);
  const whole = (below: number): number => Math.floor(next() * below);
  const steps = 1 + whole(40);
  const lifetimes: Lifetime[] = [];
  for (let i = whole(60); i >= 0; i--) {
    const first = whole(steps);
    const bytes = next() < 0.1 ? 0 : 4 * (1 + whole(next() < 0.5 ? 8 : 5000));
    const inPlaceOf = lifetimes.flatMap((own, other) =>
      own.first < first && own.last === first && next() < 0.5 ? [other] : [],
    );
    lifetimes.push({ bytes, first, last: first + whole(next() < 0.7 ? 4 : 20), inPlaceOf });
  }
  return lifetimes;
}

/** Whether two values may share bytes: they never live at once, or one is written in place of the other. */
function mayShare(lifetimes: readonly Lifetime[], a: number, b: number): boolean {
  const [x, y] = [lifetimes[a]!, lifetimes[b]!];
  if (x.last < y.first || y.last < x.first) return true;
  return (
    (y.inPlaceOf?.includes(a) === true && x.last === y.first) ||
    (x.inPlaceOf?.includes(b) === true && y.last === x.first)
  );
}

describe('planMemory', () => {
  it('gives values that live at once places apart, and comes close to the least', () => {
    let planned = 0;
    let least = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const lifetimes = randomLifetimes(seed);
      const { offsets, bytes } = planMemory(lifetimes);
      const bound = leastBytes(lifetimes);
      const wrong = lifetimes.flatMap((a, i) => {
        const isOutside = offsets[i]! % ALIGNMENT !== 0 || offsets[i]! + a.bytes > bytes;
        const overlaps = lifetimes.slice(0, i).flatMap((b, k) => {
          const apart = offsets[i]! + a.bytes <= offsets[k]! || offsets[k]! + b.bytes <= offsets[i]!;
          return apart || mayShare(lifetimes, i, k) ? [] : [`${k} and ${i} overlap`];
        });
        return isOutside ? [`${i} is outside`, ...overlaps] : overlaps;
      });
      expect(wrong).withContext(`seed ${seed}`).toEqual([]);
      expect(bytes).withContext(`seed ${seed}`).toBeGreaterThanOrEqual(bound);
      planned += bytes;
      least += bound;
    }
    expect(planned / least).toBeLessThan(1.1);
  });

  it('uses the bytes of a value that has died', () => {
    const plan = planMemory([
      { bytes: 400, first: 0, last: 1 },
      { bytes: 100, first: 1, last: 2 },
      { bytes: 390, first: 2, last: 3 },
    ]);
    expect(plan.offsets).toEqual([0, 400, 0]);
    expect(plan.bytes).toBe(512);
  });

  it('writes a value in place of one that dies, once', () => {
    const plan = planMemory([
      { bytes: 64, first: 0, last: 1 },
      { bytes: 64, first: 1, last: 2, inPlaceOf: [0] },
      { bytes: 64, first: 1, last: 2, inPlaceOf: [0] },
    ]);
    expect(plan.offsets[1]).toBe(plan.offsets[0]);
    expect(plan.bytes).toBe(128);
  });

  it('takes no bytes for no values', () => {
    expect(planMemory([])).toEqual({ offsets: [], bytes: 0 });
  });
});
