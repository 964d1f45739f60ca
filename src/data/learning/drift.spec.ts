import { from, lastValueFrom, toArray } from 'rxjs';
import { adwin, detectDrift, pageHinkley, type DriftDetector } from 'rxtensor/data';
import { integerSequence } from '../../tensor/permutation';
import { CAPYMOA_STREAM, RIVER_STREAM } from './drift-streams';

const digits = (text: string): number[] => Array.from(text, Number);
const detections = (detector: DriftDetector, stream: readonly number[]): number[] =>
  stream.flatMap((value, i) => (detector.update(value) ? [i] : []));

/** Bits of which a share is 1. */
function bits(count: number, share: number, seed: number): number[] {
  const draw = integerSequence(seed);
  return Array.from({ length: count }, () => Number(draw(1e6) < share * 1e6));
}

describe('adwin', () => {
  it('detects where the documentation of river says that it does', () => {
    expect(detections(adwin(), digits(RIVER_STREAM))[0]).toBe(1023);
  });

  it('detects where the documentation of CapyMOA says that MOA does', () => {
    expect(detections(adwin({ delta: 0.001 }), digits(CAPYMOA_STREAM))).toEqual([1023, 1055]);
  });

  it('rarely raises a false alarm on stationary bits: at δ = 0.05, in under 0.2 % of the numbers', () => {
    for (const share of [0.1, 0.3, 0.5]) {
      const alarms = detections(adwin({ delta: 0.05, clock: 1 }), bits(20_000, share, 1)).length;
      expect(alarms / 20_000).toBeLessThan(0.002);
    }
  });

  it('keeps a window that grows while nothing changes, in logarithmic memory', () => {
    const detector = adwin();
    for (const bit of bits(50_000, 0.2, 3)) detector.update(bit);
    expect(detector.width()).toBeGreaterThan(40_000);
    expect(detector.mean()).toBeCloseTo(0.2, 1);
    expect(detector.variance()).toBeCloseTo(0.16, 1);
    const { rows } = detector.toJSON() as { rows: unknown[][] };
    expect(rows.flat().length).toBeLessThanOrEqual(5 * 17);
  });

  it('has the mean and variance of its window', () => {
    const detector = adwin();
    const stream = bits(300, 0.5, 2).map((bit, i) => bit + (i % 7) / 10);
    for (const value of stream) detector.update(value);
    expect(detector.width()).toBe(300);
    const mean = stream.reduce((a, b) => a + b) / 300;
    expect(detector.mean()).toBeCloseTo(mean, 10);
    expect(detector.variance()).toBeCloseTo(stream.reduce((a, b) => a + (b - mean) ** 2, 0) / 300, 10);
  });

  it('finds a change of a gradual kind too, and drops what was before', () => {
    const stream = [...bits(2000, 0.2, 5), ...bits(2000, 0.6, 6)];
    const detector = adwin();
    const [first] = detections(detector, stream);
    expect(first).toBeGreaterThan(2000);
    expect(first).toBeLessThan(2200);
    expect(detector.width()).toBeLessThan(2200);
    expect(detector.mean()).toBeCloseTo(0.6, 1);
  });
});

describe('pageHinkley', () => {
  it('detects where the documentation of river says that it does', () => {
    expect(detections(pageHinkley(), digits(RIVER_STREAM))[0]).toBe(1006);
  });

  it('finds changes in the direction that is asked for', () => {
    const rising = [...Array<number>(100).fill(0), ...Array<number>(100).fill(5)];
    const falling = rising.map((x) => -x);
    expect(detections(pageHinkley({ direction: 'up' }), rising).length).toBe(1);
    expect(detections(pageHinkley({ direction: 'up' }), falling)).toEqual([]);
    expect(detections(pageHinkley({ direction: 'down' }), falling).length).toBe(1);
    expect(detections(pageHinkley({ direction: 'down' }), rising)).toEqual([]);
  });
});

describe('the state of a drift detector', () => {
  const stream = digits(RIVER_STREAM);
  const kinds = { adwin, pageHinkley };

  for (const [kind, make] of Object.entries(kinds)) {
    it(`of ${kind} goes through JSON, and continues the same`, () => {
      const whole = detections(make(), stream);
      const first = make();
      const before = detections(first, stream.slice(0, 777));
      const second = make({ state: JSON.parse(JSON.stringify(first)) as unknown });
      const after = detections(second, stream.slice(777)).map((i) => i + 777);
      expect([...before, ...after]).toEqual(whole);
      expect(second.mean()).not.toBe(0);
    });

    it(`of ${kind} is checked`, () => {
      for (const state of [
        null,
        3,
        {},
        { rows: 'x' },
        { count: 'a' },
        { rows: [[['a', 1]]], width: 1, sum: 1 },
      ])
        expect(() => make({ state })).toThrowError(
          new RegExp(
            `^${kind}: option 'state' is .*; wanted what toJSON\\(\\) of a detector of its kind gave`,
          ),
        );
    });
  }

  it('says what is wrong with arguments', () => {
    expect(() => adwin({ delta: 2 })).toThrowError(
      "adwin: option 'delta' is 2; wanted a number between 0 and 1",
    );
    expect(() => adwin({ clock: 0 })).toThrowError(/adwin: option 'clock' is 0; wanted a positive integer/);
    expect(() => pageHinkley({ threshold: -1 })).toThrowError(
      /option 'threshold' is -1; wanted a number above 0/,
    );
    expect(() => pageHinkley({ alpha: 2 })).toThrowError(/option 'alpha' is 2/);
    expect(() => pageHinkley({ direction: 'left' as never })).toThrowError(/option 'direction' is /);
    expect(() => adwin().update(NaN)).toThrowError(/adwin: argument 'value' is NaN; wanted a finite number/);
  });
});

describe('detectDrift', () => {
  it('tells of each value whether there is drift', async () => {
    const values = digits(RIVER_STREAM).map((error) => ({ error }));
    const found = await lastValueFrom(
      from(values).pipe(detectDrift(adwin(), { of: ({ error }) => error }), toArray()),
    );
    expect(found.length).toBe(2000);
    expect(found.findIndex(({ isDrift }) => isDrift)).toBe(1023);
    expect(found[0]).toEqual({ value: values[0]!, isDrift: false, mean: values[0]!.error });
  });

  it('says what is wrong', async () => {
    expect(() => detectDrift({} as never)).toThrowError(
      /argument 'detector' is .*; wanted a detector, as adwin\(\)/,
    );
    expect(() => detectDrift(adwin(), { of: 3 as never })).toThrowError(/option 'of' is 3/);
    await expectAsync(lastValueFrom(from(['x']).pipe(detectDrift(adwin())))).toBeRejectedWithError(
      /detectDrift: the value has string to watch; wanted a number/,
    );
  });
});
