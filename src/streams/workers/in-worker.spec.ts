import * as dl from 'rxtensor';
import {
  concat,
  firstValueFrom,
  from,
  lastValueFrom,
  of,
  Subject,
  take,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import { far, farSide, missingWorker, workerOf } from '../../testing/far-side';
import { plain, read } from '../../testing/marbles';

/** The error that a stream ends with. */
function errorOf(stream: ReturnType<typeof from>): Promise<Error> {
  return lastValueFrom(stream).then(
    (value) => Promise.reject(new Error(`no error, but ${String(value)}`)),
    (error: unknown) => error as Error,
  );
}

const vectors = dl.mapTensor((values: number[]) => dl.tensor1d(values));

describe('inWorker', () => {
  it('sends tensors through the pipeline of a worker and back, in order', async () => {
    const rows = Array.from({ length: 10 }, (_, i) => [i, i + 1]);
    const squares = await lastValueFrom(
      dl.examples(rows).pipe(vectors, far<dl.Tensor1D, dl.Tensor1D>('square'), read(), toArray()),
    );
    expect(squares).toEqual(rows.map(([a, b]) => [a! * a!, b! * b!]));
  });
});
