import * as dl from 'rxtensor';
import {
  catchError,
  concat,
  concatWith,
  finalize,
  map,
  Observable,
  of,
  range,
  repeat,
  retry,
  share,
  Subject,
  take,
  tap,
  throwError,
  type Subscription,
} from 'rxjs';
import { plain, settle, unhandledErrors, until } from '../../test/support/marbles';
import { openFrame, scopeDepth } from '../tensor/extent';
import { operatorCases, type OperatorCase } from '../../test/support/operator-cases';
import * as streams from './index';

/** A Subject of numbers, through an operator of ours, with all that came out of it. */
class Run {
  readonly subject = new Subject<number>();
  readonly seen: unknown[] = [];
  ending: unknown = 'none';
  subscription: Subscription | null = null;

  constructor(private readonly each: OperatorCase) {}

  get stream(): Observable<unknown> {
    return this.subject.pipe(
      dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
      this.each.make(),
    );
  }

  subscribe(stream: Observable<unknown> = this.stream): this {
    this.subscription = stream.subscribe({
      next: (value) => this.seen.push(plain(value)),
      error: (error: unknown) => (this.ending = error),
      complete: () => (this.ending = 'complete'),
    });
    return this;
  }

  async feed(...numbers: number[]): Promise<this> {
    for (const x of numbers) {
      this.subject.next(x);
      await this.turn();
    }
    return this;
  }

  async turn(): Promise<void> {
    if (this.each.isAsynchronous) await settle();
  }
}

/** What comes out when the operator is subscribed to anew after each value that it emits. */
function emittedOneByOne(each: OperatorCase, numbers: readonly number[]): unknown[] {
  const emitted: unknown[] = [];
  let since: number[] = [];
  for (const x of numbers) {
    since.push(x);
    const [first] = each.emitted(since);
    if (first === undefined) continue;
    emitted.push(first);
    since = [];
  }
  return emitted;
}

const numbers = [3, 1, 4, 1.5, 9, 2];

/** Functions of the streams that are no operators, and operators that have specs of their own: of a page or a worker, or with no value before the end. */
const others = [
  ...['canvasFrames', 'examples', 'fromAsyncIterable', 'fromReadable', 'images', 'resume'],
  ...['videoFrames', 'webcam', 'memoryStore', 'isHostArray', 'waitUntil'],
  ...['each', 'ownLast', 'paint', 'toReadableStream'],
];

