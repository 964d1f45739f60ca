import * as dl from 'rxtensor';
import { toArray, lastValueFrom, take, type Observable } from 'rxjs';
import { permutation } from '../../tensor/permutation';
import { marbles, plain, read, settle, typeOnly } from '../../../test/support/marbles';

const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));
const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

describe('examples', () => {
  it('emits one example at a time, and completes', () => {
    marbles(({ expectObservable, scheduler }) => {
      expectObservable(dl.examples(letters.slice(0, 3), { scheduler })).toBe('(abc|)');
      expectObservable(dl.examples([], { scheduler })).toBe('|');
      expectObservable(dl.examples(letters, { scheduler }).pipe(take(2))).toBe('(ab|)');
      expectObservable(dl.examples(letters, { scheduler }), '!').toBe('');
    });
  });

  it('stops when it is unsubscribed from in mid-emission, and the example may still be read', async () => {
    const data = dl.tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const seen: unknown[] = [];
    const subscription = dl.examples(data).subscribe((row) => {
      subscription.unsubscribe();
      seen.push(plain(row));
    });
    await settle();
    expect(seen).toEqual([[1, 2]]);
    data.dispose();
  });

  it('takes arrays, typed arrays, tensors, host arrays and tables of them', async () => {
    const tensor = dl.tensor3d([[[1, 2]], [[3, 4]]]);
    const images = { values: new Uint8Array([1, 2, 3, 4]), shape: [2, 1, 2] };
    const labels = { values: new Int32Array([7, 8]), shape: [2] };
    expect(await all(dl.examples(['x', 'y']))).toEqual(['x', 'y']);
    expect(await all(dl.examples(new Int32Array([4, 5])))).toEqual([4, 5]);
    expect(await all(dl.examples(new Uint8ClampedArray([4, 5])))).toEqual([4, 5]);
    expect(await all(dl.examples(tensor).pipe(read()))).toEqual([[[1, 2]], [[3, 4]]]);
    expect(await all(dl.examples(labels))).toEqual([7, 8]);
    const table = { image: images, label: labels, deep: { row: tensor, name: ['x', 'y'] } };
    expect(await all(dl.examples(table).pipe(read()))).toEqual([
      {
        image: { values: new Uint8Array([1, 2]), shape: [1, 2] },
        label: 7,
        deep: { row: [[1, 2]], name: 'x' },
      },
      {
        image: { values: new Uint8Array([3, 4]), shape: [1, 2] },
        label: 8,
        deep: { row: [[3, 4]], name: 'y' },
      },
    ] as unknown[]);
    tensor.dispose();
  });

  it('copies no rows of host arrays', async () => {
    const values = new Float32Array([1, 2, 3, 4]);
    const rows = await all(dl.examples({ values, shape: [2, 2] }));
    expect(rows.map((row) => row.values.buffer === values.buffer)).toEqual([true, true]);
  });

  it('borrows tensors: rows end with their emission, the data stays', async () => {
    const data = [dl.scalar(1), dl.scalar(2)];
    const nested = [{ x: dl.scalar(3) }];
    const rows: dl.Tensor[] = [];
    await dl.examples(data, { epochs: 2 }).forEach((x) => rows.push(x));
    await dl.examples(nested).forEach(({ x }) => rows.push(x));
    expect(rows.map((row) => row.isDisposed)).toEqual([true, true, true, true, true]);
    expect(plain([data, nested])).toEqual([[1, 2], [{ x: 3 }]]);
    dl.dispose([data, nested]);
  });

  it('makes data that was disposed an error notification', async () => {
    const data = dl.tensor1d([1, 2]);
    const list = [dl.scalar(1)];
    const stream = dl.examples(data);
    dl.dispose([data, list]);
    await expectAsync(all(stream)).toBeRejectedWithError(
      /^examples: argument 'data' is tensor #\d+ of shape \[2\], which was disposed/,
    );
    await expectAsync(all(dl.examples(list))).toBeRejectedWithError(
      /^examples: argument 'data' is tensor #\d+ of shape \[\], which was disposed/,
    );
  });

  describe('epochs', () => {
    it('go through the data again and again', async () => {
      expect(await all(dl.examples([1, 2], { epochs: 3 }))).toEqual([1, 2, 1, 2, 1, 2]);
      expect(await all(dl.examples([1, 2], { epochs: 0 }))).toEqual([]);
      expect(await all(dl.examples([1, 2], { epochs: Infinity }).pipe(take(5)))).toEqual([1, 2, 1, 2, 1]);
      expect(await all(dl.examples([], { epochs: Infinity }))).toEqual([]);
    });

    it('begin anew with each subscription', async () => {
      const stream = dl.examples([1, 2, 3], { shuffle: true, seed: 4 });
      expect(await all(stream)).toEqual(await all(stream));
    });
  });

  describe('shuffle', () => {
    it('has in each epoch exactly the permutation drawn from (seed, epoch)', async () => {
      const seen = await all(dl.examples(letters, { epochs: 3, shuffle: true, seed: 11 }));
      const wanted = [0, 1, 2].flatMap((epoch) => [...permutation(7, 11, epoch)].map((i) => letters[i]!));
      expect(seen).toEqual(wanted);
      for (let epoch = 0; epoch < 3; epoch++) {
        expect(seen.slice(epoch * 7, epoch * 7 + 7).sort()).toEqual(letters);
      }
      expect(seen.slice(0, 7)).not.toEqual(seen.slice(7, 14));
    });

    it('is another with another seed, and that of seed 0 without one', async () => {
      const order = (seed?: number): Promise<string[]> =>
        all(dl.examples(letters, seed === undefined ? { shuffle: true } : { shuffle: true, seed }));
      expect(await order()).toEqual(await order(0));
      expect(await order(1)).not.toEqual(await order(2));
    });

    it('keeps the columns of a table together', async () => {
      const xs = Array.from({ length: 50 }, (_, i) => i);
      const table = { xs, ys: { values: new Float32Array(xs.map((x) => 2 * x)), shape: [50] } };
      const seen = await all(dl.examples(table, { shuffle: true, seed: 2 }));
      expect(seen.every(({ xs: x, ys: y }) => y === 2 * x)).toBeTrue();
      expect(seen.map(({ xs: x }) => x)).not.toEqual(xs);
    });
  });

  it('continues where another run stopped with startAt, over epochs too', async () => {
    const options = { epochs: 3, shuffle: true, seed: 9 };
    const whole = await all(dl.examples(letters, options));
    for (const startAt of [0, 1, 6, 7, 8, 20, 21, 99]) {
      expect(await all(dl.examples(letters, { ...options, startAt }))).toEqual(whole.slice(startAt));
    }
  });

  it('has at most inFlight emissions unfinished', async () => {
    const seen: number[] = [];
    const subscription = dl.examples([1, 2, 3, 4, 5], { inFlight: 3 }).subscribe((x) => {
      seen.push(x);
      dl.waitUntil(new Promise(() => undefined));
    });
    await settle();
    expect(seen).toEqual([1, 2, 3]);
    subscription.unsubscribe();
  });

  it('refuses impossible options and data at once, saying what and where', () => {
    expect(() => dl.examples([1], { epochs: -1 })).toThrowError(
      "examples: option 'epochs' is -1; wanted a non-negative integer, or Infinity",
    );
    expect(() => dl.examples([1], { epochs: 0.5 })).toThrowError(/option 'epochs' is 0.5/);
    expect(() => dl.examples([1], { epochs: '3' as never })).toThrowError(/option 'epochs' is '3'; wanted/);
    expect(() => dl.examples([1], { startAt: -1 })).toThrowError(
      "examples: option 'startAt' is -1; wanted a non-negative integer",
    );
    expect(() => dl.examples([1], { inFlight: 0 })).toThrowError(/option 'inFlight' is 0/);
    expect(() => dl.examples({ x: [1, 2], y: { z: [1] } })).toThrowError(
      "examples: argument 'data' has 1 rows in 'y' and 2 in 'x'; wanted as many in each",
    );
    expect(() => dl.examples({})).toThrowError(/is an object without columns/);
    expect(() => dl.examples({ x: 3 as never })).toThrowError(
      /^examples: column 'x' of argument 'data' is number; wanted arrays/,
    );
    expect(() => dl.examples(null as never)).toThrowError(/^examples: argument 'data' is null/);
    expect(() => dl.examples({ values: new Uint8Array(3), shape: [2, 2] })).toThrowError(
      "examples: argument 'data' has 3 values and the shape [2,2]; wanted 4 values",
    );
    expect(() => dl.examples({ values: new Uint8Array(1), shape: [] })).toThrowError(
      /wanted at least one axis/,
    );
    const scalar = dl.scalar(1);
    expect(() => dl.examples({ x: scalar })).toThrowError(
      /column 'x' of argument 'data' is a scalar tensor; wanted at least one axis/,
    );
    scalar.dispose();
  });

  it('has types that follow its data', () => {
    interface Digits {
      readonly xs: dl.HostArray;
      readonly ys: Uint8Array;
    }
    const matrix = typeOnly<dl.Tensor2D>();
    const check = (): unknown[] => {
      const one: Observable<{ xs: dl.Tensor1D; ys: number; name: string }> = dl.examples({
        xs: matrix,
        ys: new Uint8Array(2),
        name: ['a', 'b'],
      });
      const two: Observable<{ readonly values: Uint8Array; readonly shape: readonly [number, number] }> =
        dl.examples({
          values: new Uint8Array(8),
          shape: [2, 2, 2],
        });
      const three: Observable<number> = dl.examples({ values: new Float32Array(2), shape: [2] });
      const four: Observable<dl.Scalar> = dl.examples([dl.scalar(1)]);
      const five: Observable<{ xs: dl.HostArray | number; ys: number }> = dl.examples({} as Digits);
      const six: Observable<dl.Tensor> = dl.examples(typeOnly<dl.Tensor>());
      const seven: Observable<string> = dl.examples({} as AsyncIterable<string>);
      const eight: Observable<{ x: number; y: boolean }> = dl.examples([{ x: 1, y: true }]);
      // @ts-expect-error the rows of a matrix are no matrices
      const wrong: Observable<dl.Tensor2D> = dl.examples(matrix);
      return [one, two, three, four, five, six, seven, eight, wrong];
    };
    expect(check).toBeDefined();
  });
});
