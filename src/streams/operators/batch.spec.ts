import * as dl from 'rxtensor';
import { from, of, range, type Observable } from 'rxjs';
import { marbles, read, typeOnly } from '../../../test/support/marbles';
import { peakTensors } from '../../../test/support/peak';

/** What comes out of batch for these examples. */
function batched<T>(
  values: readonly T[],
  size: number,
): { seen: dl.Tensor[]; shapes: unknown[]; error: string } {
  const result = { seen: [] as dl.Tensor[], shapes: [] as unknown[], error: '' };
  from(values)
    .pipe(dl.batch<T>(size), dl.own())
    .subscribe({
      next: (value) => {
        result.seen.push(value as dl.Tensor);
        result.shapes.push((value as dl.Tensor).shape);
      },
      error: (error: unknown) => (result.error = String(error)),
    });
  return result;
}

function described(x: dl.Tensor): { shape: readonly number[]; dtype: string; flat: number[] } {
  return { shape: x.shape, dtype: x.dtype, flat: [...x.dataSync()] };
}

describe('batch', () => {
  const values = { a: 1, b: 2, c: 3, d: 4, e: 5 };

  it('emits full batches, and the rest at completion', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('     -a-b-c-d-e-|', values);
      const result = source.pipe(dl.batch(2), read());
      expectObservable(result).toBe('---x---y---(z|)', { x: [1, 2], y: [3, 4], z: [5] });
      expectObservable(result, '----!').toBe('---x-', { x: [1, 2] });
      expectSubscriptions(source.subscriptions).toBe(['^----------!', '^---!']);
    });
  });

  it('leaves the rest out with dropRemainder', () => {
    marbles(({ cold, expectObservable }) => {
      const result = cold('-a-b-c-|', values).pipe(dl.batch(2, { dropRemainder: true }), read());
      expectObservable(result).toBe('---x---|', { x: [1, 2] });
    });
  });

  it('passes errors on at once, without the rest', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-b-c-#', values).pipe(dl.batch(2), read())).toBe('---x---#', { x: [1, 2] });
    });
  });

  it('flushes a batch that is not full after maxWait, counted from its first example', () => {
    marbles(({ cold, expectObservable, scheduler }) => {
      const source = cold('     -a-b----c-d-e----|', values);
      const result = source.pipe(dl.batch(3, { maxWait: 4, scheduler }), read());
      expectObservable(result).toBe('-----x------y----|', { x: [1, 2], y: [3, 4, 5] });
      expectObservable(result, '---!').toBe('---');
    });
  });

  it('stacks numbers, booleans, nested arrays, typed arrays and host arrays', () => {
    const cases: [values: unknown[], shape: number[], dtype: string, flat: number[]][] = [
      [[1, 2.5], [2], 'float32', [1, 2.5]],
      [[true, false], [2], 'bool', [1, 0]],
      [
        [
          [1, 2],
          [3, 4],
        ],
        [2, 2],
        'float32',
        [1, 2, 3, 4],
      ],
      [
        [
          [[1], [2]],
          [[3], [4]],
        ],
        [2, 2, 1],
        'float32',
        [1, 2, 3, 4],
      ],
      [[new Float32Array([1.5, 2]), new Float32Array([3, 4])], [2, 2], 'float32', [1.5, 2, 3, 4]],
      [[new Uint8Array([1, 255]), new Uint8Array([3, 4])], [2, 2], 'int32', [1, 255, 3, 4]],
      [[new Int32Array([-1]), new Int32Array([7])], [2, 1], 'int32', [-1, 7]],
      [
        [
          { values: new Uint8Array([1, 2, 3, 4]), shape: [2, 2] },
          { values: new Uint8Array([5, 6, 7, 8]), shape: [2, 2] },
        ],
        [2, 2, 2],
        'int32',
        [1, 2, 3, 4, 5, 6, 7, 8],
      ],
    ];
    for (const [examples, shape, dtype, flat] of cases) {
      const { seen, error } = batched(examples, 2);
      expect(error).toBe('');
      expect(seen.map(described)).toEqual([{ shape, dtype, flat }]);
      dl.dispose(seen);
    }
  });

  it('stacks tensors of every dtype along a new first axis', () => {
    for (const dtype of ['float32', 'int32', 'bool'] as const) {
      const rows = [dl.tensor1d([1, 0], dtype), dl.tensor1d([0, 1], dtype), dl.tensor1d([1, 1], dtype)];
      const { seen } = batched(rows, 2);
      expect(seen.map(described)).toEqual([
        { shape: [2, 2], dtype, flat: [1, 0, 0, 1] },
        { shape: [1, 2], dtype, flat: [1, 1] },
      ]);
      dl.dispose([seen, rows]);
    }
  });

  it('keeps the structure of objects and tuples', () => {
    const seen: unknown[] = [];
    range(0, 4)
      .pipe(
        dl.mapTensor((i) => ({
          xs: dl.tensor1d([i, i + 0.5]),
          ys: { label: i, flags: [i > 1, dl.scalar(i)] as const },
        })),
        dl.batch(2),
        read(),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([
      {
        xs: [
          [0, 0.5],
          [1, 1.5],
        ],
        ys: {
          label: [0, 1],
          flags: [
            [0, 0],
            [0, 1],
          ],
        },
      },
      {
        xs: [
          [2, 2.5],
          [3, 3.5],
        ],
        ys: {
          label: [2, 3],
          flags: [
            [1, 1],
            [2, 3],
          ],
        },
      },
    ]);
  });

  it('takes a new form with each batch', () => {
    const { shapes, error, seen } = batched<unknown>(
      [[1, 2], [3, 4], 5, 6, new Uint8Array(3), new Uint8Array(3)],
      2,
    );
    expect(error).toBe('');
    expect(shapes).toEqual([[2, 2], [2], [2, 3]]);
    dl.dispose(seen);
  });

  it('copies rows when they come: a source may use its buffer again', () => {
    const buffer = new Float32Array(1);
    const seen: unknown[] = [];
    range(1, 3)
      .pipe(
        dl.mapTensor((i) => {
          buffer[0] = i;
          return buffer;
        }),
        dl.batch(3),
        read(),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([[[1], [2], [3]]]);
  });

  it('says where an example does not fit', () => {
    const errorOf = (values: unknown[]): string => {
      const { error, seen } = batched(values, 4);
      dl.dispose(seen);
      return error;
    };
    expect(errorOf([1, 'x'])).toBe(
      'Error: batch: the example is string; wanted a number, as in the first example of the batch',
    );
    expect(errorOf([null])).toMatch(
      /^Error: batch: the example is null; wanted a number, a typed array, a tensor/,
    );
    expect(errorOf([{ x: { y: 1 } }, { x: { y: true } }])).toMatch(
      /'x.y' of the example is boolean; wanted a number/,
    );
    expect(errorOf([{ x: 1 }, { z: 1 }])).toMatch(/the example is an object of z; wanted an object of x/);
    expect(errorOf([new Uint8Array(2), new Uint8Array(3)])).toMatch(/is of shape \[3\]; wanted shape \[2\]/);
    expect(errorOf([new Uint8Array(2), new Float32Array(2)])).toMatch(
      /is a Float32Array; wanted a Uint8Array/,
    );
    expect(errorOf([new Uint8Array(2), 3])).toMatch(/is number; wanted an array/);
    const tensors = [dl.scalar(1), dl.tensor1d([1])];
    expect(errorOf(tensors)).toMatch(/is of shape \[1\]; wanted shape \[\]/);
    expect(errorOf([tensors[0], 1])).toMatch(/is number; wanted a tensor/);
    expect(errorOf([[1, 2], [1]])).toMatch(/^Error: batch: /);
    dl.dispose(tensors);
  });

  it('refuses a tensor on the tape: an error, not a wrong gradient', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    let error: unknown;
    from([1, 2])
      .pipe(
        dl.mapTensor((x) => ({ y: dl.mul(weight, x) })),
        dl.batch(2),
      )
      .subscribe({ error: (found: unknown) => (error = found) });
    expect(String(error)).toMatch(
      /^Error: batch: the value has a tensor.*gradients do not cross emissions.*Put batch before the model/s,
    );
    weight.dispose();
  });

  it('holds no more than a batch', () => {
    const peak = peakTensors(() => {
      range(0, 400)
        .pipe(
          dl.mapTensor((x) => dl.scalar(x)),
          dl.batch(8),
          dl.mapTensor((xs) => dl.sum(xs)),
        )
        .subscribe();
    });
    expect(peak).toBeLessThanOrEqual(8 + 12);
  });

  it('refuses impossible arguments', () => {
    expect(() => dl.batch(0)).toThrowError("batch: argument 'size' is 0; wanted a positive integer");
    expect(() => dl.batch(2.5)).toThrowError(/wanted a positive integer/);
    expect(() => dl.batch(2, { maxWait: -1 })).toThrowError(
      "batch: option 'maxWait' is -1; wanted milliseconds, not negative",
    );
    expect(() => dl.batch(2, { maxWait: NaN })).toThrowError(/maxWait/);
  });

  it('has types that follow containers', () => {
    const images = { values: new Uint8Array(8), shape: [2, 2, 2] as const };
    const one: Observable<{ xs: dl.Tensor3D; ys: dl.Tensor1D; zs: dl.Tensor2D }> = dl
      .examples({ xs: images, ys: [0, 1], zs: [new Float32Array(2), new Float32Array(2)] })
      .pipe(dl.batch(2));
    const two: Observable<{ a: [dl.Tensor2D, dl.Tensor1D] }> = of({} as { a: [dl.Tensor1D, number] }).pipe(
      dl.batch(1),
    );
    const three: Observable<dl.Tensor3D> = dl
      .examples({ values: new Uint8Array(8), shape: [2, 2, 2] })
      .pipe(dl.batch(2));
    const four: Observable<dl.Tensor> = of(typeOnly<dl.Tensor>()).pipe(dl.batch(2));
    // @ts-expect-error a stack of vectors is no vector
    const wrong: Observable<dl.Tensor1D> = of(typeOnly<dl.Tensor1D>()).pipe(dl.batch(2));
    expect([one, two, three, four, wrong].length).toBe(5);
  });
});