describe('The table of operators', () => {
  it('has every one', () => {
    const names = Object.entries(streams).flatMap(([name, value]) =>
      typeof value === 'function' && !others.includes(name) ? [name] : [],
    );
    const named = operatorCases.flatMap(({ name }) => name.match(/\w+/g) ?? []);
    expect(names.filter((name) => !named.includes(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(20);
  });
});

for (const each of operatorCases) {
  describe(`every operator: ${each.name}`, () => {
    let run: Run;
    let before: dl.MemoryInfo;

    beforeEach(() => {
      run = new Run(each);
      before = dl.memory();
    });

    afterEach(() => each.clean?.());

    function expectNothingLeft(): void {
      each.clean?.();
      expect(dl.memory().numTensors).toBe(before.numTensors);
      expect(dl.memory().numDataBuffers).toBe(before.numDataBuffers);
      expect(scopeDepth()).toBe(0);
      expect(openFrame()).toBeNull();
    }

    it('emits values and completes', async () => {
      await run.subscribe().feed(...numbers);
      expect(run.seen).toEqual([...each.emitted(numbers)]);
      run.subject.complete();
      await run.turn();
      expect(run.ending).toBe('complete');
      expectNothingLeft();
    });

    it('passes an error on and frees what it holds', async () => {
      await run.subscribe().feed(1);
      run.subject.error(new Error('from above'));
      await run.turn();
      expect(run.ending).toEqual(new Error('from above'));
      expect(run.subject.observed).toBeFalse();
      expectNothingLeft();
    });

    it('frees what it holds as soon as it is unsubscribed from', async () => {
      await run.subscribe().feed(1, 2, 3);
      const seen = run.seen.length;
      run.subscription?.unsubscribe();
      expect(run.subject.observed).toBeFalse();
      await run.feed(4, 5);
      expect(run.seen.length).toBe(seen);
      expectNothingLeft();
    });

    it('lets a subscriber unsubscribe in mid-emission and still read', async () => {
      const found: unknown[] = [];
      run.subscription = run.stream.subscribe((value) => {
        run.subscription?.unsubscribe();
        found.push(plain(value));
      });
      await run.feed(...numbers);
      expect(found).toEqual(each.emitted(numbers).slice(0, 1));
      expect(run.subject.observed).toBeFalse();
      expectNothingLeft();
    });

    it('reports an error thrown by the subscriber and goes on', async () => {
      let seen = 0;
      const found = await unhandledErrors(async () => {
        run.subscription = run.stream.subscribe(() => {
          seen++;
          throw new Error('in the subscriber');
        });
        await run.feed(...numbers);
        run.subject.complete();
      });
      expect(seen).toBe(each.emitted(numbers).length + (each.atCompletion ?? 0));
      expect(found).toEqual(Array.from({ length: seen }, () => new Error('in the subscriber')));
      expectNothingLeft();
    });

    it('frees everything though a teardown above it throws', async () => {
      const stream = run.subject.pipe(
        finalize(() => {
          throw new Error('in teardown');
        }),
        dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
        each.make(),
      );
      await run.subscribe(stream).feed(1, 2, 3);
      expect(() => run.subscription?.unsubscribe()).toThrow();
      expectNothingLeft();
    });

    it('frees everything though a teardown below it throws as it completes, and the error is reported', async () => {
      const found = await unhandledErrors(async () => {
        const stream = run.stream.pipe(
          finalize(() => {
            throw new Error('in teardown');
          }),
        );
        await run.subscribe(stream).feed(1);
        run.subject.complete();
      });
      expect(run.ending).toBe('complete');
      expect(found.map(String).join()).toContain('in teardown');
      expect(run.subject.observed).toBeFalse();
      expectNothingLeft();
    });

    it('completes, and passes an error on, where there was no value', async () => {
      run.subscribe().subject.complete();
      await run.turn();
      expect(run.ending).toBe('complete');
      const failing = new Run(each).subscribe();
      failing.subject.error(new Error('at once'));
      await failing.turn();
      expect(failing.ending).toEqual(new Error('at once'));
      expect([...run.seen, ...failing.seen]).toEqual([]);
      expectNothingLeft();
    });

    it('loses nothing that is fed back from below, and frees nothing that is still looked at', async () => {
      const [first, ...others] = numbers;
      run.subscription = run.stream.subscribe({
        next: (value) => {
          const before = plain(value);
          run.seen.push(before);
          const fed = others.shift();
          if (fed !== undefined) run.subject.next(fed);
          expect(plain(value)).toEqual(before);
        },
        complete: () => (run.ending = 'complete'),
      });
      await run.feed(first!);
      while (others.length > 0) await run.feed(others.shift()!);
      await run.turn();
      run.subject.complete();
      await run.turn();
      expect(run.seen.length).toBe(each.emitted(numbers).length + (each.atCompletion ?? 0));
      expect(run.ending).toBe('complete');
      expectNothingLeft();
    });

    it('is subscribed to with the scopes and the tape set aside', () => {
      let depth = -1;
      let frame: unknown = 'not subscribed to';
      const source = new Observable<dl.Tensor>(() => {
        depth = scopeDepth();
        frame = openFrame();
      });
      const outer = of(1).pipe(dl.scoped());
      outer.subscribe(() => dl.tidy(() => source.pipe(each.make()).subscribe().unsubscribe()));
      expect(depth).toBe(0);
      expect(frame).toBeNull();
      expectNothingLeft();
    });

    it('take + repeat over a Subject', async () => {
      await run.subscribe(run.stream.pipe(take(1), repeat())).feed(...numbers);
      expect(run.seen).toEqual(emittedOneByOne(each, numbers));
      expect(run.ending).toBe('none');
      run.subscription?.unsubscribe();
      expectNothingLeft();
    });

    it('retry over a Subject', async () => {
      const stream = run.stream.pipe(
        tap((value) => run.seen.push(plain(value))),
        map(() => {
          throw new Error('again');
        }),
        retry(),
      );
      run.subscription = stream.subscribe();
      await run.feed(...numbers);
      expect(run.seen).toEqual(emittedOneByOne(each, numbers));
      run.subscription.unsubscribe();
      expectNothingLeft();
    });

    it('concat over a Subject', async () => {
      await run.subscribe(concat(run.stream.pipe(take(1)), run.stream.pipe(take(1)))).feed(...numbers);
      expect(run.seen).toEqual(emittedOneByOne(each, numbers).slice(0, 2));
      expect(run.ending).toBe('complete');
      expectNothingLeft();
    });

    it('catchError into a synchronous fallback over a Subject', async () => {
      const fallback = of(...numbers).pipe(
        dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
        each.make(),
      );
      const failing = run.subject.pipe(
        dl.mapTensor((x) => (x > 1 ? dl.reshape(dl.scalar(x), [2]) : dl.scalar(x))),
        each.make(),
        catchError(() => fallback),
        concatWith(throwError(() => new Error('the end'))),
      );
      await run.subscribe(failing).feed(5);
      // Several values come at once: what reads each of them takes more turns than one value.
      if (each.isAsynchronous) await until(() => run.ending !== 'none');
      expect(run.seen.slice(0, 5)).toEqual(each.emitted(numbers).slice(0, 5));
      await run.turn();
      expect(run.ending).toEqual(new Error('the end'));
      expect(run.subject.observed).toBeFalse();
      expectNothingLeft();
    });

    it('gives late subscribers of a share what comes from then on, and loses nobody anything', async () => {
      const shared = run.stream.pipe(share());
      const late: unknown[] = [];
      let second: Subscription | null = null;
      const first = shared.subscribe((value) => {
        second ??= shared.subscribe((sharedValue) => late.push(plain(sharedValue)));
        run.seen.push(plain(value));
        if (run.seen.length === 2) first.unsubscribe();
        // The others have not seen it yet, and the one that left still may read.
        plain(value);
      });
      await run.feed(...numbers);
      const emitted = each.emitted(numbers);
      expect(run.seen).toEqual(emitted.slice(0, 2));
      expect(late).toEqual(emitted.slice(1));
      (second as Subscription | null)?.unsubscribe();
      expectNothingLeft();
    });

    if (!each.isAsynchronous) {
      it('stops a synchronous source at once when nobody listens any more', () => {
        let made = 0;
        const source = range(1, 100_000).pipe(
          tap(() => made++),
          dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
        );
        source.pipe(each.make(), take(2)).subscribe();
        expect(made).toBeLessThanOrEqual(4);
        expectNothingLeft();
      });
    }
  });
}
