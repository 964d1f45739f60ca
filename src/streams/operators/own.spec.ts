import * as dl from 'rxtensor';
import { firstValueFrom, from, lastValueFrom, of, toArray } from 'rxjs';
import { isTaped } from '../../tensor/tape';
import { marbles, plain } from '../../../test/support/marbles';

describe('own', () => {
  it('hands tensors to the subscriber', async () => {
    const stream = dl.examples([3]).pipe(
      dl.mapTensor((x) => dl.scalar(x).square()),
      dl.own(),
    );
    const y = await firstValueFrom(stream);
    expect(plain(y)).toBe(9);
    y.dispose();
  });

  it('may be followed by operators that remember', async () => {
    const kept = await lastValueFrom(
      from([1, 2, 3]).pipe(
        dl.mapTensor((x) => ({ value: dl.scalar(x), list: [dl.tensor1d([x, x])] })),
        dl.own(),
        toArray(),
      ),
    );
    expect(plain(kept)).toEqual([
      { value: 1, list: [[1, 1]] },
      { value: 2, list: [[2, 2]] },
      { value: 3, list: [[3, 3]] },
    ]);
    dl.dispose(kept);
  });

  it('emits when its source does', () => {
    const owned: dl.Tensor[] = [];
    marbles(({ cold, expectObservable }) => {
      const source = cold('-a-b-|', { a: 1, b: 2 }).pipe(
        dl.mapTensor((x) => dl.scalar(x)),
        dl.own(),
      );
      expectObservable(
        source.pipe((stream) =>
          stream.pipe(
            dl.mapTensor((x) => {
              owned.push(x);
              return plain(x);
            }),
          ),
        ),
      ).toBe('-a-b-|', { a: 1, b: 2 });
    });
    expect(owned.length).toBe(2);
    dl.dispose(owned);
  });

  it('makes them constants', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(3)));
    const owned: dl.Tensor[] = [];
    of(2)
      .pipe(
        dl.mapTensor((x) => dl.mul(weight, x)),
        dl.own(),
      )
      .subscribe((y) => owned.push(y));
    expect(owned.map(isTaped)).toEqual([false]);
    expect(plain(owned)).toEqual([6]);
    dl.dispose([weight, ...owned]);
  });

  it('does not see what happens to its values later', () => {
    const owned: dl.Tensor[] = [];
    const weight = dl.tidy(() => dl.variable(dl.scalar(3)));
    of(weight)
      .pipe(dl.own())
      .subscribe((y) => owned.push(y));
    dl.tidy(() => weight.assign(dl.scalar(4)));
    expect(plain(owned)).toEqual([3]);
    dl.dispose([weight, ...owned]);
  });

  it('refuses a dead tensor, taking none of its value', () => {
    const dead = dl.scalar(1);
    dead.dispose();
    const living = dl.scalar(2);
    let error: unknown;
    of([living, dead])
      .pipe(dl.own())
      .subscribe({ error: (found: unknown) => (error = found) });
    expect(String(error)).toMatch(
      /^Error: own: argument 'value' is tensor #\d+ of shape \[\], which was disposed/,
    );
    living.dispose();
  });
});
