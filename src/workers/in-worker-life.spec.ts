import * as dl from 'rxtensor';
import { inWorker, type InWorkerOptions, type WorkerLike } from 'rxtensor/workers';
import { defer, firstValueFrom, lastValueFrom, retry, share, Subject, tap, toArray } from 'rxjs';
import { farSide } from '../../test/support/far-side';
import { read } from '../../test/support/marbles';

const scalars = dl.mapTensor((value: number) => dl.scalar(value));

describe('inWorker life', () => {
  /** Counts the workers made and ended. */
  function counted(): {
    readonly make: () => WorkerLike;
    readonly made: number;
    readonly ended: number;
  } {
    const count = { made: 0, ended: 0 };
    return {
      make: () => {
        const worker = farSide();
        const terminate = worker.terminate.bind(worker);
        worker.terminate = () => {
          count.ended++;
          return terminate();
        };
        count.made++;
        return worker;
      },
      get made() {
        return count.made;
      },
      get ended() {
        return count.ended;
      },
    };
  }
  const options = (pipeline: string): InWorkerOptions => ({
    parameters: { pipeline, backend: dl.getBackend() },
  });

  it('makes a worker for each subscription and ends it with the stream', async () => {
    const workers = counted();
    const stream = dl.examples([1, 2]).pipe(scalars, inWorker(workers.make, options('square')), read());
    expect(workers.made).toBe(0);
    const both = await Promise.all([
      lastValueFrom(stream.pipe(toArray())),
      lastValueFrom(stream.pipe(toArray())),
    ]);
    expect(both).toEqual([
      [1, 4],
      [1, 4],
    ]);
    expect([workers.made, workers.ended]).toEqual([2, 2]);
  });

  it('ends the worker when unsubscribed from, in the middle of an emission and between', async () => {
    const workers = counted();
    const first = await firstValueFrom(
      dl
        .examples([3, 4, 5])
        .pipe(scalars, inWorker<dl.Scalar, dl.Scalar>(workers.make, options('square')), read()),
    );
    expect(first).toBe(9);
    expect(workers.ended).toBe(1);
    const values = new Subject<number>();
    const subscription = values.pipe(scalars, inWorker(workers.make, options('stuck'))).subscribe();
    values.next(1);
    values.next(2);
    subscription.unsubscribe();
    expect([workers.made, workers.ended]).toEqual([2, 2]);
  });

  it('ends the worker when the pipeline is complete, though the source is not', async () => {
    const workers = counted();
    const source = new Subject<number>();
    const seen = lastValueFrom(source.pipe(inWorker(workers.make, options('completes')), toArray()));
    expect(await seen).toEqual([1, 2, 3]);
    expect(workers.ended).toBe(1);
    expect(source.observed).toBe(false);
  });

  it('is shared by share', async () => {
    const workers = counted();
    const shared = dl.examples([1, 2, 3]).pipe(scalars, inWorker(workers.make, options('square')), share());
    const seen = await Promise.all([1, 2].map(() => lastValueFrom(shared.pipe(read(), toArray()))));
    expect(seen).toEqual([
      [1, 4, 9],
      [1, 4, 9],
    ]);
    expect(workers.made).toBe(1);
  });

  it('starts anew with retry', async () => {
    const workers = counted();
    let subscriptions = 0;
    const source = defer(() => dl.examples(subscriptions++ === 0 ? [4, -1] : [4, 9]));
    const seen: unknown[] = [];
    await lastValueFrom(
      source.pipe(
        scalars,
        inWorker<dl.Scalar, dl.Scalar>(workers.make, options('failing')),
        read(),
        tap((value) => seen.push(value)),
        retry(1),
      ),
    );
    expect(seen).toEqual([2, 2, 3]);
    expect([workers.made, workers.ended]).toEqual([2, 2]);
  });
});
