import * as dl from 'rxtensor';
import { delay, map, of, throwError } from 'rxjs';
import { tensorMarbles, type MarbleOptions, type TensorMarbles } from '.';

/** What a diagram says of itself, or nothing where it holds. */
function complaint(work: (helpers: TensorMarbles) => void, options?: MarbleOptions): string {
  try {
    tensorMarbles(work, options);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const values = { a: 1, b: 2, c: 3 };
const rows = (x: number): dl.Tensor =>
  dl.tensor2d([
    [x, 2 * x],
    [3 * x, 4 * x],
  ]);

describe('tensorMarbles', () => {
  it('compares tensors by value, with scalars as numbers and others as nested arrays', () => {
    const difference = complaint(({ cold, expectTensors }) => {
      const scalars = cold('-a-b-|', values).pipe(dl.mapTensor((x) => dl.scalar(x).square()));
      expectTensors(scalars).toBe('-a-b-|', { a: 1, b: 4 });
      const nested = cold('-a-|', values).pipe(
        dl.mapTensor((x) => ({ xs: rows(x), deep: [dl.tensor1d([x]), 'name'] })),
      );
      const wanted = {
        xs: [
          [1, 2],
          [3, 4],
        ],
        deep: [[1], 'name'],
      };
      expectTensors(nested).toBe('-a-|', { a: wanted });
    });
    expect(difference).toBe('');
  });

  it('reads each tensor when it is emitted: afterwards it is gone', () => {
    const emitted: dl.Tensor[] = [];
    const difference = complaint(({ cold, expectTensors }) => {
      const source = cold('abc|', values).pipe(
        dl.mapTensor((x) => dl.scalar(x)),
        map((x) => (emitted.push(x), x)),
      );
      expectTensors(source).toBe('abc|', values);
    });
    expect(difference).toBe('');
    expect(emitted.map((x) => x.isDisposed)).toEqual([true, true, true]);
  });

  it('shows both timelines, and where in a tensor they differ', () => {
    const difference = complaint(({ cold, expectTensors }) => {
      expectTensors(cold('-a-b-|', values).pipe(dl.mapTensor(rows))).toBe('-a-b-|', {
        a: [
          [1, 2],
          [3, 4],
        ],
        b: [
          [2, 4],
          [6.5, 8],
        ],
      });
    });
    expect(difference).toBe(
      [
        'tensorMarbles: notification 2 is not as wanted (at [1][0]: 6 for 6.5)',
        'found:',
        '    1 ms: [[1, 2], [3, 4]]',
        '  > 3 ms: [[2, 4], [6, 8]]',
        '    5 ms: complete',
        'wanted:',
        '    1 ms: [[1, 2], [3, 4]]',
        '  > 3 ms: [[2, 4], [6.5, 8]]',
        '    5 ms: complete',
      ].join('\n'),
    );
  });

  it('finds a notification at another time, one that is missing, and one too many', () => {
    const of3 = (marbles: string, wanted: string): string =>
      complaint(({ cold, expectTensors }) => {
        expectTensors(cold(marbles, values).pipe(dl.mapTensor((x) => dl.scalar(x)))).toBe(wanted, values);
      });
    expect(of3('-a-b|', '-a--b|')).toMatch(/notification 2.*(.|\n)*> 3 ms: 2(.|\n)*> 4 ms: 2/);
    expect(of3('-a---|', '-a-b-|')).toMatch(/notification 2(.|\n)*> 5 ms: complete(.|\n)*> 3 ms: 2/);
    expect(of3('-a-b-', '-a---')).toMatch(/notification 2(.|\n)*> 3 ms: 2\nwanted:\n {4}1 ms: 1$/);
    expect(of3('-', '-a')).toMatch(/found: nothing\nwanted:\n {2}> 1 ms: 1$/);
  });

  it('allows what rounding does, and what it is told to', () => {
    const third = (options?: MarbleOptions): string =>
      complaint(({ expectTensors }) => {
        expectTensors(of(1).pipe(dl.mapTensor((x) => dl.scalar(x).div(3)))).toBe('(a|)', { a: 1 / 3 });
      }, options);
    expect(third()).toBe('');
    expect(third({ tolerance: 0 })).toMatch(/0\.33333334\d+(.|\n)*0\.33333333333/);
    const coarse = complaint(
      ({ expectTensors }) => {
        expectTensors(of(1).pipe(dl.mapTensor((x) => dl.scalar(x)))).toBe('(a|)', { a: 1.2 });
      },
      { tolerance: 0.2 },
    );
    expect(coarse).toBe('');
    expect(complaint(() => undefined, { tolerance: -1 })).toBe(
      "tensorMarbles: option 'tolerance' is -1; wanted a number that is not negative",
    );
  });

  it('compares errors by their messages', () => {
    const failing = (wanted: Error): string =>
      complaint(({ expectTensors }) => {
        expectTensors(throwError(() => new TypeError('no camera'))).toBe('#', undefined, wanted);
      });
    expect(failing(new Error('no camera'))).toBe('');
    expect(failing(new Error('no light'))).toMatch(
      /> 0 ms: error TypeError: no camera(.|\n)*error Error: no light/,
    );
  });

  it('has the helpers of RxJS, on virtual time', () => {
    const difference = complaint(
      ({ cold, hot, time, expectObservable, expectSubscriptions, expectTensors }) => {
        const source = cold('a-b|', values);
        expectObservable(source.pipe(delay(time('-----|')))).toBe('5ms a-(b|)', values);
        expectTensors(source, '-!').toBe('a', values);
        expectSubscriptions(source.subscriptions).toBe(['^--!', '^!']);
        expectTensors(hot('a-^-b', values).pipe(dl.mapTensor((x) => dl.scalar(x)))).toBe('--b', values);
      },
    );
    expect(difference).toBe('');
    const subscriptions = complaint(({ cold, expectTensors, expectSubscriptions }) => {
      const source = cold('a-b|', values);
      expectTensors(source).toBe('a-b|', values);
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
    expect(subscriptions).toMatch(
      /^tensorMarbles: subscription 1 is not as wanted\nfound:\n {2}> subscribed at 0 ms, unsubscribed at 3 ms/,
    );
  });

  it('refuses a function that returns a promise: virtual time would not wait for it', () => {
    const late = (() => Promise.reject(new Error('nobody sees this'))) as unknown as () => void;
    expect(complaint(late)).toMatch(/^tensorMarbles: the function returned a promise; wanted nothing/);
  });
});
