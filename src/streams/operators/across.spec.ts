import * as dl from 'rxtensor';
import {
  bufferCount,
  concatMap,
  debounceTime,
  delay,
  filter,
  interval,
  map,
  observeOn,
  of,
  pairwise,
  repeat,
  sampleTime,
  scan,
  share,
  Subject,
  take,
  takeUntil,
  throttleTime,
  timer,
  asapScheduler,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { deferred, marbles, plain, read, settle, type Deferred } from '../../../test/support/marbles';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const values = { a: 1, b: 2, c: 3, d: 4, e: 5 };

describe('across', () => {
  type Case = readonly [
    name: string,
    source: string,
    make: <T>() => OperatorFunction<T, unknown>,
    holds: number | 'all',
  ];
  const cases: readonly Case[] = [
    ['delay', '-a-b---c-|', () => delay(4), 'all'],
    ['observeOn', '-a-(bc)---d-#', () => observeOn(asapScheduler), 'all'],
    ['concatMap', '-abc-----d--|', () => concatMap((x) => of(x).pipe(delay(3))), 'all'],
    ['sampleTime', '-a-b-c-d-e-|', () => sampleTime(4), 1],
    ['debounceTime', '-ab----c--de---|', () => debounceTime(3), 1],
    [
      'throttleTime',
      '-abc----d---e-|',
      () => throttleTime(3, undefined, { leading: true, trailing: true }),
      1,
    ],
    ['bufferCount', '-a-b-c-d-e-|', () => bufferCount(2), 2],
    ['overlapping bufferCount', '-a-b-c-d-e-|', () => bufferCount(3, 1), 3],
    ['pairwise', '-a-b-c-d-|', () => pairwise(), 2],
  ];
  for (const [name, source, make, holds] of cases) {
    it(`carries tensors through ${name}, as RxJS carries numbers`, () => {
      marbles(({ cold, expectObservable }) => {
        const numbers = cold(source, values);
        const carried = numbers.pipe(scalars, dl.across(make<dl.Scalar>(), { holds }), read());
        expectObservable(carried).toEqual(numbers.pipe(make<number>()));
        expectObservable(carried.pipe(takeUntil(timer(5)))).toEqual(
          numbers.pipe(make<number>(), takeUntil(timer(5))),
        );
      });
    });
  }

  it('follows containers on both sides: the operator may pick and gather', async () => {
    const seen: unknown[] = [];
    await of(1, 2, 3, 4)
      .pipe(
        dl.mapTensor((x) => ({ image: dl.scalar(x), more: [dl.scalar(-x)], label: `${x}` })),
        dl.across(
          (source) =>
            source.pipe(
              map(({ image, label }) => ({ picked: image, label })),
              bufferCount(2),
              delay(1),
              map((pair) => ({ pair })),
            ),
          { holds: 4 },
        ),
        read(),
      )
      .forEach((value) => seen.push(value));
    expect(seen).toEqual([
      {
        pair: [
          { picked: 1, label: '1' },
          { picked: 2, label: '2' },
        ],
      },
      {
        pair: [
          { picked: 3, label: '3' },
          { picked: 4, label: '4' },
        ],
      },
    ]);
  });

  it('frees a value of which the operator emits a part', async () => {
    const before = dl.memory().numTensors;
    const left: number[] = [];
    await of(1, 2, 3)
      .pipe(
        dl.mapTensor((x) => [dl.scalar(x), dl.scalar(-x)] as const),
        dl.across(
          (source) =>
            source.pipe(
              map(([first]) => first),
              delay(0),
            ),
          { holds: 'all' },
        ),
        read(),
      )
      .forEach(() => left.push(dl.memory().numTensors - before));
    expect(left).toEqual([6, 4, 2]);
  });

  it('keeps the emission above waiting until what was made of it is finished', async () => {
    const subject = new Subject<number>();
    const waiting: Deferred[] = [];
    const slow = deferred();
    let made = 0;
    const subscription = dl
      .examples([1, 2, 3, 4, 5], { inFlight: 2 })
      .pipe(
        dl.mapTensor((x) => {
          made++;
          return dl.scalar(x);
        }),
        dl.across(
          concatMap((x) => {
            const wait = deferred();
            waiting.push(wait);
            return wait.promise.then(() => x);
          }),
          { holds: 'all' },
        ),
      )
      .subscribe((x) => {
        if (plain(x) === 1) dl.waitUntil(slow.promise);
      });
    await settle();
    expect([made, waiting.length]).toEqual([2, 1]);
    waiting[0]!.resolve();
    await settle();
    expect([made, waiting.length]).toEqual([2, 2]);
    slow.resolve();
    await settle();
    expect(made).toBe(3);
    subscription.unsubscribe();
    subject.complete();
  });

  it('does not hold up a shared source when it is left', async () => {
    const seen: unknown[] = [];
    const source = dl.examples([1, 2, 3, 4], { inFlight: 1 }).pipe(scalars, share());
    const subscription = source.pipe(dl.across(delay(100_000), { holds: 'all' })).subscribe();
    source.pipe(read()).subscribe((x) => seen.push(x));
    await settle();
    expect(seen).toEqual([1]);
    subscription.unsubscribe();
    await settle();
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('does not wait for what it does not carry', async () => {
    const seen: unknown[] = [];
    await dl
      .examples([1, 2, 3, 4, 5, 6], { inFlight: 1 })
      .pipe(dl.across(bufferCount(3)))
      .forEach((value) => seen.push(value));
    expect(seen).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it('frees what it holds when it is unsubscribed from, and at the end', () => {
    const before = dl.memory().numTensors;
    const subject = new Subject<number>();
    const delayed = subject.pipe(scalars, dl.across(delay(1_000)));
    const sampled = subject.pipe(scalars, dl.across(sampleTime(1_000), { holds: 3 }));
    const subscriptions = [delayed.subscribe(), sampled.subscribe()];
    for (let i = 0; i < 5; i++) subject.next(i);
    expect(dl.memory().numTensors).toBe(before + 5 + 3);
    for (const each of subscriptions) each.unsubscribe();
    expect(dl.memory().numTensors).toBe(before);
    let completed = false;
    of(1, 2)
      .pipe(scalars, dl.across(filter(() => false)))
      .subscribe({ complete: () => (completed = true) });
    expect(completed).toBeTrue();
    expect(dl.memory().numTensors).toBe(before);
  });

  describe('refuses', () => {
    const errorOf = async (stream: Observable<unknown>): Promise<string> => {
      let error: unknown;
      stream.pipe(read()).subscribe({ error: (found: unknown) => (error = found) });
      await settle();
      return String(error);
    };

    it('an operator that computes at once, or later', async () => {
      const wanted =
        /^Error: across: the operator inside emitted a tensor of shape \[\] that it was not given; wanted an operator that moves values in time and computes none/;
      expect(await errorOf(of(1).pipe(scalars, dl.across(map((x) => x.square()))))).toMatch(wanted);
      expect(
        await errorOf(
          of(1).pipe(
            scalars,
            dl.across((x$) =>
              x$.pipe(
                delay(0),
                map((x) => x.square()),
              ),
            ),
          ),
        ),
      ).toMatch(wanted);
      const sums = dl.across(scan((sum: dl.Tensor, x: dl.Tensor) => dl.add(sum, x)));
      expect(await errorOf(of(1, 2).pipe(scalars, sums))).toMatch(wanted);
    });

    it('a tensor that was emitted before, where all are held', async () => {
      const twice = dl.across<dl.Scalar, dl.Scalar>(
        concatMap((x) => of(x).pipe(delay(0), repeat(2))),
        {
          holds: 'all',
        },
      );
      expect(await errorOf(of(1).pipe(scalars, twice))).toBe(
        'Error: across: the operator inside emitted a tensor of shape [] that was released already: its value had been emitted before, ' +
          "and holds: 'all' holds each until then. Leave out the option 'holds', or give it the number of values that the operator needs",
      );
    });

    it('a tensor that is older than those held', async () => {
      const error = await errorOf(of(1, 2, 3).pipe(scalars, dl.across(bufferCount(3), { holds: 2 })));
      // The third value comes before the first is let go.
      expect(error).toBe('undefined');
      expect(await errorOf(of(1, 2, 3, 4).pipe(scalars, dl.across(bufferCount(4), { holds: 2 })))).toMatch(
        /^Error: across: the operator inside emitted a tensor of shape \[\] that was released already: its value was followed by 2 newer ones/,
      );
    });

    it('a tensor on the tape', async () => {
      const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
      expect(
        await errorOf(
          of(1).pipe(
            dl.mapTensor((x) => dl.mul(weight, x)),
            dl.across(delay(0)),
          ),
        ),
      ).toMatch(
        /^Error: across: the value has a tensor of shape \[\] that was computed from trainable variables/,
      );
      weight.dispose();
    });

    it('what gives no observable', async () => {
      expect(await errorOf(of(1).pipe(dl.across((() => 5) as never)))).toBe(
        "Error: across: argument 'carrying' gave 5; wanted an operator, which gives an observable",
      );
    });

    it('impossible arguments', () => {
      expect(() => dl.across(undefined as never)).toThrowError(
        "across: argument 'carrying' is undefined; wanted an operator, as delay(100)",
      );
      expect(() => dl.across(delay(1), { holds: 0 })).toThrowError(
        "across: option 'holds' is 0; wanted a positive integer, or 'all'",
      );
    });
  });

  it('has flat memory with a live source that is sampled', async () => {
    const before = dl.memory().numTensors;
    let most = 0;
    let seen = 0;
    await interval(0)
      .pipe(take(60), scalars, dl.across(sampleTime(5), { holds: 1 }))
      .forEach(() => {
        seen++;
        most = Math.max(most, dl.memory().numTensors - before);
      });
    expect(seen).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(2);
  });
});
