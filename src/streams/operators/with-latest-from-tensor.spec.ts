import * as dl from 'rxtensor';
import { of, Subject, withLatestFrom, type Observable } from 'rxjs';
import { isTaped } from '../../tensor/tape';
import { marbles, plain, read } from '../../../test/support/marbles';
import { peakTensors } from '../../../test/support/peak';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));
const values = { a: 1, b: 2, c: 3, x: 10, y: 20 };

describe('withLatestFromTensor', () => {
  const cases: readonly (readonly string[])[] = [
    ['-a-b-c---|', '--x--y-----|'],
    ['-a-b-c---|', '--(x|)'],
    ['-a-b-#', '--x--y-----|'],
    ['-a-b-c-|', '--x-#'],
    ['(abc|)', '(xy|)'],
    ['-a-b-c-|', '-x----', '--y-x-'],
  ];
  for (const [source, ...others] of cases) {
    it(`emits what RxJS's operator does: ${source} with ${others.join(' and ')}`, () => {
      marbles(({ cold, expectObservable }) => {
        const numbers = cold(source!, values);
        const inputs = others.map((marble) => cold(marble, values));
        const ours = numbers.pipe(
          scalars,
          dl.withLatestFromTensor(...inputs.map((each) => each.pipe(scalars))),
          read(),
        );
        expectObservable(ours).toEqual(numbers.pipe(withLatestFrom(...inputs)));
      });
    });
  }

  it('holds the latest of the others only, and frees it at the end', () => {
    const [a, b] = [new Subject<number>(), new Subject<number>()];
    const seen: unknown[] = [];
    const peak = peakTensors(() => {
      const subscription = a.pipe(scalars, dl.withLatestFromTensor(b.pipe(scalars))).subscribe((both) => {
        b.next(100);
        seen.push(plain(both));
        if (seen.length === 100) subscription.unsubscribe();
        plain(both);
      });
      for (let i = 0; i < 110; i++) {
        b.next(i);
        a.next(i);
      }
    });
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => [i, i]));
    expect(peak).toBeLessThanOrEqual(6);
    expect([a.observed, b.observed]).toEqual([false, false]);
  });

  it('leaves the value itself on the tape, and refuses the others there', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    const taped = dl.mapTensor((x: number) => dl.mul(weight, x));
    of(2)
      .pipe(taped, dl.withLatestFromTensor(of(3).pipe(scalars)))
      .subscribe(([y]) => expect(isTaped(y)).toBeTrue());
    let error: unknown;
    of(2)
      .pipe(dl.withLatestFromTensor(of(3).pipe(taped)))
      .subscribe({ error: (found: unknown) => (error = found) });
    expect(String(error)).toMatch(
      /^Error: withLatestFromTensor: the value has a tensor.*computed from trainable variables/,
    );
    weight.dispose();
  });

  it('has the types of its sources', () => {
    const stream: Observable<[number, string, { z: boolean }]> = of(1).pipe(
      dl.withLatestFromTensor(of('y'), of({ z: true })),
    );
    const seen: unknown[] = [];
    stream.subscribe((value) => seen.push(value));
    expect(seen).toEqual([[1, 'y', { z: true }]]);
  });
});
