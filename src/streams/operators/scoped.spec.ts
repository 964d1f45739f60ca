import * as dl from 'rxtensor';
import { from, map, of } from 'rxjs';
import { marbles, plain, read } from '../../../test/support/marbles';
import { isEmitting } from '../emission';

describe('scoped', () => {
  it('passes values on, each in an emission', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('--a--b--|', { a: 1, b: 2 });
      const result = source.pipe(
        dl.scoped(),
        map((x) => dl.scalar(x).square()),
        read(),
      );
      expectObservable(result).toBe('--a--b--|', { a: 1, b: 4 });
      expectObservable(result, '---!').toBe('--a-', { a: 1 });
      expectSubscriptions(source.subscriptions).toBe(['^-------!', '^--!']);
    });
  });

  it('passes errors on', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-#', { a: 1 }).pipe(dl.scoped())).toBe('-a-#', { a: 1 });
    });
  });

  it('frees what stock operators make below it when everyone has seen it', () => {
    const made: dl.Tensor[] = [];
    const alive: boolean[] = [];
    from([1, 2])
      .pipe(
        dl.scoped(),
        map((x) => dl.scalar(x)),
        map((x) => x.square()),
      )
      .subscribe((y) => {
        alive.push(
          isEmitting(),
          made.every((before) => before.isDisposed),
        );
        made.push(y);
      });
    expect(alive).toEqual([true, true, true, true]);
    expect(made.every((each) => each.isDisposed)).toBeTrue();
  });

  it('does not own the value itself', () => {
    const outside = dl.scalar(1);
    of(outside).pipe(dl.scoped()).subscribe();
    expect(plain(outside)).toBe(1);
    outside.dispose();
  });
});
