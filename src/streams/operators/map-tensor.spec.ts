import * as dl from 'rxtensor';
import { from, of, Subject, type Observable } from 'rxjs';
import { marbles, plain, read, unhandledErrors } from '../../../test/support/marbles';
import { peakTensors } from '../../../test/support/peak';

const values = { a: 1, b: 2, c: 3 };
const squares = { a: 1, b: 4, c: 9 };
const square = (x: number): dl.Tensor => dl.scalar(x).square();

describe('mapTensor', () => {
  it('projects each value', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('    --a--b--c--|', values);
      const unsubscribed = '   ------!';
      const result = source.pipe(dl.mapTensor(square), read());
      expectObservable(result).toBe('--a--b--c--|', squares);
      expectObservable(result, unsubscribed).toBe('--a--b-', squares);
      expectSubscriptions(source.subscriptions).toBe(['^----------!', '^-----!']);
    });
  });

  it('passes errors on', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('--a--#', values, new Error('from above'));
      expectObservable(source.pipe(dl.mapTensor(square), read())).toBe(
        '--a--#',
        squares,
        new Error('from above'),
      );
    });
  });

  it('makes an error thrown by the projection a notification, and unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('--a--b--c|', values);
      const failing = dl.mapTensor((x: number) => {
        if (x === 2) throw new Error('in the projection');
        return square(x);
      });
      expectObservable(source.pipe(failing, read())).toBe('--a--#', squares, new Error('in the projection'));
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });

  it('sends the error when its emission has ended', () => {
    let isDisposed = false;
    let made: dl.Tensor | undefined;
    of(1)
      .pipe(
        dl.mapTensor(() => {
          made = dl.scalar(1);
          throw new Error('in the projection');
        }),
      )
      .subscribe({ error: () => (isDisposed = made?.isDisposed ?? false) });
    expect(isDisposed).toBeTrue();
  });

  it('reports an error of the projection when nobody listens any more', async () => {
    const seen: unknown[] = [];
    const found = await unhandledErrors(() => {
      const subject = new Subject<number>();
      const subscription = subject
        .pipe(
          dl.mapTensor(() => {
            subscription.unsubscribe();
            throw new Error('too late');
          }),
        )
        .subscribe({ error: (error: unknown) => seen.push(error) });
      subject.next(1);
    });
    expect(seen).toEqual([]);
    expect(found).toEqual([new Error('too late')]);
  });

  it('does not hand on what the projection makes when nobody listens any more', () => {
    const seen: unknown[] = [];
    const subject = new Subject<number>();
    const subscription = subject
      .pipe(
        dl.mapTensor((x) => {
          subscription.unsubscribe();
          return dl.scalar(x);
        }),
      )
      .subscribe((x) => seen.push(x));
    subject.next(1);
    expect(seen).toEqual([]);
  });

  it('frees what the projection makes and does not return at once', () => {
    const peak = peakTensors(() => {
      of(1)
        .pipe(
          dl.mapTensor((x) => dl.scalar(x).square().square().square()),
          dl.mapTensor((x) => dl.square(x)),
        )
        .subscribe();
    });
    expect(peak).toBe(4);
  });

  it('follows nested containers', () => {
    const seen: unknown[] = [];
    from([1, 2])
      .pipe(
        dl.mapTensor((x) => ({ sum: [dl.scalar(x), dl.tensor1d([x, x])] as const, label: 'x' })),
        dl.mapTensor(({ sum: [a, b], label }) => ({ a: a.add(1), deep: { b: [b.mul(2)] }, label })),
        read(),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([
      { a: 2, deep: { b: [[2, 2]] }, label: 'x' },
      { a: 3, deep: { b: [[4, 4]] }, label: 'x' },
    ]);
  });

  it('gives the projection the value alone: mapTensor(dl.softmax), and a model with a default argument', () => {
    const seen: unknown[] = [];
    const model = (x: dl.Tensor, training = false, ...others: unknown[]): dl.Tensor => {
      expect(training).toBeFalse();
      expect(others).toEqual([]);
      return dl.mul(x, training ? 0 : 2);
    };
    from([0, 1, 2])
      .pipe(
        dl.mapTensor((x) => dl.tensor2d([[x, x]]) as dl.Tensor),
        dl.mapTensor(dl.softmax),
        dl.mapTensor(model),
        read(),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([[[1, 1]], [[1, 1]], [[1, 1]]]);
  });

  it('hands on a tensor that it did not make, and leaves it alone', () => {
    const constant = dl.scalar(5);
    from([1, 2])
      .pipe(dl.mapTensor(() => constant))
      .subscribe();
    expect(plain(constant)).toBe(5);
    constant.dispose();
  });

  it('refuses a promise, naming mapTensorAsync', () => {
    let error: unknown;
    of(1)
      .pipe(dl.mapTensor(async (x) => Promise.reject(new Error(`nobody sees ${x}`))))
      .subscribe({ error: (found: unknown) => (error = found) });
    expect(String(error)).toMatch(/^Error: mapTensor: the projection returned a promise;.*mapTensorAsync/);
  });

  it('refuses what is no function', () => {
    expect(() => dl.mapTensor(3 as never)).toThrowError(
      "mapTensor: argument 'project' is number; wanted a function",
    );
  });

  it('has the types of its projection', () => {
    const pairs: Observable<{ xs: dl.Tensor2D; ys: dl.Tensor1D[] }> = of({ x: 1 }).pipe(
      dl.mapTensor(({ x }) => ({ xs: dl.tensor2d([[x]]), ys: [dl.tensor1d([x])] })),
    );
    const sums: Observable<dl.Tensor> = pairs.pipe(dl.mapTensor(({ xs, ys: [y] }) => xs.add(y ?? 0)));
    const seen: unknown[] = [];
    sums.pipe(read()).subscribe((value) => seen.push(value));
    expect(seen).toEqual([[[2]]]);
  });
});
