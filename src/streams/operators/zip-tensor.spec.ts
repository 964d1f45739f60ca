import * as dl from 'rxtensor';
import { mergeMap, NEVER, of, share, skip, Subject, tap, zip } from 'rxjs';
import { deferred, marbles, plain, read, settle } from '../../../test/support/marbles';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const values = { a: 1, b: 2, c: 3, x: 10, y: 20, z: 30 };

describe('zipTensor', () => {
  const cases: readonly (readonly string[])[] = [
    ['-a-b-c---|', '-----x-y-z-|'],
    ['-a-b-c---|', '--x-|'],
    ['(abc|)', '----x--y--|'],
    ['-|', '--x-|'],
    ['-a-#', '--x-y-|'],
    ['-a-b-|', '(xyz|)', '---x---y---|'],
  ];
  for (const sources of cases) {
    it(`emits what RxJS's operator does: ${sources.join(' and ')}`, () => {
      marbles(({ cold, expectObservable }) => {
        const numbers = sources.map((marble) => cold(marble, values));
        const ours = dl.zipTensor(numbers.map((each) => each.pipe(scalars))).pipe(read());
        expectObservable(ours).toEqual(zip(numbers));
      });
    });
  }

  it('frees what waits when it is unsubscribed from', () => {
    const before = dl.memory().numTensors;
    const [a, b] = [new Subject<number>(), new Subject<number>()];
    const subscription = dl.zipTensor([a.pipe(scalars), b.pipe(scalars)]).subscribe();
    for (const x of [1, 2, 3]) a.next(x);
    b.next(1);
    expect(dl.memory().numTensors).toBe(before + 2);
    subscription.unsubscribe();
    expect(dl.memory().numTensors).toBe(before);
    expect([a.observed, b.observed]).toEqual([false, false]);
  });

  it('lets a subscriber unsubscribe and still read', () => {
    const seen: unknown[] = [];
    const subject = new Subject<number>();
    const subscription = dl.zipTensor([of(1).pipe(scalars), subject.pipe(scalars)]).subscribe((both) => {
      subscription.unsubscribe();
      seen.push(plain(both));
    });
    subject.next(2);
    expect(seen).toEqual([[1, 2]]);
  });

  it('does not let a pulling source run ahead by more than its inFlight, and by 16 more before the other begins', async () => {
    const slow = new Subject<number>();
    let made = 0;
    const seen: unknown[] = [];
    const fast = dl
      .examples(
        Array.from({ length: 40 }, (_, i) => i),
        { inFlight: 3 },
      )
      .pipe(
        dl.mapTensor((x) => {
          made++;
          return dl.scalar(x);
        }),
      );
    const subscription = dl
      .zipTensor([fast, slow.pipe(scalars)])
      .pipe(read())
      .subscribe((both) => seen.push(both));
    await settle();
    expect(made).toBe(16 + 3);
    slow.next(10);
    await settle();
    expect(made).toBe(16 + 3);
    for (let i = 1; i < 17; i++) slow.next(10);
    await settle();
    expect(made).toBe(16 + 4);
    expect(seen.length).toBe(17);
    subscription.unsubscribe();
  });

  it('keeps the emissions that brought a pair unfinished until its own is', async () => {
    let taken = 0;
    const work = deferred();
    const early$ = dl.examples([1, 2, 3], { inFlight: 1 }).pipe(tap(() => taken++));
    const late$ = dl.examples([4, 5, 6], { inFlight: 1 });
    const subscription = dl.zipTensor([early$, late$]).subscribe(() => dl.waitUntil(work.promise));
    await settle();
    expect(taken).toBe(1);
    work.resolve();
    await settle();
    expect(taken).toBe(3);
    subscription.unsubscribe();
  });

  it('does not let one of two pulling sources run ahead by more than its inFlight', async () => {
    let taken = 0;
    const never$ = dl.examples([1, 2, 3]).pipe(mergeMap(() => NEVER));
    const subscription = dl
      .zipTensor([dl.examples([1, 2, 3, 4, 5]).pipe(tap(() => taken++)), never$])
      .subscribe();
    await settle();
    expect(taken).toBe(2);
    subscription.unsubscribe();
  });

  for (const distance of [1, 3, 10]) {
    for (const inFlight of [1, 2, 4]) {
      it(`pairs the values of one shared source at a distance of ${distance}, with ${inFlight} in flight, either first`, async () => {
        const numbers = Array.from({ length: 14 }, (_, i) => i);
        const pairs = numbers.slice(distance).map((x, i) => [i, x] as const);
        const seen: unknown[] = [];
        const note = { next: (both: unknown) => seen.push(both), complete: () => seen.push('complete') };
        const source = dl.examples(numbers, { inFlight }).pipe(scalars, share());
        dl.zipTensor([source, source.pipe(skip(distance))])
          .pipe(read())
          .subscribe(note);
        await settle();
        expect(seen).toEqual([...pairs, 'complete']);
        seen.length = 0;
        dl.zipTensor([source.pipe(skip(distance)), source])
          .pipe(read())
          .subscribe(note);
        await settle();
        expect(seen).toEqual([...pairs.map(([a, b]) => [b, a]), 'complete']);
      });
    }
  }

  it('does not hold up a shared source when it is left', async () => {
    const seen: unknown[] = [];
    const numbers = Array.from({ length: 30 }, (_, i) => i);
    const source = dl.examples(numbers, { inFlight: 1 }).pipe(scalars, share());
    const subscription = dl.zipTensor([source, NEVER]).subscribe();
    source.pipe(read()).subscribe((x) => seen.push(x));
    await settle();
    expect(seen).toEqual(numbers.slice(0, 17));
    subscription.unsubscribe();
    await settle();
    expect(seen).toEqual(numbers);
  });

  it('emits its last pair also when a value is fed back into it meanwhile', () => {
    const seen: unknown[] = [];
    const numbers = new Subject<number>();
    dl.zipTensor([numbers.pipe(scalars), of(10).pipe(scalars)])
      .pipe(
        read(),
        tap(() => numbers.next(2)),
      )
      .subscribe({ next: (pair) => seen.push(pair), complete: () => seen.push('complete') });
    numbers.next(1);
    expect(seen).toEqual([[1, 10], 'complete']);
  });

  it('refuses a tensor on the tape', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    let error: unknown;
    dl.zipTensor([of(1).pipe(dl.mapTensor((x) => dl.mul(weight, x)))]).subscribe({
      error: (found: unknown) => (error = found),
    });
    expect(String(error)).toMatch(
      /^Error: zipTensor: the value has a tensor.*computed from trainable variables/,
    );
    weight.dispose();
  });
});
