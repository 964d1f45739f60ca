import * as dl from 'rxtensor';
import { from, of, Subject, take, type Observable } from 'rxjs';
import { marbles, read, typeOnly } from '../../../test/support/marbles';
import { peakTensors } from '../../../test/support/peak';

function rows(value: unknown): { seen: unknown[]; error: string } {
  const result = { seen: [] as unknown[], error: '' };
  of(value)
    .pipe(dl.unbatch(), read())
    .subscribe({
      next: (row) => result.seen.push(row),
      error: (error: unknown) => (result.error = String(error)),
    });
  return result;
}

describe('unbatch', () => {
  it('emits the rows of each batch', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('     -a---b---|', { a: [1, 2], b: [3] }).pipe(
        dl.mapTensor((xs) => dl.tensor1d(xs)),
      );
      const values = { x: 1, y: 2, z: 3 };
      expectObservable(source.pipe(dl.unbatch(), read())).toBe('-(xy)z---|', values);
      expectObservable(source.pipe(dl.unbatch(), read()), '---!').toBe('-(xy)', values);
      expectObservable(cold('-#').pipe(dl.unbatch())).toBe('-#');
    });
  });

  it('follows containers, and repeats what is no tensor', () => {
    const batch = { xs: dl.tensor3d([[[1, 2]], [[3, 4]]]), deep: [dl.tensor1d([5, 6])], name: 'both' };
    expect(rows(batch)).toEqual({
      seen: [
        { xs: [[1, 2]], deep: [5], name: 'both' },
        { xs: [[3, 4]], deep: [6], name: 'both' },
      ],
      error: '',
    });
    dl.dispose(batch);
  });

  it('is the opposite of batch', () => {
    const seen: unknown[] = [];
    from([1, 2, 3])
      .pipe(
        dl.mapTensor((x) => ({ x: dl.tensor1d([x, 2 * x]) })),
        dl.batch(2),
        dl.unbatch(),
        read(),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([{ x: [1, 2] }, { x: [2, 4] }, { x: [3, 6] }]);
  });

  it('makes one row at a time, and no more than are wanted', () => {
    const data = dl.range(0, 100);
    let seen = 0;
    const peak = peakTensors(() => {
      of(data)
        .pipe(dl.unbatch(), take(50))
        .subscribe(() => seen++);
    });
    expect(seen).toBe(50);
    expect(peak).toBeLessThanOrEqual(2);
    data.dispose();
  });

  it('may lie between a model and its training step', () => {
    const weight = dl.tidy(() => dl.variable(dl.scalar(1)));
    const sgd = dl.train.sgd(0.5);
    const seen: unknown[] = [];
    of([1, 2])
      .pipe(
        dl.mapTensor((xs) => dl.mul(weight, xs)),
        dl.unbatch(),
        dl.trainStep(sgd, { retainTape: true }),
        read(),
      )
      .subscribe((loss) => seen.push(loss));
    expect(seen).toEqual([1, 2]);
    // Both rows were of one product, whose gradients are 1 and 2.
    expect(weight.dataSync()[0]).toBeCloseTo(1 - 0.5 * (1 + 2), 5);
    dl.dispose(weight);
    sgd.dispose();
  });

  it('emits all rows of a batch when the source completes in the middle of them', () => {
    const seen: unknown[] = [];
    const batches = new Subject<number[]>();
    batches
      .pipe(
        dl.mapTensor((batch) => dl.tensor1d(batch)),
        dl.unbatch(),
        read(),
      )
      .subscribe({
        next: (row) => {
          seen.push(row);
          batches.complete();
        },
        complete: () => seen.push('complete'),
      });
    batches.next([1, 2, 3]);
    expect(seen).toEqual([1, 2, 3, 'complete']);
  });

  it('refuses values without rows', () => {
    const [scalar, short, long] = [dl.scalar(1), dl.tensor1d([1]), dl.tensor1d([1, 2])];
    expect(rows({ x: 3 }).error).toBe(
      'Error: unbatch: there is no tensor in the value; wanted a batch of at least one',
    );
    expect(rows(scalar).error).toBe(
      'Error: unbatch: the value has tensors of shapes [] and []; wanted as many rows in each',
    );
    expect(rows([short, long]).error).toBe(
      'Error: unbatch: the value has tensors of shapes [1] and [2]; wanted as many rows in each',
    );
    dl.dispose([scalar, short]);
    long.dispose();
    expect(rows(long).error).toMatch(
      /^Error: unbatch: argument 'value' is tensor #\d+ of shape \[2\], which was disposed/,
    );
  });

  it('has types that follow containers', () => {
    const stream: Observable<{ xs: dl.Tensor3D; ys: dl.Scalar; name: string }> = of(
      typeOnly<{ xs: dl.Tensor4D; ys: dl.Tensor1D; name: string }>(),
    ).pipe(dl.unbatch());
    expect(stream).toBeDefined();
  });
});
