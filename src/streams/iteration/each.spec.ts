import * as dl from 'rxtensor';
import { interval, map, NEVER, of, range, repeat, share, Subject, tap, type Observable } from 'rxjs';
import { currentScope } from '../../tensor/extent';
import { deferred, settle, until } from '../../../test/support/marbles';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const valueOf = async (x: dl.Tensor): Promise<number> => (await x.data())[0]!;
/** The iterator of a loop, for pulls by hand. */
function iteratorOf<T>(values: AsyncIterable<T>): AsyncIterator<T, undefined> {
  return values[Symbol.asyncIterator]() as AsyncIterator<T, undefined>;
}

const numTensors = (): number => dl.memory().numTensors;

/** The values of a loop, and the error that ended it. */
async function looped<T>(values: AsyncIterable<T>): Promise<{ seen: T[]; error: unknown }> {
  const seen: T[] = [];
  try {
    for await (const value of values) seen.push(value);
  } catch (error) {
    return { seen, error };
  }
  return { seen, error: null };
}

/** How often a stream was subscribed to, and how many subscriptions are open. */
function counted<T>(source: Observable<T>): {
  stream: Observable<T>;
  begun: () => number;
  open: () => number;
} {
  let begun = 0;
  let open = 0;
  const stream = source.pipe(
    tap({
      subscribe: () => {
        begun++;
        open++;
      },
      finalize: () => {
        open--;
      },
    }),
  );
  return { stream, begun: () => begun, open: () => open };
}

