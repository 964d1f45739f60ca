import * as dl from 'rxtensor';
import {
  concatMap,
  from,
  map,
  of,
  Subject,
  take,
  throwError,
  toArray,
  lastValueFrom,
  type Observable,
} from 'rxjs';
import { backend } from '../../tensor/backend';
import { deferred, settle, unhandledErrors, type Deferred } from '../../../test/support/marbles';
import { trackedEmission } from '../emission';

/** Takes the backend's reads into the spec's hands. */
function slowReads(): { reads: Deferred<dl.TypedArray>[] } {
  const reads: Deferred<dl.TypedArray>[] = [];
  spyOn(backend(), 'read').and.callFake(() => {
    const read = deferred<dl.TypedArray>();
    reads.push(read);
    return read.promise;
  });
  return { reads };
}

describe('download', () => {
  const scalars = dl.mapTensor((x: number) => dl.scalar(x));

  it('reads scalars as numbers, other tensors as typed arrays, in containers, and passes the rest as it is', async () => {
    const date = new Date();
    const [value] = await lastValueFrom(
      of(2).pipe(
        dl.mapTensor((x) => ({
          scalar: dl.scalar(x),
          list: [
            dl.tensor1d([1, 2], 'int32'),
            dl.tensor2d([[true, false]], undefined, 'bool'),
            'text',
          ] as const,
          date,
          none: null,
        })),
        dl.download(),
        toArray(),
      ),
    );
    expect(value).toEqual({
      scalar: 2,
      list: [new Int32Array([1, 2]), new Uint8Array([1, 0]), 'text'],
      date,
      none: null,
    });
    expect(value?.date).toBe(date);
  });

  it('keeps the order whatever the reads do, and completes after the last', async () => {
    const { reads } = slowReads();
    const seen: unknown[] = [];
    from([1, 2, 3])
      .pipe(scalars, dl.download())
      .subscribe({ next: (value) => seen.push(value), complete: () => seen.push('complete') });
    expect(reads.length).toBe(3);
    reads[2]!.resolve(new Float32Array([3]));
    reads[1]!.resolve(new Float32Array([2]));
    await settle();
    expect(seen).toEqual([]);
    reads[0]!.resolve(new Float32Array([1]));
    await settle();
    expect(seen).toEqual([1, 2, 3, 'complete']);
  });

  it('never emits while its source does', async () => {
    const seen: unknown[] = [];
    of(1)
      .pipe(scalars, dl.download())
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([]);
    await settle();
    expect(seen).toEqual([1]);
  });

  it('lets an error wait for the reads before it', async () => {
    const { reads } = slowReads();
    const seen: unknown[] = [];
    from([1, 2])
      .pipe(
        concatMap((x) => (x === 2 ? throwError(() => 'failure') : of(x))),
        scalars,
        dl.download(),
      )
      .subscribe({ next: (value) => seen.push(value), error: (error: unknown) => seen.push(error) });
    await settle();
    expect(seen).toEqual([]);
    reads[0]!.resolve(new Float32Array([1]));
    await settle();
    expect(seen).toEqual([1, 'failure']);
  });

  it('makes a failed read an error notification, after the values before it', async () => {
    const { reads } = slowReads();
    const seen: unknown[] = [];
    const found = await unhandledErrors(async () => {
      from([1, 2, 3])
        .pipe(scalars, dl.download())
        .subscribe({ next: (value) => seen.push(value), error: (error: unknown) => seen.push(error) });
      reads[1]!.reject('lost');
      reads[2]!.reject('lost too');
      await settle();
      expect(seen).toEqual([]);
      reads[0]!.resolve(new Float32Array([1]));
    });
    expect(seen).toEqual([1, 'lost']);
    expect(found).toEqual([]);
  });

  it('drops what is pending when it is unsubscribed from', async () => {
    const { reads } = slowReads();
    const seen: unknown[] = [];
    const found = await unhandledErrors(() => {
      const subscription = from([1, 2])
        .pipe(scalars, dl.download())
        .subscribe((value) => seen.push(value));
      subscription.unsubscribe();
      reads[0]!.resolve(new Float32Array([1]));
      reads[1]!.reject('lost');
    });
    expect(seen).toEqual([]);
    expect(found).toEqual([]);
  });

  it('makes a dead tensor an error notification', async () => {
    const subject = new Subject<dl.Tensor>();
    const dead = dl.scalar(1);
    dead.dispose();
    let error: unknown;
    subject.pipe(dl.download()).subscribe({ error: (found: unknown) => (error = found) });
    subject.next(dead);
    await settle();
    expect(String(error)).toMatch(
      /^Error: download: argument 'value' is tensor #\d+ of shape \[\], which was disposed/,
    );
  });

  it('emits in an emission of its own', async () => {
    const made: dl.Tensor[] = [];
    await of(1)
      .pipe(
        scalars,
        dl.download(),
        map((x) => dl.scalar(x)),
      )
      .forEach((x) => made.push(x));
    expect(made.map((each) => each.isDisposed)).toEqual([true]);
  });

  it('keeps the emission above waiting until its own is finished', async () => {
    const { reads } = slowReads();
    const slow = deferred();
    const subject = new Subject<number>();
    const order: string[] = [];
    subject
      .pipe(
        scalars,
        dl.download(),
        map(() => {
          order.push('downloaded');
          dl.waitUntil(slow.promise);
        }),
      )
      .subscribe();
    const finished = trackedEmission('spec', () => subject.next(1));
    void finished?.then(() => order.push('finished'));
    await settle();
    expect(order).toEqual([]);
    reads[0]!.resolve(new Float32Array([1]));
    await settle();
    expect(order).toEqual(['downloaded']);
    slow.resolve();
    await settle();
    expect(order).toEqual(['downloaded', 'finished']);
  });

  it('does not keep the emission above waiting for what was dropped', async () => {
    const { reads } = slowReads();
    const subject = new Subject<number>();
    subject.pipe(scalars, dl.download(), take(1)).subscribe();
    const finished = [1, 2].map((x) => trackedEmission('spec', () => subject.next(x)));
    reads[0]!.resolve(new Float32Array([1]));
    reads[1]!.resolve(new Float32Array([2]));
    for (const each of finished) await each;
    expect(subject.observed).toBeFalse();
  });

  it('has types that follow containers', () => {
    const stream = of(
      {} as { loss: dl.Scalar; logits: dl.Tensor2D; list: dl.Scalar[]; name: string; any: dl.Tensor },
    );
    type Values = Float32Array | Int32Array | Uint8Array;
    const read: Observable<{
      loss: number;
      logits: Values;
      list: number[];
      name: string;
      any: number | Values;
    }> = stream.pipe(dl.download());
    // @ts-expect-error a matrix does not become a number
    const wrong: Observable<{ logits: number }> = stream.pipe(dl.download());
    expect([read, wrong].length).toBe(2);
  });
});
