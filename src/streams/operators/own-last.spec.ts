import * as dl from 'rxtensor';
import {
  firstValueFrom,
  from,
  lastValueFrom,
  NEVER,
  of,
  Subject,
  takeUntil,
  throwError,
  concatWith,
} from 'rxjs';
import { isTaped } from '../../tensor/tape';
import { marbles, plain, read } from '../../../test/support/marbles';

const scalars = dl.mapTensor((x: number) => dl.scalar(x));

describe('ownLast', () => {
  it('hands the last value over, of which nothing else is left', async () => {
    const before = dl.memory().numTensors;
    const y = await lastValueFrom(dl.examples([1, 2, 3, 4]).pipe(scalars, dl.ownLast()));
    expect(dl.memory().numTensors).toBe(before + 1);
    expect(plain(y)).toBe(4);
    y.dispose();
  });

  it('follows containers, and makes constants', async () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(3)));
    const last = await lastValueFrom(
      from([1, 2]).pipe(
        dl.mapTensor((x) => ({ product: dl.mul(weight, x), list: [dl.scalar(x)] })),
        dl.ownLast(),
      ),
    );
    expect(plain(last)).toEqual({ product: 6, list: [2] });
    expect(isTaped(last.product)).toBeFalse();
    dl.dispose([last, weight]);
  });

  it('emits when its source completes', () => {
    const owned: dl.Tensor[] = [];
    marbles(({ cold, expectObservable }) => {
      const own = (source: string) =>
        cold(source, { a: 1, b: 2 }).pipe(
          scalars,
          dl.ownLast(),
          dl.mapTensor((x) => {
            owned.push(x);
            return plain(x);
          }),
        );
      expectObservable(own('-a-b-|')).toBe('-----(b|)', { b: 2 });
      expectObservable(own('-|')).toBe('-|');
      expectObservable(own('-a-#')).toBe('---#');
    });
    dl.dispose(owned);
  });

  it('leaves nothing where there is no end, an error, or nobody who listens', async () => {
    const before = dl.memory().numTensors;
    from([1, 2]).pipe(concatWith(NEVER), scalars, dl.ownLast()).subscribe().unsubscribe();
    const failing = from([1, 2]).pipe(concatWith(throwError(() => new Error('from above'))));
    await expectAsync(lastValueFrom(failing.pipe(scalars, dl.ownLast()))).toBeRejectedWithError('from above');
    const left = new Subject<void>();
    const subject = new Subject<number>();
    subject.pipe(scalars, dl.ownLast(), takeUntil(left)).subscribe();
    subject.next(1);
    left.next();
    subject.complete();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('is for the last one what own is for the first', async () => {
    const first = await firstValueFrom(of(1, 2).pipe(scalars, dl.own()));
    const last = await lastValueFrom(of(1, 2).pipe(scalars, dl.ownLast()));
    expect([first, last].map((x) => plain(x))).toEqual([1, 2]);
    dl.dispose([first, last]);
  });

  it('refuses a dead tensor', () => {
    const dead = dl.scalar(1);
    dead.dispose();
    let error: unknown;
    of(dead)
      .pipe(dl.ownLast(), read())
      .subscribe({ error: (found: unknown) => (error = found) });
    expect(String(error)).toMatch(
      /^Error: ownLast: argument 'value' is tensor #\d+ of shape \[\], which was disposed/,
    );
  });
});
