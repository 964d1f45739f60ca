import * as dl from 'rxtensor';
import { from, of, Subject, take } from 'rxjs';
import { isTaped } from '../../tensor/tape';
import { marbles, plain, read } from '../../../test/support/marbles';
import { peakTensors } from '../../../test/support/peak';

const sum = (state: dl.Tensor, x: number): dl.Tensor => dl.add(state, x);

describe('scanTensor', () => {
  it('emits each new state', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('          --a--b--c--|', { a: 1, b: 2, c: 3 });
      const result = source.pipe(
        dl.scanTensor(sum, () => dl.scalar(10) as dl.Tensor),
        read(),
      );
      expectObservable(result).toBe('--a--b--c--|', { a: 11, b: 13, c: 16 });
      expectObservable(result, '------!').toBe('--a--b-', { a: 11, b: 13 });
      expectSubscriptions(source.subscriptions).toBe(['^----------!', '^-----!']);
    });
  });

  it('passes errors on', () => {
    marbles(({ cold, expectObservable }) => {
      const result = cold('-a-#', { a: 1 }).pipe(
        dl.scanTensor(sum, () => dl.scalar(0) as dl.Tensor),
        read(),
      );
      expectObservable(result).toBe('-a-#', { a: 1 });
    });
  });

  it('ends with an error thrown by the function, and frees the state', () => {
    const seen: unknown[] = [];
    let error: unknown;
    const failing = (state: dl.Tensor, x: number): dl.Tensor => {
      const next = dl.add(state, x);
      if (x === 3) throw new Error('in accumulate');
      return next;
    };
    from([1, 2, 3, 4])
      .pipe(
        dl.scanTensor(failing, () => dl.scalar(0) as dl.Tensor),
        read(),
      )
      .subscribe({ next: (value) => seen.push(value), error: (found: unknown) => (error = found) });
    expect(seen).toEqual([1, 3]);
    expect(error).toEqual(new Error('in accumulate'));
  });

  it('begins with the first value where there is no seed', () => {
    const seen: unknown[] = [];
    from([1, 2, 3])
      .pipe(
        dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
        dl.scanTensor((state: dl.Tensor, x: dl.Tensor) => dl.mul(state, x)),
        read(),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([1, 2, 6]);
  });

  it('leaves a seed that is a tensor to the caller', () => {
    const seed = dl.scalar(5) as dl.Tensor;
    for (let run = 0; run < 2; run++) {
      const seen: unknown[] = [];
      from([1, 2])
        .pipe(dl.scanTensor(sum, seed), read())
        .subscribe((value) => seen.push(value));
      expect(seen).toEqual([6, 8]);
    }
    seed.dispose();
  });

  it('makes a seed for each subscription where it is a function', () => {
    let made = 0;
    const stream = from([1]).pipe(
      dl.scanTensor(sum, () => dl.scalar(++made) as dl.Tensor),
      read(),
    );
    const seen: unknown[] = [];
    stream.subscribe((value) => seen.push(value));
    stream.subscribe((value) => seen.push(value));
    expect(seen).toEqual([2, 3]);
  });

  it('keeps a state in a container, whose parts need not change', () => {
    const seen: unknown[] = [];
    from([1, 2, 3])
      .pipe(
        dl.scanTensor(
          (state: { total: dl.Tensor; step: dl.Tensor; count: number }, x: number) => ({
            ...state,
            total: dl.add(state.total, dl.mul(state.step, x)),
            count: state.count + 1,
          }),
          () => ({ total: dl.scalar(0), step: dl.scalar(10), count: 0 }),
        ),
        read(),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([
      { total: 10, step: 10, count: 1 },
      { total: 30, step: 10, count: 2 },
      { total: 60, step: 10, count: 3 },
    ]);
  });

  it('frees the state it replaces', () => {
    const peak = peakTensors(() => {
      from(Array.from({ length: 200 }, (_, i) => i))
        .pipe(dl.scanTensor(sum, () => dl.scalar(0) as dl.Tensor))
        .subscribe();
    });
    expect(peak).toBeLessThanOrEqual(4);
  });

  it('shows a state that it hands on unchanged to the end of the emission, fed back to or unsubscribed', () => {
    const subject = new Subject<number>();
    const seen: unknown[] = [];
    const subscription = subject
      .pipe(
        dl.scanTensor(
          (state: dl.Tensor, x: number) => (x === 0 ? state : dl.add(state, x)),
          () => dl.scalar(7) as dl.Tensor,
        ),
      )
      .subscribe((state) => {
        seen.push(plain(state));
        if (seen.length === 1) subject.next(1);
        if (seen.length === 5) subscription.unsubscribe();
        seen.push(plain(state));
      });
    for (const x of [0, 0, 0]) subject.next(x);
    expect(seen).toEqual([7, 8, 8, 7, 8, 8]);
  });

  it('cuts gradients off between emissions, not within one', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(2)));
    const sgd = dl.train.sgd(0);
    const taped: boolean[] = [];
    const states: boolean[] = [];
    from([1, 2, 3])
      .pipe(
        dl.scanTensor(
          (state: dl.Tensor, x: number) => {
            states.push(isTaped(state));
            return dl.add(dl.mul(weight, state), x);
          },
          () => dl.scalar(1) as dl.Tensor,
        ),
        dl.mapTensor((state) => {
          taped.push(isTaped(state));
          return dl.square(state);
        }),
        dl.trainStep(sgd),
      )
      .subscribe();
    expect(states).toEqual([false, false, false]);
    expect(taped).toEqual([true, true, true]);
    dl.dispose(weight);
    sgd.dispose();
  });

  it('refuses a promise, a dead state and what is no function', () => {
    const errorOf = (accumulate: (state: dl.Tensor, x: number) => dl.Tensor): string => {
      let error: unknown;
      of(1)
        .pipe(dl.scanTensor(accumulate, () => dl.scalar(0) as dl.Tensor))
        .subscribe({ error: (found: unknown) => (error = found) });
      return String(error);
    };
    expect(errorOf((state) => Promise.resolve(state) as never)).toMatch(
      /scanTensor: the function 'accumulate' returned a promise/,
    );
    const dead = dl.scalar(1);
    dead.dispose();
    expect(errorOf(() => dead)).toMatch(
      /^Error: scanTensor: argument 'value' is tensor #\d+ of shape \[\], which was disposed/,
    );
    expect(() => dl.scanTensor('x' as never)).toThrowError(
      "scanTensor: argument 'accumulate' is string; wanted a function",
    );
  });

  it('is done with the first state when it is left at once', () => {
    of(1, 2)
      .pipe(
        dl.scanTensor(sum, () => dl.scalar(0) as dl.Tensor),
        take(1),
      )
      .subscribe();
    of(1)
      .pipe(
        dl.scanTensor(sum, () => dl.scalar(0) as dl.Tensor),
        take(0),
      )
      .subscribe();
    expect(dl.memory().numTensors).toBe(0);
  });
});
