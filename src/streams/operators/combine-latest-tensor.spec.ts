import * as dl from 'rxtensor';
import { combineLatest, merge, of, Subject, take, throwError, type Observable } from 'rxjs';
import { marbles, plain, read, typeOnly } from '../../../test/support/marbles';
import { peakTensors } from '../../../test/support/peak';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const values = { a: 1, b: 2, c: 3, x: 10, y: 20 };

describe('combineLatestTensor', () => {
  const cases: readonly (readonly string[])[] = [
    ['-a---b---|', '---x---y-|'],
    ['-a-|', '---x---y-|'],
    ['-|', '---x---y-|'],
    ['-a-#', '--x----y-|'],
    ['(a|)', '(xy|)'],
    ['---|', '---|'],
    ['-a-b-c-|', '--x-y---------|', '-----a-|'],
  ];
  for (const sources of cases) {
    it(`emits what RxJS's operator does: ${sources.join(' and ')}`, () => {
      marbles(({ cold, expectObservable }) => {
        const numbers = sources.map((marble) => cold(marble, values));
        const ours = dl.combineLatestTensor(numbers.map((each) => each.pipe(scalars))).pipe(read());
        expectObservable(ours).toEqual(combineLatest(numbers));
      });
    });
  }

  it('unsubscribes from all, and frees what it holds', () => {
    const before = dl.memory().numTensors;
    const [a, b] = [new Subject<number>(), new Subject<number>()];
    const subscription = dl.combineLatestTensor([a.pipe(scalars), b.pipe(scalars)]).subscribe();
    a.next(1);
    b.next(2);
    expect(dl.memory().numTensors).toBe(before + 2);
    subscription.unsubscribe();
    expect([a.observed, b.observed]).toEqual([false, false]);
    expect(dl.memory().numTensors).toBe(before);
  });

  it('shows each value to the end of its emission, fed back to or unsubscribed', () => {
    const [a, b] = [new Subject<number>(), new Subject<number>()];
    const seen: unknown[] = [];
    const subscription = dl.combineLatestTensor([a.pipe(scalars), b.pipe(scalars)]).subscribe((both) => {
      if (seen.length === 0) {
        seen.push('first');
        a.next(3);
      } else {
        subscription.unsubscribe();
      }
      seen.push(plain(both));
    });
    a.next(1);
    b.next(2);
    expect(seen).toEqual(['first', [3, 2], [1, 2]]);
  });

  it('holds one value of each, through repeat and share too', () => {
    const subject = new Subject<number>();
    let seen = 0;
    const peak = peakTensors(() => {
      const shared = subject.pipe(scalars);
      dl.combineLatestTensor([shared, shared, of(1).pipe(scalars)])
        .pipe(dl.mapTensor(([x, y, z]) => x.add(y).add(z)))
        .subscribe(() => seen++);
      for (let i = 0; i < 200; i++) subject.next(i);
      subject.complete();
    });
    expect(seen).toBe(399);
    expect(peak).toBeLessThanOrEqual(14);
  });

  it('refuses a tensor on the tape, and no sources', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    let error: unknown;
    const taped = of(1).pipe(dl.mapTensor((x) => dl.mul(weight, x)));
    dl.combineLatestTensor([taped]).subscribe({ error: (found: unknown) => (error = found) });
    expect(String(error)).toMatch(
      /^Error: combineLatestTensor: the value has a tensor.*computed from trainable variables/,
    );
    weight.dispose();
    expect(() => dl.combineLatestTensor([])).toThrowError(
      "combineLatestTensor: argument 'sources' is empty; wanted an array of observables",
    );
    expect(() => dl.combineLatestTensor(of(1) as never)).toThrowError(/is object; wanted an array/);
  });

  it('has the types of its sources', () => {
    const both: Observable<readonly [dl.Tensor2D, { y: number }]> = dl.combineLatestTensor([
      typeOnly<Observable<dl.Tensor2D>>() ?? of(typeOnly<dl.Tensor2D>()),
      of({ y: 1 }),
    ]);
    expect(both).toBeDefined();
  });

  it('is left in mid-emission by take, with a source that fails after it', () => {
    const seen: unknown[] = [];
    const failing = merge(
      of(1),
      throwError(() => new Error('too late')),
    ).pipe(scalars);
    dl.combineLatestTensor([of(2).pipe(scalars), failing])
      .pipe(read(), take(1))
      .subscribe((both) => seen.push(both));
    expect(seen).toEqual([[2, 1]]);
  });
});
