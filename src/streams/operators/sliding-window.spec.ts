import * as dl from 'rxtensor';
import { bufferCount, from, of, range, Subject, take, type Observable, type OperatorFunction } from 'rxjs';
import { marbles, read, typeOnly } from '../../../test/support/marbles';
import { peakTensors } from '../../../test/support/peak';

function windows(count: number, size: number, stride?: number): unknown[] {
  const seen: unknown[] = [];
  range(0, count)
    .pipe(dl.slidingWindow(size, stride === undefined ? {} : { stride }), read())
    .subscribe((value) => seen.push(value));
  return seen;
}

describe('slidingWindow', () => {
  it('emits when there are enough values, and then with each', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('     -a-b-c-d-|', { a: 1, b: 2, c: 3, d: 4 });
      const result = source.pipe(dl.slidingWindow(3), read());
      expectObservable(result).toBe('-----x-y-|', { x: [1, 2, 3], y: [2, 3, 4] });
      expectObservable(result, '------!').toBe('-----x-', { x: [1, 2, 3] });
      expectSubscriptions(source.subscriptions).toBe(['^--------!', '^-----!']);
      expectObservable(cold('-a-a-#', { a: 1 }).pipe(dl.slidingWindow(2), read())).toBe('---x-#', {
        x: [1, 1],
      });
    });
  });

  it('moves on by its stride', () => {
    expect(windows(6, 2)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
    ]);
    expect(windows(7, 3, 2)).toEqual([
      [0, 1, 2],
      [2, 3, 4],
      [4, 5, 6],
    ]);
    expect(windows(6, 2, 2)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect(windows(9, 2, 3)).toEqual([
      [0, 1],
      [3, 4],
      [6, 7],
    ]);
    expect(windows(3, 1, 2)).toEqual([[0], [2]]);
  });

  it('holds one window, follows containers and stacks tensors', () => {
    const seen: unknown[] = [];
    const peak = peakTensors(() => {
      range(0, 100)
        .pipe(
          dl.mapTensor((x) => ({ x: dl.tensor1d([x, -1]) })),
          dl.slidingWindow(4),
          dl.mapTensor(({ x }) => dl.sum(x)),
          read(),
        )
        .subscribe((value) => seen.push(value));
    });
    expect(seen.length).toBe(97);
    expect(seen[96]).toBe(96 + 97 + 98 + 99 - 4);
    expect(peak).toBeLessThanOrEqual(4 + 14);
  });

  it('has moved on when it emits: values that are fed back make windows as in bufferCount', () => {
    const fedBack = (windows: OperatorFunction<number, unknown>): unknown[] => {
      const seen: unknown[] = [];
      const numbers = new Subject<number>();
      numbers.pipe(windows, take(6)).subscribe((window) => {
        seen.push(window);
        if (seen.length < 4) numbers.next(10 * seen.length);
      });
      for (let i = 0; i < 5; i++) numbers.next(i);
      return seen;
    };
    const wanted = fedBack(bufferCount(3, 1));
    expect(wanted.length).toBe(6);
    expect(fedBack((source) => source.pipe(dl.slidingWindow(3), read()))).toEqual(wanted);
  });

  it('refuses a tensor on the tape, values that do not fit, and impossible arguments', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    const errors: string[] = [];
    const fail = { error: (error: unknown) => errors.push(String(error)) };
    of(1)
      .pipe(
        dl.mapTensor((x) => dl.mul(weight, x)),
        dl.slidingWindow(2),
      )
      .subscribe(fail);
    from([1, true]).pipe(dl.slidingWindow(2)).subscribe(fail);
    expect(errors[0]).toMatch(
      /^Error: slidingWindow: the value has a tensor.*Put slidingWindow before the model/s,
    );
    expect(errors[1]).toBe(
      'Error: slidingWindow: the example is boolean; wanted a number, as in the first example of the batch',
    );
    weight.dispose();
    expect(() => dl.slidingWindow(0)).toThrowError(
      "slidingWindow: argument 'size' is 0; wanted a positive integer",
    );
    expect(() => dl.slidingWindow(1, { stride: 0.5 })).toThrowError(
      "slidingWindow: option 'stride' is 0.5; wanted a positive integer",
    );
  });

  it('has types that follow containers', () => {
    const stream: Observable<{ x: dl.Tensor2D; y: dl.Tensor1D }> = of(
      typeOnly<{ x: dl.Tensor1D; y: number }>(),
    ).pipe(dl.slidingWindow(2));
    expect(stream).toBeDefined();
  });
});
