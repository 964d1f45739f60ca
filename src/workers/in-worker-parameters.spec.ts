import * as dl from 'rxtensor';
import { firstValueFrom, lastValueFrom, of, Subject, tap } from 'rxjs';
import { far } from '../../test/support/far-side';
import { deferred } from '../../test/support/marbles';

describe('inWorker parameters', () => {
  it('are observables in the worker: the latest value at first, and each that follows', async () => {
    const rate$ = new Subject<number>();
    const seen: unknown[] = [];
    const done = deferred();
    const subscription = of(1)
      .pipe(far('rates', { parameters: { rate: rate$ } }))
      .subscribe((value) => {
        seen.push(value);
        if (seen.length === 1) rate$.next(0.25);
        else done.resolve();
      });
    // Before the worker hears: the latest is what counts.
    rate$.next(0.75);
    rate$.next(0.5);
    await done.promise;
    subscription.unsubscribe();
    expect(seen).toEqual([0.5, 0.25]);
    expect(rate$.observed).toBe(false);
  });

  it('may be plain values', async () => {
    expect(await firstValueFrom(of(1).pipe(far('rates', { parameters: { rate: 0.125 } })))).toBe(0.125);
  });

  it('are followed by an optimizer', async () => {
    const rate$ = new Subject<number>();
    const batch = dl.mapTensor(() => ({ x: dl.tensor1d([1, 2]), y: dl.tensor1d([3, 6]) }));
    const rates: number[] = [];
    const steps = dl
      .examples([1, 2, 3], { inFlight: 1 })
      .pipe(
        batch,
        far<object, { loss: dl.Scalar; rate: number }>('training', { parameters: { rate: rate$ } }),
      );
    const done = lastValueFrom(
      steps.pipe(
        tap(({ rate }) => {
          rates.push(rate);
          rate$.next(0.5 ** (rates.length + 4));
        }),
      ),
    );
    rate$.next(0.0625);
    await done;
    expect(rates).toEqual([0.0625, 0.03125, 0.015625]);
  });

  it('that fail end the stream with their error', async () => {
    const rate$ = new Subject<number>();
    const result = lastValueFrom(of(1).pipe(far('never', { parameters: { rate: rate$ } })));
    rate$.error(new RangeError('no rate'));
    await expectAsync(result).toBeRejectedWithError(RangeError, 'no rate');
  });

  it('that the page does not name are an error where they are asked for', async () => {
    const result = lastValueFrom(of(1).pipe(far('misspelled', { parameters: { rate: 1 } })));
    await expectAsync(result).toBeRejectedWithError(
      /serve: the page forwards no parameter 'rat'; wanted one of pipeline, backend, rate/,
    );
  });
});