describe('each', () => {
  it('goes through a stream, and holds each value while the body works with it', async () => {
    const before = numTensors();
    const seen: number[] = [];
    const held: dl.Tensor[] = [];
    for await (const x of dl.each(dl.examples([1, 2, 3]).pipe(scalars))) {
      expect(currentScope()).toBeNull();
      expect(held.every((earlier) => earlier.isDisposed)).toBeTrue();
      await settle();
      expect(x.isDisposed).toBeFalse();
      seen.push(await valueOf(x));
      held.push(x);
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(held.every((x) => x.isDisposed)).toBeTrue();
    expect(numTensors()).toBe(before);
  });

  it('gives nested values, and values without tensors as they are', async () => {
    const rows = dl
      .examples([1, 2])
      .pipe(dl.mapTensor((x) => ({ x, pair: [dl.scalar(x), dl.scalar(-x)] as const })));
    const seen: unknown[] = [];
    for await (const { x, pair } of dl.each(rows)) {
      await settle(1);
      seen.push([x, await valueOf(pair[0]), await valueOf(pair[1])]);
    }
    expect(seen).toEqual([
      [1, 1, -1],
      [2, 2, -2],
    ]);
    const date = new Date(0);
    expect((await looped(dl.each(of(date, null, undefined, 'text')))).seen).toEqual([
      date,
      null,
      undefined,
      'text',
    ]);
  });

  for (const inFlight of [1, 2, 5]) {
    it(`makes a source wait for a slow body: never more than ${inFlight} of 200 values exist`, async () => {
      const before = numTensors();
      let made = 0;
      let seen = 0;
      let mostAhead = 0;
      let mostTensors = 0;
      const source = dl.examples(upTo(200), { inFlight }).pipe(
        scalars,
        tap(() => made++),
      );
      for await (const x of dl.each(source)) {
        // Whatever may come does.
        await settle(seen % 20 === 0 ? 5 : 1);
        mostAhead = Math.max(mostAhead, made - seen);
        mostTensors = Math.max(mostTensors, numTensors() - before);
        expect(x.isDisposed).toBeFalse();
        seen++;
      }
      expect(seen).toBe(200);
      expect(mostAhead).toBe(inFlight);
      expect(mostTensors).toBe(inFlight);
    });
  }

  it('does nothing before it is asked, and asks for nothing after a value', async () => {
    const { stream, begun } = counted(dl.examples([1, 2, 3, 4], { inFlight: 1 }).pipe(scalars));
    let made = 0;
    const values = dl.each(stream.pipe(tap(() => made++)));
    const iterator = iteratorOf(values);
    await settle();
    expect(begun()).toBe(0);
    await iterator.next();
    await settle();
    expect([begun(), made]).toEqual([1, 1]);
    await iterator.return!();
  });

  describe('ends', () => {
    const endings: Readonly<Record<string, (values: AsyncIterable<dl.Scalar>) => PromiseLike<unknown>>> = {
      break: async (values) => {
        for await (const x of values) if ((await valueOf(x)) === 2) break;
      },
      return: async (values) => {
        for await (const x of values) if ((await valueOf(x)) === 2) return;
      },
      'an error of the body': async (values) => {
        const work = async (): Promise<void> => {
          for await (const x of values) if ((await valueOf(x)) === 2) throw new Error('enough');
        };
        await expectAsync(work()).toBeRejectedWithError('enough');
      },
    };
    for (const [name, loop] of Object.entries(endings)) {
      it(`with ${name}: unsubscribes and frees what is held`, async () => {
        const before = numTensors();
        const { stream, open } = counted(dl.examples(upTo(50), { inFlight: 4 }).pipe(scalars));
        await loop(dl.each(stream));
        expect(open()).toBe(0);
        expect(numTensors()).toBe(before);
        await settle();
        expect(numTensors()).toBe(before);
      });
    }

    it('with the error of the stream, thrown in the loop after the values before it', async () => {
      const before = numTensors();
      const failing = dl.examples([1, 2, 3]).pipe(
        dl.mapTensor((x) => {
          if (x === 3) throw new RangeError('no 3');
          return dl.scalar(x);
        }),
      );
      const seen: number[] = [];
      let error: unknown = null;
      try {
        for await (const x of dl.each(failing)) {
          // The stream has failed when this is over; the value lives on.
          await settle();
          seen.push(await valueOf(x));
        }
      } catch (thrown) {
        error = thrown;
      }
      expect(seen).toEqual([1, 2]);
      expect(String(error)).toBe('RangeError: no 3');
      expect(numTensors()).toBe(before);
    });

    it('once: pulls after the end give nothing, whatever the end was', async () => {
      const done = { done: true, value: undefined };
      const complete = iteratorOf(dl.each(of(1)));
      expect(await complete.next()).toEqual({ done: false, value: 1 });
      for (let i = 0; i < 2; i++) expect(await complete.next()).toEqual(done as never);
      const failing = iteratorOf(dl.each(new Subject()));
      const { stream, begun } = counted(NEVER);
      const left = iteratorOf(dl.each(stream));
      expect(await left.return!()).toEqual(done as never);
      expect(await left.next()).toEqual(done as never);
      expect(begun()).toBe(0);
      const pending = failing.next();
      await failing.return!();
      expect(await pending).toEqual(done as never);
    });

    it('while a value is awaited: it unsubscribes at once', async () => {
      const { stream, open } = counted(NEVER);
      const iterator = iteratorOf(dl.each(stream));
      const pending = [iterator.next(), iterator.next()];
      expect(open()).toBe(1);
      await iterator.return!();
      expect(open()).toBe(0);
      expect((await Promise.all(pending)).map(({ done }) => done)).toEqual([true, true]);
    });
  });

  it('answers pulls that come at once in order, and holds a value until the pull after it', async () => {
    const before = numTensors();
    const iterator = iteratorOf(dl.each(dl.examples([1, 2, 3]).pipe(scalars)));
    const first = iterator.next();
    const [a, b] = await Promise.all([first, iterator.next()]);
    await settle();
    expect([a.value!.isDisposed, b.value!.isDisposed]).toEqual([true, false]);
    expect(await valueOf(b.value!)).toBe(2);
    expect(await valueOf((await iterator.next()).value!)).toBe(3);
    expect((await iterator.next()).done).toBeTrue();
    expect(numTensors()).toBe(before);
  });

  it('makes a loop of its own of each iterator', async () => {
    const { stream, begun, open } = counted(dl.examples([1, 2, 3]).pipe(scalars));
    const values = dl.each(stream);
    const sums: number[] = [];
    for await (const a of values) {
      for await (const b of values) sums.push((await valueOf(a)) + (await valueOf(b)));
    }
    expect(sums).toEqual([2, 3, 4, 3, 4, 5, 4, 5, 6]);
    expect([begun(), open()]).toEqual([4, 0]);
  });

  it('lets the other subscribers of a shared source go on when it has ended', async () => {
    const shared = dl.examples(upTo(20)).pipe(scalars, share());
    const others: number[] = [];
    const rest = shared.pipe(dl.download()).forEach((x) => others.push(x));
    for await (const x of dl.each(shared)) if ((await valueOf(x)) === 3) break;
    await rest;
    expect(others).toEqual(upTo(20));
  });

  it('leaves to the body what the body makes, clones and keeps', async () => {
    const mine: dl.Tensor[] = [];
    for await (const x of dl.each(dl.examples([2, 3]).pipe(scalars))) {
      mine.push(
        x.clone(),
        dl.tidy(() => x.square().add(1)),
      );
      if (mine.length === 2) mine.push(dl.keep(x));
    }
    await settle();
    expect(await Promise.all(mine.map(valueOf))).toEqual([2, 5, 2, 3, 10]);
    dl.dispose(mine);
  });

  it('says what is wrong where a value is used after its turn, or disposes it twice', async () => {
    let last: dl.Scalar | null = null;
    for await (const x of dl.each(dl.examples([1, 2]).pipe(scalars))) {
      last = x;
      if ((await valueOf(x)) === 1) x.dispose();
    }
    expect(() => last!.square()).toThrowError(
      /which was made in an emission of each that has ended\..* keep\(tensor\.clone\(\)\)/,
    );
  });

  it('gives constants of what was computed from variables, and tells a step what it must', async () => {
    const slope = dl.variable(3);
    const losses = dl.examples([1, 2]).pipe(dl.mapTensor((x) => slope.mul(x)));
    const seen: number[] = [];
    for await (const x of dl.each(losses)) {
      expect(() => dl.train.sgd(1).minimize(() => x)).toThrowError();
      seen.push(await valueOf(x));
    }
    expect(seen).toEqual([3, 6]);
    slope.dispose();
  });

  it('is below operators that know the place of a value', async () => {
    const rows = dl.examples([10, 20, 30, 40], { epochs: 2 }).pipe(dl.batch(2), dl.progress());
    const seen: unknown[] = [];
    for await (const { value, epoch, fraction } of dl.each(rows)) {
      await settle(1);
      seen.push([Array.from(await value.data()), epoch, fraction]);
    }
    expect(seen).toEqual([
      [[10, 20], 1, 0.25],
      [[30, 40], 1, 0.5],
      [[10, 20], 2, 0.75],
      [[30, 40], 2, 1],
    ]);
  });

  it('feeds a stream, which frees what it gets', async () => {
    const before = numTensors();
    const squares: number[] = [];
    await dl
      .fromAsyncIterable(dl.each(dl.examples([1, 2, 3]).pipe(scalars)))
      .pipe(
        dl.mapTensor((x) => x.square()),
        dl.download(),
      )
      .forEach((x) => squares.push(x));
    expect(squares).toEqual([1, 4, 9]);
    expect(numTensors()).toBe(before);
  });

  describe('of a source that does not wait', () => {
    const tooMany = (buffer: number): RegExp =>
      new RegExp(`^Error: each: more than ${buffer} values wait for the loop \\(its option buffer\\)`);

    it('gives all values of one that is not too far ahead', async () => {
      expect(await looped(dl.each(range(0, 65)))).toEqual({ seen: upTo(65), error: null });
    });

    it('fails at once with an endless synchronous source, after the values that waited', async () => {
      const before = numTensors();
      for (const source of [
        of(1).pipe(repeat()),
        range(0, Infinity),
        range(0, Infinity).pipe(map((x) => dl.scalar(x))),
        range(0, Infinity).pipe(scalars),
      ]) {
        const { stream, open } = counted<unknown>(source);
        const { seen, error } = await looped(dl.each(stream));
        // The first answers the pull that subscribes.
        expect(seen.length).toBe(1 + 64 + 1);
        expect(String(error)).toMatch(tooMany(64));
        expect(open()).toBe(0);
      }
      expect(numTensors()).toBe(before);
    });

    it('may be ahead by as many values as the option says', async () => {
      const before = numTensors();
      const source = new Subject<number>();
      const iterator = iteratorOf(dl.each(source.pipe(scalars), { buffer: 2 }));
      const first = iterator.next();
      for (const x of [1, 2, 3]) source.next(x);
      await first;
      expect(source.observed).toBeTrue();
      expect(numTensors() - before).toBe(3);
      source.next(4);
      expect(source.observed).toBeFalse();
      for (const x of [2, 3, 4]) expect(await valueOf((await iterator.next()).value!)).toBe(x);
      await expectAsync(iterator.next()).toBeRejectedWithError(/more than 2 values wait/);
      expect(numTensors()).toBe(before);
      expect(await looped(dl.each(range(0, 1000), { buffer: Infinity }))).toEqual({
        seen: upTo(1000),
        error: null,
      });
    });

    it('drops values below latest(), the cure that the error names', async () => {
      const seen: number[] = [];
      const emitted: number[] = [];
      const ticks = interval(1).pipe(tap((x) => emitted.push(x)));
      for await (const x of dl.each(ticks.pipe(scalars, dl.latest()), { buffer: 1 })) {
        seen.push(await valueOf(x));
        const now = emitted.length;
        await until(() => emitted.length > now + 3);
        if (seen.length === 5) break;
      }
      expect(seen.length).toBe(5);
      expect(seen.every((x, i) => i === 0 || x > seen[i - 1]!)).toBeTrue();
      expect(seen.at(-1)).toBeGreaterThan(8);
    });

    it('is no such source if it is one of ours, below a merge of other streams', async () => {
      const gate = deferred();
      const source = dl.examples(upTo(300)).pipe(
        dl.batch(150),
        dl.unbatch(),
        tap(() => gate.resolve()),
      );
      let count = 0;
      for await (const _ of dl.each(source)) {
        if (count++ === 0) await gate.promise;
      }
      expect(count).toBe(300);
    });
  });

  it('says what is wrong with its options', () => {
    expect(() => dl.each(of(1), { buffer: 0 })).toThrowError(
      "each: option 'buffer' is 0; wanted a positive integer",
    );
    expect(() => dl.each(of(1), { overflow: 'latest' } as never)).toThrowError(
      "each: there is no option 'overflow'; the nearest is 'buffer'",
    );
  });
});
