import * as dl from 'rxtensor';
import {
  bufferCount,
  catchError,
  concatMap,
  defer,
  delay,
  EMPTY,
  endWith,
  filter,
  from,
  interval,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  of,
  reduce,
  share,
  startWith,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import { plain, read, settle } from '../../../test/support/marbles';

/** A tensor, and one more on the way to it. */
const made = (x: number): dl.Scalar => dl.scalar(x).square();

describe('Tensors that stock operators make between a stock source and ours', () => {
  let before: number;
  let warn: jasmine.Spy;
  beforeEach(() => {
    dl.disableDebugMode(); // what was warned of before is forgotten
    warn = spyOn(console, 'warn');
    before = dl.memory().numTensors;
  });

  const owned: Readonly<Record<string, () => Observable<unknown>>> = {
    'interval and map': () => interval(1).pipe(take(5), map(made), dl.download()),
    'of and map': () => of(1, 2, 3).pipe(map(made), dl.download()),
    'several maps': () =>
      from([1, 2, 3]).pipe(
        filter((x) => x !== 2),
        map(made),
        map((x) => x.add(1)),
        dl.download(),
      ),
    'a delay before the map': () => of(1, 2, 3).pipe(delay(1), map(made), dl.download()),
    'inner streams that come at once': () =>
      of(1, 2).pipe(
        mergeMap((x) => of(x, x + 1).pipe(map(made))),
        dl.mapTensor((x) => x.neg()),
        dl.download(),
      ),
    'inner streams of a switchMap': () =>
      of(1, 2).pipe(
        switchMap((x) => of(made(x), made(x))),
        dl.download(),
      ),
    'what a reduce makes at the end': () =>
      of(1, 2, 3).pipe(
        reduce((sum, x) => sum + x, 0),
        map(made),
        dl.download(),
      ),
    'what stands for an error': () =>
      timer(1).pipe(
        mergeMap(() => throwError(() => new Error('from above'))),
        catchError(() => of(made(1), made(2))),
        dl.download(),
      ),
    'our operators further below': () =>
      interval(1).pipe(
        take(3),
        map(made),
        dl.slidingWindow(2),
        map((x) => x.sum()),
        dl.download(),
      ),
    'a shared source': () => {
      const shared = interval(1).pipe(take(3), map(made), share());
      return merge(
        shared.pipe(dl.download()),
        shared.pipe(
          dl.mapTensor((x) => x.neg()),
          dl.download(),
        ),
      );
    },
    'sources that are combined': () =>
      dl
        .combineLatestTensor([of(1, 2).pipe(map(made)), interval(1).pipe(take(2), map(made))])
        .pipe(dl.download()),
    'sources that are zipped': () =>
      dl.zipTensor([of(1, 2).pipe(map(made)), interval(1).pipe(take(2), map(made))]).pipe(dl.download()),
    'scoped() right after the source of an inner stream': () =>
      of(1, 2).pipe(
        concatMap((x) =>
          timer(1).pipe(
            dl.scoped(),
            map(() => made(x)),
          ),
        ),
        dl.download(),
      ),
  };
  for (const [name, stream] of Object.entries(owned)) {
    it(`are freed: ${name}`, async () => {
      await lastValueFrom(stream());
      await settle();
      expect(dl.memory().numTensors).toBe(before);
      expect(warn).not.toHaveBeenCalled();
    });

    it(`are freed by whoever leaves early: ${name}`, async () => {
      await lastValueFrom(stream().pipe(take(1)));
      await settle();
      expect(dl.memory().numTensors).toBe(before);
    });
  }

  const unowned: Readonly<Record<string, (note: (x: dl.Tensor) => dl.Tensor) => Observable<unknown>>> = {
    'inner streams that come later': (note) =>
      of(1, 2, 3).pipe(
        concatMap((x) => timer(1).pipe(map(() => note(dl.scalar(x))))),
        dl.download(),
      ),
    'a delay below the map': (note) =>
      of(1, 2, 3).pipe(
        map((x) => note(dl.scalar(x))),
        delay(1),
        dl.download(),
      ),
    'a buffer below the map': (note) =>
      of(1, 2, 3, 4).pipe(
        map((x) => note(dl.scalar(x))),
        bufferCount(2),
        dl.download(),
      ),
    'a filter that drops what the map has made': (note) =>
      of(1, 2, 3).pipe(
        map((x) => note(dl.scalar(x))),
        filter(() => false),
        endWith(0),
        dl.download(),
      ),
    'a source that makes them': (note) =>
      defer(() => from([1, 2].map((x) => note(dl.scalar(x))))).pipe(dl.download()),
  };
  for (const [name, stream] of Object.entries(unowned)) {
    it(`are warned of, once, with the operator and the cure, where nobody can own them: ${name}`, async () => {
      const tensors: dl.Tensor[] = [];
      const seen = await lastValueFrom(
        stream((x) => {
          tensors.push(x);
          return x;
        }),
      );
      expect(seen).toBeDefined();
      expect(warn).toHaveBeenCalled();
      for (const [text] of warn.calls.allArgs()) {
        expect(text).toMatch(
          /^rxtensor: .*belongs? to no emission.*Put scoped\(\) right after the stock source/,
        );
        expect(text).toMatch(/\bdownload\b/);
      }
      const times = warn.calls.count();
      await lastValueFrom(
        stream((x) => {
          tensors.push(x);
          return x;
        }),
      );
      expect(warn.calls.count()).toBe(times);
      dl.dispose(tensors);
    });
  }

  it('are not taken from a program that pushes its own and frees them', () => {
    const subject = new Subject<dl.Tensor>();
    const seen: unknown[] = [];
    const subscription = subject
      .pipe(
        filter(() => true),
        dl.mapTensor((x) => x.neg()),
        read(),
      )
      .subscribe((value) => seen.push(value));
    for (const x of [1, 2, 3]) {
      const image = dl.scalar(x);
      subject.next(image);
      expect(plain(image)).toBe(x);
      image.dispose();
    }
    subscription.unsubscribe();
    expect(seen).toEqual([-1, -2, -3]);
    expect(warn).not.toHaveBeenCalled();
  });

  it('are not freed where they are kept', () => {
    const kept: dl.Tensor[] = [];
    of(1, 2)
      .pipe(
        map((x) => dl.keep(dl.scalar(x))),
        tap((x) => kept.push(x)),
        dl.mapTensor((x) => x.neg()),
      )
      .subscribe();
    expect(plain(kept)).toEqual([1, 2]);
    dl.dispose(kept);
  });

  it('leave the order of things as it is: a synchronous source sees at once that nobody listens', () => {
    let pulledValues = 0;
    const endless = function* (): Generator<number> {
      for (;;) yield pulledValues++;
    };
    const seen: unknown[] = [];
    from(endless())
      .pipe(
        mergeMap((x) => (x === 1 ? EMPTY : of(x))),
        map(made),
        dl.mapTensor((x) => x.add(1)),
        read(),
        take(3),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([1, 5, 10]);
    expect(pulledValues).toBe(4);
  });

  it('keep what startWith and endWith were given alive: they are made by the program', () => {
    const first = dl.scalar(7);
    const seen: unknown[] = [];
    of(1)
      .pipe(
        map(made),
        startWith(first),
        endWith(first),
        dl.mapTensor((x) => x.neg()),
        read(),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([-7, -1, -7]);
    expect(plain(first)).toBe(7);
    first.dispose();
  });
});
