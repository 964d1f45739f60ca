import * as dl from 'rxtensor';
import { inWorker } from 'rxtensor/workers';
import { firstValueFrom, from, lastValueFrom, map, of, take, toArray, type Observable } from 'rxjs';
import { far, farSide } from '../../test/support/far-side';
import { plain, read } from '../../test/support/marbles';

const vectors = dl.mapTensor((values: readonly number[]) => dl.tensor1d([...values]));
const scalars = dl.mapTensor((value: number) => dl.scalar(value));

describe('inWorker', () => {
  describe('values', () => {
    it('go through the pipeline of a worker and come back, in order', async () => {
      const rows = Array.from({ length: 10 }, (_, i) => [i, i + 1]);
      const squares = await lastValueFrom(
        dl.examples(rows).pipe(vectors, far<dl.Tensor1D, dl.Tensor1D>('square'), read(), toArray()),
      );
      expect(squares).toEqual(rows.map(([a, b]) => [a! * a!, b! * b!]));
    });

    it('keep shape, dtype and the structure they are in, and who is who in it', async () => {
      const date = new Date(0);
      const sent = of(2).pipe(
        dl.mapTensor((x) => {
          const shared = dl.scalar(x);
          return {
            matrix: dl.tensor2d([[1, 2, 3]]),
            list: [
              dl.tensor1d([1, -2], 'int32'),
              dl.tensor1d([true, false], 'bool'),
              dl.tensor2d([], [0, 3]),
            ],
            twice: [shared, shared],
            date,
            text: 'text',
            none: null,
            missing: undefined,
            numbers: new Map([['one', new Float32Array([1])]]),
          };
        }),
      );
      type Sent = typeof sent extends Observable<infer T> ? T : never;
      const [shapes, values] = await firstValueFrom(
        sent.pipe(
          far<Sent, Sent>('echo'),
          map((back) => {
            expect(back.twice[0]).toBe(back.twice[1]);
            const tensors = [back.matrix, ...back.list, back.twice[0]!];
            return [tensors.map(({ shape, dtype }) => [shape, dtype]), plain(back)] as const;
          }),
        ),
      );
      expect(shapes).toEqual([
        [[1, 3], 'float32'],
        [[2], 'int32'],
        [[2], 'bool'],
        [[0, 3], 'float32'],
        [[], 'float32'],
      ]);
      expect(values).toEqual({
        matrix: [[1, 2, 3]],
        list: [[1, -2], [1, 0], []],
        twice: [2, 2],
        date,
        text: 'text',
        none: null,
        missing: undefined,
        numbers: new Map([['one', new Float32Array([1])]]),
      });
    });

    it('that are arrays are copied and stay what they are here, rows of a large array without the rest of it', async () => {
      const values = new Float32Array([1, 2, 3, 4, 5, 6]);
      const rows = await lastValueFrom(
        dl
          .examples({ xs: { values, shape: [3, 2] }, ys: [0, 1, 2] })
          .pipe(far<object, { xs: dl.HostArray; ys: number }>('echo'), toArray()),
      );
      expect(Array.from(values)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(rows.map(({ xs, ys }) => [Array.from(xs.values), xs.shape, ys])).toEqual([
        [[1, 2], [2], 0],
        [[3, 4], [2], 1],
        [[5, 6], [2], 2],
      ]);
      expect(rows.map(({ xs }) => xs.values.buffer.byteLength)).toEqual([8, 8, 8]);
    });

    it('that are tensors stay usable here, kept ones and variables too', async () => {
      const kept = dl.tidy(() => dl.keep(dl.tensor1d([1, 2])));
      const weights = dl.tidy(() => dl.variable(dl.scalar(3)));
      const back = await firstValueFrom(of({ kept, weights }).pipe(far('echo'), read()));
      expect(back).toEqual({ kept: [1, 2], weights: 3 });
      expect(plain([kept, weights])).toEqual([[1, 2], 3]);
      dl.dispose([kept, weights]);
    });

    it('are read once, and transferred', async () => {
      const worker = farSide();
      const posted: { message: { kind: string }; transfer: ArrayBuffer[]; lengths: number[] }[] = [];
      const post = worker.postMessage.bind(worker);
      worker.postMessage = (message, transfer) => {
        const lengths = transfer.map(({ byteLength }) => byteLength);
        post(message, transfer);
        posted.push({ message: message as { kind: string }, transfer, lengths });
      };
      const read$ = spyOn(dl.backend(), 'read').and.callThrough();
      await lastValueFrom(
        dl.examples([[1, 2, 3]]).pipe(
          vectors,
          inWorker(() => worker, { parameters: { pipeline: 'echo', backend: dl.getBackend() } }),
        ),
      );
      const sent = posted.filter(({ message }) => message.kind === 'next');
      expect(sent.map(({ lengths }) => lengths)).toEqual([[12]]);
      // A buffer that was transferred is empty here.
      expect(sent.flatMap(({ transfer }) => transfer.map(({ byteLength }) => byteLength))).toEqual([0]);
      expect(read$).toHaveBeenCalledTimes(1);
    });

    it('may come from a source in the worker: the page sends what it has to know', async () => {
      const counted = await lastValueFrom(
        of({ count: 5, inFlight: 2 }).pipe(far<object, dl.Scalar>('counting'), read(), toArray()),
      );
      expect(counted).toEqual([0, 1, 2, 3, 4]);
    });

    it('wait while the pipeline has not subscribed', async () => {
      const seen = await lastValueFrom(
        dl.examples([1, 2, 3]).pipe(scalars, far<dl.Scalar, dl.Scalar>('late'), read(), toArray()),
      );
      expect(seen).toEqual([1, 2, 3]);
    });

    it('come in the order in which the pipeline emits them, tensors and others', async () => {
      const seen = await lastValueFrom(
        dl.examples([1, 2, 3]).pipe(scalars, far<dl.Scalar, unknown>('ordered'), read(), toArray()),
      );
      expect(seen).toEqual([1, 'between', 2, 'between', 3, 'between']);
    });
  });

  it('leaves nothing in the memory of the worker while it goes on', async () => {
    const left = await lastValueFrom(
      dl
        .examples(Array.from({ length: 20 }, (_, i) => [i, i]))
        .pipe(vectors, far<dl.Tensor1D, object>('memory')),
    );
    expect(left).toEqual({ tensors: 0, buffers: 0, bytes: 0 });
  });

  it('trains as the same pipeline does here', async () => {
    const rows = Array.from({ length: 8 }, (_, i) => i / 8);
    const batches = (): Observable<{ x: dl.Tensor1D; y: dl.Tensor1D }> =>
      dl.examples(rows).pipe(dl.mapTensor((x) => ({ x: dl.tensor1d([x, 1]), y: dl.tensor1d([3 * x, 3]) })));
    const there = await lastValueFrom(
      batches().pipe(
        far<object, { loss: dl.Scalar; rate: number }>('training', { parameters: { rate: 0.25 } }),
        map(({ loss }) => plain(loss)),
        toArray(),
      ),
    );
    const slope = dl.tidy(() => dl.variable(dl.scalar(0)));
    const here = await lastValueFrom(
      batches().pipe(
        dl.trainStep(dl.train.sgd(0.25), ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x))),
        read(),
        toArray(),
      ),
    );
    slope.dispose();
    expect(there).toEqual(here);
    expect((there.at(-1) as number) < (there[0] as number) / 10).toBe(true);
  });

  it('says what is wrong with its arguments', async () => {
    expect(() => inWorker(farSide() as never)).toThrowError(
      /inWorker: argument 'make' is object; wanted a function that gives a new worker/,
    );
    await expectAsync(lastValueFrom(of(1).pipe(inWorker(() => ({}) as never)))).toBeRejectedWithError(
      /inWorker: argument 'make' gave object; wanted a Worker/,
    );
    await expectAsync(
      lastValueFrom(
        from([1]).pipe(
          inWorker(() => {
            throw new RangeError('no more workers');
          }),
          take(1),
        ),
      ),
    ).toBeRejectedWithError(RangeError, 'no more workers');
  });
});
