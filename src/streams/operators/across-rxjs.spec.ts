// Every operator of RxJS inside of across gives on tensors what RxJS gives on numbers.
import * as dl from 'rxtensor';
import {
  auditTime,
  bufferCount,
  bufferTime,
  concatMap,
  concatWith,
  debounceTime,
  delay,
  exhaustMap,
  filter,
  last,
  mergeMap,
  NEVER,
  observeOn,
  of,
  pairwise,
  sampleTime,
  skip,
  skipLast,
  switchMap,
  take,
  takeLast,
  throttleTime,
  toArray,
  VirtualTimeScheduler,
  type Observable,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { marbles, read } from '../../../test/support/marbles';
import { passingOperators } from '../../../test/support/passing-operators';
import { rememberingOperators } from '../../../test/support/remembering-operators';
import { passTime } from '../../testing/virtual-time';

const scalars = dl.mapTensor((x: number): dl.Tensor => dl.scalar(x));

/** How an operator is used on streams of tensors, and on those of numbers. */
type Through = (values$: Observable<unknown>) => Observable<unknown>;

const remembering = Object.fromEntries(
  Object.entries(rememberingOperators).map(([name, { stream }]) => [name, stream as Through]),
);
const all: Readonly<Record<string, Through>> = { ...passingOperators, ...remembering };

/** They compute tensors, which across refuses. */
const computing = ['scan', 'reduce', 'mergeScan', 'switchScan'];
/** They read the tensors that they are given, as they cannot do with numbers: what they give is written here. */
const reading: Readonly<Record<string, (numbers: readonly number[]) => unknown>> = {
  max: (numbers) => Math.max(...numbers),
  min: (numbers) => Math.min(...numbers),
  sequenceEqual: () => true,
};
/** It goes back to values that others have followed. */
const goingBack = 'expand with slow inner streams';

const diagrams = ['-a-b-c-d---|', '(abcd|)', '-ab----cd---|'];
const values = { a: 1, b: 2, c: 3, d: 4 };
const numbers = Object.values(values);
const firstOf = take<unknown>(30);

describe('across around every operator of RxJS', () => {
  for (const [name, through] of Object.entries(all)) {
    if (computing.includes(name) || name === goingBack || name in reading) continue;
    for (const diagram of diagrams) {
      it(`without an option carries tensors through ${name} as RxJS carries numbers: ${diagram}`, () => {
        marbles(({ cold, expectObservable }) => {
          const numbers$ = cold(diagram, values);
          const carried = numbers$.pipe(scalars, dl.across(through), read(), firstOf);
          expectObservable(carried).toEqual(through(numbers$).pipe(firstOf));
        });
      });
    }
  }

  for (const [name, wanted] of Object.entries(reading)) {
    it(`without an option carries tensors through ${name}, which reads them`, () => {
      const seen: unknown[] = [];
      marbles(({ cold }) => {
        cold('-a-b-c-d---|', values)
          .pipe(scalars, dl.across(all[name]!), read())
          .subscribe((value) => seen.push(value));
      });
      expect(seen).toEqual([wanted(numbers)]);
    });
  }

  it('with a number carries tensors through an operator that goes back to old ones', () => {
    marbles(({ cold, expectObservable }) => {
      const numbers$ = cold('-a-b-c-d---|', values);
      const carried = numbers$.pipe(
        scalars,
        dl.across(all[goingBack]!, { holds: Infinity }),
        firstOf,
        read(),
      );
      expectObservable(carried).toEqual(all[goingBack]!(numbers$).pipe(firstOf));
    });
  });

  for (const name of computing) {
    it(`refuses ${name}, which computes`, () => {
      let error: unknown;
      marbles(({ cold }) => {
        cold('-a-b-c-d---|', values)
          .pipe(scalars, dl.across(all[name]!), read())
          .subscribe({ error: (found: unknown) => (error = found) });
      });
      expect(String(error)).toMatch(
        /that it was not given; wanted an operator|made in an emission of across/,
      );
    });
  }
});

type Timed = (time: SchedulerLike) => OperatorFunction<unknown, unknown>;

/** What depends on time, on how many values there are, or on their end. */
const timed: Readonly<Record<string, Timed>> = {
  auditTime: (time) => auditTime(5, time),
  'bufferCount(3)': () => bufferCount(3),
  'bufferCount(3, 1)': () => bufferCount(3, 1),
  'bufferCount(5, 7)': () => bufferCount(5, 7),
  bufferTime: (time) => bufferTime(5, time),
  concatMap: (time) => concatMap((x) => of(x).pipe(delay(2, time))),
  debounceTime: (time) => debounceTime(5, time),
  delay: (time) => delay(5, time),
  exhaustMap: (time) => exhaustMap((x) => of(x).pipe(delay(3, time))),
  filter: () => filter((_, index) => index % 3 === 1),
  last: () => last(),
  mergeMap: (time) => mergeMap((x) => of(x).pipe(delay(3, time))),
  observeOn: (time) => observeOn(time, 2),
  pairwise: () => pairwise(),
  sampleTime: (time) => sampleTime(5, time),
  skip: () => skip(3),
  'skipLast(4)': () => skipLast(4),
  switchMap: (time) => switchMap((x) => of(x).pipe(delay(3, time))),
  'takeLast(1)': () => takeLast(1),
  'takeLast(5)': () => takeLast(5),
  throttleTime: (time) => throttleTime(50, time),
  'throttleTime with trailing': (time) => throttleTime(5, time, { leading: true, trailing: true }),
  toArray: () => toArray(),
};

/** How many values each of them needs: a number lets the source run on, however many there are. */
const needed: Readonly<Record<string, number | 'all'>> = {
  ...Object.fromEntries(
    ['auditTime', 'debounceTime', 'sampleTime', 'switchMap', 'last', 'takeLast(1)'].map((name) => [name, 1]),
  ),
  ...Object.fromEntries(
    ['throttleTime', 'throttleTime with trailing', 'filter', 'skip'].map((name) => [name, 1]),
  ),
  ...Object.fromEntries(
    ['delay', 'observeOn', 'concatMap', 'mergeMap'].map((name) => [name, 'all' as const]),
  ),
  pairwise: 2,
  'bufferCount(3)': 3,
  'bufferCount(3, 1)': 3,
  'bufferCount(5, 7)': 7,
  'skipLast(4)': 5,
  'takeLast(5)': 5,
  bufferTime: Infinity,
  exhaustMap: Infinity,
  toArray: Infinity,
};

interface Outcome {
  readonly seen: readonly unknown[];
  readonly mostTensors: number;
}

/** What a source that pulls gives through an operator, on virtual time. */
async function outcome(
  count: number,
  inFlight: number,
  through: (time: SchedulerLike) => OperatorFunction<number, unknown>,
): Promise<Outcome> {
  const time = new VirtualTimeScheduler();
  const seen: unknown[] = [];
  const before = dl.memory().numTensors;
  let mostTensors = 0;
  const source = dl.examples(
    Array.from({ length: count }, (_, i) => i),
    { scheduler: time, inFlight },
  );
  const subscription = source.pipe(through(time), read()).subscribe({
    next: (value) => {
      seen.push(value);
      mostTensors = Math.max(mostTensors, dl.memory().numTensors - before);
    },
    error: (error: unknown) => seen.push(String(error)),
    complete: () => seen.push('complete'),
  });
  await passTime('across', time, { milliseconds: 20_000 });
  subscription.unsubscribe();
  return { seen, mostTensors };
}

const onTensors =
  (timedOperator: Timed, options?: dl.AcrossOptions) =>
  (time: SchedulerLike): OperatorFunction<number, unknown> =>
  (numbers$) =>
    numbers$.pipe(scalars, dl.across(timedOperator(time), options));

describe('across below a source that pulls', () => {
  for (const [name, timedOperator] of Object.entries(timed)) {
    for (const inFlight of [1, 2, 3]) {
      it(`without an option gives what RxJS gives, with ${inFlight} in flight: ${name}`, async () => {
        const found = await outcome(30, inFlight, onTensors(timedOperator));
        const wanted = await outcome(30, inFlight, timedOperator);
        expect(found.seen).toEqual(wanted.seen);
      });
    }

    it(`of many values, holding what the operator needs, gives what RxJS gives: ${name}`, async () => {
      const holds = needed[name]!;
      const found = await outcome(300, 2, onTensors(timedOperator, { holds }));
      const wanted = await outcome(300, 2, timedOperator);
      expect(found.seen).toEqual(wanted.seen);
      if (typeof holds === 'number' && holds < 10)
        expect(found.mostTensors).toBeLessThanOrEqual(3 * holds + 3);
      if (holds === 'all') expect(found.mostTensors).toBeLessThanOrEqual(5);
    });
  }

  for (const name of ['delay', 'observeOn', 'concatMap', 'mergeMap']) {
    it(`makes the source wait as soon as it has seen that the operator is a queue: ${name}`, async () => {
      const found = await outcome(1000, 2, onTensors(timed[name]!));
      expect(found.seen.slice(0, -1)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
      expect(found.seen.at(-1)).toBe('complete');
      expect(found.mostTensors).toBeLessThanOrEqual(64 + 2 + 3);
    });
  }

  it('lets the memory of an operator that waits for the end grow slowly, and goes on', async () => {
    const seen: unknown[] = [];
    await dl
      .examples(Array.from({ length: 100 }, (_, i) => i))
      .pipe(scalars, dl.across(toArray()), read())
      .forEach((value) => seen.push(value));
    expect(seen).toEqual([Array.from({ length: 100 }, (_, i) => i)]);
  });

  for (const name of [
    'debounceTime',
    'sampleTime',
    'auditTime',
    'bufferTime',
    'throttleTime with trailing',
  ]) {
    it(`says so where its waiting may have changed what came out, and never gives a wrong value: ${name}`, async () => {
      const found = await outcome(300, 2, onTensors(timed[name]!));
      const wanted = await outcome(300, 2, timed[name]!);
      const ending = String(found.seen.at(-1));
      if (ending === 'complete') expect(found.seen).toEqual(wanted.seen);
      else {
        expect(ending).toMatch(/^Error: across: the source was made to wait.*Give the option 'holds'/);
        expect(found.seen.slice(0, -1)).toEqual(wanted.seen.slice(0, found.seen.length - 1));
      }
    });
  }
});

describe('across, with all values held,', () => {
  it('says so where one of them never came out', () => {
    let error: unknown;
    of(1, 2, 3)
      .pipe(scalars, dl.across(takeLast(1), { holds: 'all' }), read())
      .subscribe({ error: (found: unknown) => (error = found) });
    expect(String(error)).toBe(
      'Error: across: the operator inside has completed, and 2 of its values never came out, though the option ' +
        "holds: 'all' says that each comes out once. Leave out the option 'holds', or give it the number of values that the operator needs; what ends the stream early, as take, belongs below across",
    );
  });

  it('does not mind where the operator ends before its source', async () => {
    const seen: unknown[] = [];
    await of(1, 2, 3)
      .pipe(
        concatWith(NEVER),
        scalars,
        dl.across((x$) => x$.pipe(delay(0), take(1)), { holds: 'all' }),
        read(),
      )
      .forEach((value) => seen.push(value));
    expect(seen).toEqual([1]);
  });

  it('lets values overtake one another', () => {
    marbles(({ cold, expectObservable }) => {
      const numbers$ = cold('-a-b-c-d---|', values);
      let turn = 0;
      const overtaking = mergeMap((x: unknown) => of(x).pipe(delay(turn++ % 2 === 0 ? 5 : 1)));
      const carried = numbers$.pipe(scalars, dl.across(overtaking, { holds: 'all' }), read());
      expectObservable(carried).toBe('----b-a-d-c|', values);
    });
  });
});
