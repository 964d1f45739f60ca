import * as dl from 'rxtensor';
import { timeWindows, type TimeWindow, type TimeWindowsOptions } from 'rxtensor/data';
import { concat, from, lastValueFrom, NEVER, of, Subject, toArray, type Observable } from 'rxjs';
import { openWindows } from './open-windows';

const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));
type Found = readonly [start: number, end: number, ...times: number[]];

async function windows(
  times: readonly number[],
  options: Omit<TimeWindowsOptions<number>, 'time'>,
): Promise<Found[]> {
  const found = await all(from(times).pipe(timeWindows({ ...options, time: (value) => value })));
  return found.map(({ start, end, rows }) => [start, end, ...rows]);
}

/** What of these times is late, and in which windows the others are, by the definition. */
function byDefinition(
  times: readonly number[],
  size: number,
  every: number,
  lateness: number,
): { late: number; found: Found[] } {
  const found = new Map<number, number[]>();
  let newest = -Infinity;
  let late = 0;
  for (const time of times) {
    const around = [];
    for (let start = -200 * every; start <= time; start += every) if (time < start + size) around.push(start);
    const starts = around.filter((start) => start + size > newest - lateness);
    if (around.length > 0 && starts.length === 0) late++;
    for (const start of starts) found.set(start, [...(found.get(start) ?? []), time]);
    newest = Math.max(newest, time);
  }
  return {
    late,
    found: [...found]
      .sort(([a], [b]) => a - b)
      .map(([start, rows]) => [start, start + size, ...rows.sort((a, b) => a - b)]),
  };
}

describe('timeWindows', () => {
  it('tumble, and are emitted when the watermark reaches their end', async () => {
    expect(await windows([1, 4, 3, 6, 11], { size: 5 })).toEqual([
      [0, 5, 1, 3, 4],
      [5, 10, 6],
      [10, 15, 11],
    ]);
    const seen: number[] = [];
    const source = new Subject<number>();
    const running = source
      .pipe(timeWindows({ time: (x) => x, size: 5, lateness: 2 }))
      .subscribe(({ start }) => seen.push(start));
    for (const [time, emitted] of [
      [1, 0],
      [5, 0],
      [6.9, 0],
      [3, 0],
      [7, 1],
      [12, 2],
    ] as const) {
      source.next(time);
      expect(seen.length).withContext(String(time)).toBe(emitted);
    }
    source.complete();
    expect(seen).toEqual([0, 5, 10]);
    running.unsubscribe();
  });

  it('slide', async () => {
    expect(await windows([1, 3, 6], { size: 4, every: 2 })).toEqual([
      [-2, 2, 1],
      [0, 4, 1, 3],
      [2, 6, 3],
      [4, 8, 6],
      [6, 10, 6],
    ]);
    // With gaps between them.
    expect(await windows([0, 3, 10, 11, 14], { size: 2, every: 10 })).toEqual([
      [0, 2, 0],
      [10, 12, 10, 11],
    ]);
  });

  it('are sessions, which a value may join', async () => {
    expect(await windows([1, 3, 10, 12, 30], { gap: 5 })).toEqual([
      [1, 8, 1, 3],
      [10, 17, 10, 12],
      [30, 35, 30],
    ]);
    expect(await windows([1, 10, 5.5, 40], { gap: 5, lateness: 20 })).toEqual([
      [1, 15, 1, 5.5, 10],
      [40, 45, 40],
    ]);
  });

  it('count what is late, and hand it on', async () => {
    const late: (readonly [number, number])[] = [];
    const found = await all(
      from([1, 6, 2, 11, 7, 3, 12]).pipe(
        timeWindows({ time: (x) => x, size: 5, onLate: (value, count) => late.push([value, count]) }),
      ),
    );
    expect(late).toEqual([
      [2, 1],
      [7, 2],
      [3, 3],
    ]);
    expect(found.map((window) => window.late)).toEqual([0, 1, 3]);
    expect(found.flatMap(({ rows }) => rows)).toEqual([1, 6, 11, 12]);
  });

  it('are those of the definition, for random times', async () => {
    let state = 5;
    const draw = (bound: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * bound);
    };
    for (let run = 0; run < 60; run++) {
      const times = Array.from({ length: 60 }, (_, i) => i + draw(20));
      const every = 1 + draw(8);
      const size = every * (1 + draw(3)) - draw(2) * Math.min(1, every - 1);
      const lateness = draw(3) * 5;
      const wanted = byDefinition(times, size, every, lateness);
      let late = 0;
      const found = await windows(times, { size, every, lateness, onLate: (_, count) => (late = count) });
      expect(found).withContext(JSON.stringify({ times, size, every, lateness })).toEqual(wanted.found);
      // A value between windows is in none, and counts as late.
      expect(late).toBe(wanted.late);
    }
  });

  it('are sessions by the definition, for random times and keys', async () => {
    let state = 7;
    const draw = (bound: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * bound);
    };
    const gap = 7;
    for (let run = 0; run < 60; run++) {
      const rows = Array.from({ length: 40 }, (_, i) => ({ i, at: draw(160), user: 'abc'[draw(3)]! }));
      const wanted: { start: number; end: number; key: string; ids: number[] }[] = [];
      for (const key of 'abc') {
        let last: (typeof wanted)[number] | undefined;
        for (const { at, i } of rows
          .filter(({ user }) => user === key)
          .sort((a, b) => a.at - b.at || a.i - b.i)) {
          if (last && at <= last.end) {
            last.end = at + gap;
            last.ids.push(i);
          } else wanted.push((last = { start: at, end: at + gap, key, ids: [i] }));
        }
      }
      const found = await all(from(rows).pipe(timeWindows({ time: 'at', gap, by: 'user', lateness: 200 })));
      const shown = found.map(({ start, end, key, rows: within }) => ({
        start,
        end,
        key,
        ids: within.map(({ i }) => i),
      }));
      const ends = shown.map(({ end }) => end);
      expect(ends).toEqual([...ends].sort((a, b) => a - b));
      expect(new Set(shown.map((each) => JSON.stringify(each)))).toEqual(
        new Set(wanted.map((each) => JSON.stringify(each))),
      );
      expect(shown.length).toBe(wanted.length);
    }
  });

  it('are all given when many are open at once', () => {
    for (const form of [{ gap: 5000 }, { size: 5000, every: 5000 }]) {
      const open = openWindows<number>(form);
      let ended = 0;
      // 10,000 keys, each with a window that is open for long.
      for (let i = 0; i < 50_000; i++) {
        const key = String((i * 7919) % 10_000);
        open.add(i, open.placesOf(i, key, i)!);
        ended += open.ended(i).length;
      }
      ended += open.ended(Infinity).length;
      expect(ended).toBe(50_000);
      expect(open.count()).toBe(0);
    }
  });

  it('leave out what lies between them, which is not late', async () => {
    const options = { size: 10, every: 60, time: (value: number) => value };
    const found = await all(from([1, 30, 40, 61]).pipe(timeWindows(options)));
    expect(found.map(({ start, rows, late }) => [start, rows, late])).toEqual([
      [0, [1], 0],
      [60, [61], 0],
    ]);
  });

  it('have each value once, also where their length is no binary fraction', async () => {
    const times = Array.from({ length: 200 }, (_, i) => i * 0.1);
    const tumbling = await windows(times, { size: 0.1 });
    expect(tumbling.flatMap(([, , ...rows]) => rows)).toEqual(times);
    for (const [start, end, ...rows] of tumbling)
      for (const time of rows) expect(start <= time && time < end).toBeTrue();
    const sliding = await windows(times, { size: 0.3, every: 0.1 });
    for (const time of times.slice(3))
      expect(sliding.filter(([, , ...rows]) => rows.includes(time)).length)
        .withContext(`${time}`)
        .toBe(3);
  });

  it('refuse times too far away', async () => {
    for (const options of [{ size: 60_000, every: 1000 }, { size: 1 }])
      await expectAsync(windows([0, 1e300], options)).toBeRejectedWithError(
        /timeWindows: the time 1e\+300 is too far from 0 for windows that begin every/,
      );
  });

  it('are sessions of many values', async () => {
    const times = Array.from({ length: 50_000 }, (_, i) => i);
    expect((await windows(times, { gap: 5 })).map((each) => each.length)).toEqual([50_002]);
    // Two sessions, which a value joins.
    expect(await windows([0, 1, 10, 11, 12, 6], { gap: 6, lateness: 20 })).toEqual([
      [0, 18, 0, 1, 6, 10, 11, 12],
    ]);
  });

  it('read texts without a zone in universal time, and numbers in texts exactly', async () => {
    const at = [
      '2026-01-05 22:00:00',
      '2026-01-05T22:00:00',
      '2026-01-05T23:00:00+01:00',
      'Jan 5 2026 22:00',
    ];
    const found = await all(
      from(at.map((each) => ({ at: each }))).pipe(timeWindows({ time: 'at', size: 1000 })),
    );
    expect(found.map(({ start, rows }) => [start, rows.length])).toEqual([
      [Date.UTC(2026, 0, 5, 22), at.length],
    ]);
    const numbers = [{ at: '1767650400000' }, { at: '1767650400001' }];
    const each = await all(from(numbers).pipe(timeWindows({ time: 'at', size: 1 })));
    expect(each.map(({ start }) => start)).toEqual([1767650400000, 1767650400001]);
  });

  it('are made for each key apart', async () => {
    const rows = [
      { user: 'ann', at: new Date(0), x: 1 },
      { user: 'bob', at: new Date(10), x: 2 },
      { user: 'ann', at: new Date(30), x: 3 },
      { user: 'ann', at: new Date(500), x: 4 },
    ];
    const found = await all(from(rows).pipe(timeWindows({ time: 'at', gap: 100, by: 'user' })));
    expect(
      found.map(({ key, start, end, rows: within }) => [key, start, end, within.map(({ x }) => x)]),
    ).toEqual([
      ['bob', 10, 110, [2]],
      ['ann', 0, 130, [1, 3]],
      ['ann', 500, 600, [4]],
    ]);
  });

  it('read times of columns: numbers, dates, texts', async () => {
    const found = await all(
      from([
        { at: '2026-01-01T00:00:10Z' },
        { at: new Date('2026-01-01T00:00:50Z') },
        { at: Date.UTC(2026, 0, 1, 0, 1) },
      ]).pipe(timeWindows({ time: 'at', size: 60_000 })),
    );
    expect(found.map(({ rows }) => rows.length)).toEqual([2, 1]);
    await expectAsync(
      all(of({ at: 'soon' }).pipe(timeWindows({ time: 'at', size: 1 }))),
    ).toBeRejectedWithError(
      "timeWindows: the column 'at' of the value is 'soon'; wanted a time: a finite number, a Date, or its text",
    );
    await expectAsync(
      all(of({ at: 1 }).pipe(timeWindows({ time: () => NaN, size: 1 }))),
    ).toBeRejectedWithError(/^timeWindows: what the option 'time' gives is NaN/);
  });

  it('hold tensors until the last window with them, and lend them to each', async () => {
    const rows = from([0, 1, 2, 3, 4, 5]).pipe(dl.mapTensor((at) => ({ at, x: dl.scalar(at) })));
    const sums = await all(
      rows.pipe(
        timeWindows({ time: 'at', size: 3, every: 1 }),
        dl.mapTensor(({ rows: within }) => dl.addN(within.map(({ x }) => x))),
        dl.download(),
      ),
    );
    expect(sums).toEqual([0, 1, 3, 6, 9, 12, 9, 5]);
    const before = dl.memory().numTensors;
    const running = concat(rows, NEVER)
      .pipe(timeWindows({ time: 'at', size: 4, every: 2 }))
      .subscribe();
    expect(dl.memory().numTensors - before).toBeGreaterThan(0);
    expect(dl.memory().numTensors - before).toBeLessThanOrEqual(4);
    running.unsubscribe();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('show late tensors during the call alone', async () => {
    const values: number[] = [];
    const rows = from([5, 1, 9]).pipe(dl.mapTensor((at) => ({ at, x: dl.scalar(at) })));
    await all(
      rows.pipe(
        timeWindows({ time: 'at', size: 2, onLate: ({ x }) => values.push(x.dataSync()[0]!) }),
        dl.download(),
      ),
    );
    expect(values).toEqual([1]);
  });

  it('take what is fed back', () => {
    const source = new Subject<number>();
    const seen: TimeWindow<number>[] = [];
    source.pipe(timeWindows({ time: (x) => x, size: 2 })).subscribe((window) => {
      seen.push(window);
      if (seen.length === 1) source.next(20);
      if (seen.length === 2) source.complete();
    });
    for (const time of [0, 3, 7]) source.next(time);
    expect(seen.map(({ rows }) => rows)).toEqual([[0], [3], [20]]);
  });

  it('are bounded', async () => {
    await expectAsync(
      all(from([1, 2, 3]).pipe(timeWindows({ time: (x) => x, size: 100, most: 2 }))),
    ).toBeRejectedWithError(
      "timeWindows: 2 values are held; wanted shorter windows, less 'lateness', or a greater option 'most'",
    );
  });

  it('refuse wrong options', () => {
    const time = 'at';
    for (const [options, message] of [
      [{ time }, /wanted one of the options 'size'.* and 'gap'/],
      [{ time, size: 1, gap: 1 }, /wanted one of the options/],
      [{ size: 1 }, /option 'time' is undefined; wanted the name of a column/],
      [{ time, size: 0 }, /option 'size' is 0; wanted a time above 0/],
      [{ time, gap: 1, every: 1 }, /option 'every' is given without 'size'/],
      [{ time, size: 1e6, every: 1 }, /option 'every' is 1; wanted at least 1\/1000 of 'size', 1000000/],
      [{ time, size: 1, lateness: -1 }, /option 'lateness' is -1; wanted a time that is not negative/],
      [{ time, size: 1, onLate: 3 }, /option 'onLate' is 3; wanted a function/],
      [
        { time, size: 1, by: 3 },
        /option 'by' is 3; wanted the name of a column, several names, or a function/,
      ],
    ] as const)
      expect(() => timeWindows(options as never)).toThrowError(message);
  });
});
